"""Addresses of emergency orders."""

from django.urls import path

from dispatch.views import modes

app_name = "modes"
urlpatterns = [
    path("", modes.mode_list, name="list"),
    path("order/", modes.order, name="order"),
    path("<int:pk>/renew/", modes.renew, name="renew"),
    path("<int:pk>/end/", modes.end, name="end"),
]

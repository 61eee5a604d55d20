"""Addresses of zone orders."""

from django.urls import path

from grids.views import zones

app_name = "zones"
urlpatterns = [
    path("", zones.zone_list, name="list"),
    path("choose/", zones.choose, name="choose"),
    path("order/", zones.order, name="order"),
    path("<int:pk>/", zones.zone, name="zone"),
    path("<int:pk>/end/", zones.end, name="end"),
]

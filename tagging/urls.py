from django.urls import path

from tagging import views

app_name = "tagging"
urlpatterns = [path("", views.model_card, name="card")]

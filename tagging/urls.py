from django.urls import path

from tagging import views

app_name = "tagging"
urlpatterns = [
    path("", views.model_card, name="card"),
    path("tables.xlsx", views.model_card_file, name="card_file"),
]

"""Addresses of the tree."""

from django.urls import path

from grids.views import absences, changes, pages, posts

app_name = "grids"
urlpatterns = [
    path("", pages.tree, name="tree"),
    path("streets/add/", changes.add_street, name="add_street"),
    path("posts/<int:pk>/absences/", absences.absences, name="absences"),
    path("posts/<int:pk>/absences/<int:absence>/cancel/", absences.cancel, name="cancel_absence"),
    path("<slug:code>/", pages.unit, name="unit"),
    path("<slug:code>/add/", changes.add, name="add"),
    path("<slug:code>/edit/", changes.edit, name="edit"),
    path("<slug:code>/move/", changes.move, name="move"),
    path("<slug:code>/retire/", changes.retire, name="retire"),
    path("<slug:code>/posts/give/", posts.give, name="give_post"),
    path("<slug:code>/posts/<int:pk>/end/", posts.end, name="end_post"),
]

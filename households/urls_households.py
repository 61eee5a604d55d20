"""Addresses of households and people: lists, pages, acts. None holds anything personal."""

from django.urls import path

from households.views import household, lists, resident, revealing

urlpatterns = [
    path("households/", lists.listing, name="list"),
    path("search/", lists.search, name="search"),
    path("found/", lists.found, name="found"),
    path("households/add/<slug:code>/", household.add, name="add"),
    path("households/<slug:code>/", household.household, name="household"),
    path("households/<slug:code>/history/", household.history, name="history"),
    path("households/<slug:code>/correct/", household.correct, name="correct"),
    path("households/<slug:code>/move/", household.move, name="move"),
    path("households/<slug:code>/split/", household.split, name="split"),
    path("households/<slug:code>/merge/", household.merge, name="merge"),
    path("households/<slug:code>/close/", household.close, name="close"),
    path("households/<slug:code>/people/add/", resident.add, name="add_resident"),
    path("households/<slug:code>/landlord/phone/", revealing.of_landlord, name="reveal_landlord"),
    path("residents/<int:pk>/", resident.resident, name="resident"),
    path("residents/<int:pk>/history/", resident.history, name="resident_history"),
    path("residents/<int:pk>/correct/", resident.correct, name="correct_resident"),
    path("residents/<int:pk>/move/", resident.move, name="move_resident"),
    path("residents/<int:pk>/move-out/", resident.move_out, name="move_out"),
    path("residents/<int:pk>/move-back/", resident.move_back, name="move_back"),
    path("residents/<int:pk>/tag/", resident.tag, name="tag"),
    path("residents/<int:pk>/tags/<int:tag_pk>/end/", resident.end_tag, name="end_tag"),
    path("residents/<int:pk>/reveal/<slug:what>/", revealing.of_resident, name="reveal"),
]

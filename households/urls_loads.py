"""Addresses of loading a register."""

from django.urls import path

from households.views import loads
from households.views.load import act, ask, look

urlpatterns = [
    path("", loads.loads, name="loads"),
    path("template/<slug:code>/", loads.load_template, name="load_template"),
    path("<uuid:key>/", look.load, name="load"),
    path("<uuid:key>/progress/", look.load_progress, name="load_progress"),
    path("<uuid:key>/rows/<slug:verdict>/", look.load_rows, name="load_rows"),
    path("<uuid:key>/errors/", look.load_errors, name="load_errors"),
    path("<uuid:key>/errors/link/", look.load_errors_link, name="load_errors_link"),
    path("<uuid:key>/columns/", ask.load_columns, name="load_columns"),
    path("<uuid:key>/places/", ask.load_places, name="load_places"),
    path("<uuid:key>/decide/", ask.load_decide, name="load_decide"),
    path("<uuid:key>/apply/", act.load_apply, name="load_apply"),
    path("<uuid:key>/undo/", act.load_undo, name="load_undo"),
    path("<uuid:key>/retry/", act.load_retry, name="load_retry"),
    path("<uuid:key>/discard/", act.load_discard, name="load_discard"),
]

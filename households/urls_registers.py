"""Addresses of the four registers, of what leaves them as files, of the figures and of the quality of the data."""

from django.urls import path

from households.views import assets, exporting, quality, registers, sheets

ORGANISATIONS = {"register": "organisations"}
RESOURCES = {"register": "resources"}
urlpatterns = [
    path("ledgers/", registers.overview, name="registers"),
    path("ledgers/<slug:register>/", registers.listing, name="register"),
    path("organisations/add/", assets.add, ORGANISATIONS, name="add_organisation"),
    path("organisations/<int:pk>/", assets.edit, ORGANISATIONS, name="organisation"),
    path("organisations/<int:pk>/close/", assets.end, ORGANISATIONS, name="close_organisation"),
    path("resources/add/", assets.add, RESOURCES, name="add_resource"),
    path("resources/<int:pk>/", assets.edit, RESOURCES, name="resource"),
    path("resources/<int:pk>/withdraw/", assets.end, RESOURCES, name="withdraw_resource"),
    path("exports/", exporting.exports, name="exports"),
    path("exports/ask/", exporting.ask, name="ask_export"),
    path("exports/<uuid:key>/", exporting.export, name="export"),
    path("exports/<uuid:key>/file/", exporting.download, name="export_file"),
    path("quality/", quality.quality, name="quality"),
    path("quality/<slug:problem>/", quality.problem, name="quality_problem"),
    path("sheets/<slug:code>/", sheets.sheet, name="sheet"),
]

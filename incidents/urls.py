"""Addresses of reporting and acting. Those of the list and of one incident's page, which show clocks, are added above
(`dispatch.urls_incidents`): one namespace `incidents`, made of two apps.
"""

from django.urls import path, register_converter

from incidents.views.acts import act
from incidents.views.attachments import attachment, photos, thumb
from incidents.views.door import at_unit
from incidents.views.report import places, report
from incidents.views.report_alike import alike


class NumberConverter:
    """An incident's number as it stands in addresses: `20261122-330206003-0042`."""

    regex = r"\d{8}-\d{6,24}-\d{4,8}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")

urlpatterns = [
    path("report/", report, name="report"),
    path("report/places/", places, name="places"),
    path("report/alike/", alike, name="alike"),
    path("photos/", photos, name="photos"),
    path("files/<int:pk>/", attachment, name="attachment"),
    path("files/<int:pk>/small/", thumb, name="thumb"),
    path("at/<slug:code>/", at_unit, name="at_unit"),
    path("<number:number>/<slug:slug>/", act, name="act"),
]

"""Everything under `/incidents/`, one namespace made of two apps: imports run downward, and an incident shows its
clocks. So the list and the page stand here, reporting and acting in `incidents.urls`.
"""

from django.urls import path

from dispatch.views.incident import incident, incident_sheet
from dispatch.views.incident_list import incident_list
from incidents.urls import urlpatterns as below

app_name = "incidents"
urlpatterns = [
    path("", incident_list, name="list"),
    path("<number:number>/", incident, name="incident"),
    path("<number:number>/sheet/", incident_sheet, name="sheet"),
    *below,
]

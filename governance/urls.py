"""Addresses of the whole product. `/healthz` is answered earlier, by `governance.health`."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import choose_language, inbox
from governance.gallery import gallery
from governance.health_page import health_page
from governance.home import home, places
from governance.webapp import manifest, offline, ready, service_worker
from households.views.own_area import own_area

urlpatterns = [
    path("", home, name="home"),
    path("more/", places, name="places"),
    path("health/", health_page, name="health"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("sw.js", service_worker, name="service_worker"),
    path("offline/", offline, name="offline"),
    path("offline/ready/", ready, name="offline_ready"),
    path("area/", own_area, name="area"),
    path("inbox/", inbox, name="inbox"),
    path("", include("public.urls")),
    path("", include("dispatch.urls")),
    path("incidents/", include("dispatch.urls_incidents")),
    path("tagger/", include("tagging.urls")),
    path("units/", include("grids.urls")),
    path("modes/", include("dispatch.urls_modes")),
    path("zones/", include("grids.urls_zones")),
    path("register/", include("households.urls")),
    path("access-log/", include("households.urls_auditing")),
    path("accounts/", include("accounts.urls")),
    path("api/v1/", include("governance.api")),
    path("admin/gallery/", gallery, name="gallery"),
    path("admin/", admin.site.urls),
    path("language/", choose_language, name="set_language"),
]

handler400 = "governance.errors.bad_request"
handler403 = "governance.errors.forbidden"
handler404 = "governance.errors.not_found"
handler500 = "governance.errors.server_error"

"""Addresses of the access log."""

from django.urls import path

from households.views import auditing

app_name = "auditing"
urlpatterns = [
    path("", auditing.access_log, name="log"),
    path("file/", auditing.access_log_file, name="file"),
]

"""Addresses of the four registers."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []

"""Addresses below `/queue/`, in the namespace of `dispatch.urls`."""

from django.urls import path

from dispatch.views import queue, queue_filters, queue_together

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("news/", queue.queue_news, name="queue_news"),
    path("together/", queue_together.together, name="queue_together"),
    path("merge/", queue_together.merge_selected, name="queue_merge"),
    path("filters/", queue_filters.filters, name="queue_filters"),
    path("filters/keep/", queue_filters.filter_keep, name="queue_filter_keep"),
    path("filters/<int:pk>/rename/", queue_filters.filter_rename, name="queue_filter_rename"),
    path("filters/<int:pk>/delete/", queue_filters.filter_delete, name="queue_filter_delete"),
    path("<slug:number>/panel/", queue.queue_panel, name="queue_panel"),
]

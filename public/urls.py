"""Addresses: short where they stand on paper."""

from django.urls import path

from public.views import codes, elder, feedback, phone, progress, report, waiting

app_name = "public"
urlpatterns = [
    path("q/", report.door, name="door"),
    path("q/<str:code>/", report.report, name="report"),
    path("r/", progress.track, name="track"),
    path("r/<str:link>/", progress.progress, name="progress"),
    path("r/<str:link>/add/", progress.add, name="add"),
    path("r/<str:link>/rate/", progress.rate, name="rate"),
    path("r/<str:link>/again/", progress.open_again, name="open_again"),
    path("elder/", elder.elder, name="elder"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/<str:link>/", feedback.feedback_sent, name="feedback_sent"),
    path("place-codes/", codes.communities, name="communities"),
    path("place-codes/<slug:code>/", codes.sheets, name="sheets"),
    path("place-codes/<slug:code>/give/", codes.give, name="give"),
    path("place-codes/<slug:code>/renew/", codes.renew, name="renew"),
    path("place-codes/<slug:code>/withdraw/", codes.withdraw, name="withdraw"),
    path("residents-reports/", waiting.waiting, name="waiting"),
    path("residents-reports/<slug:number>/phone/", phone.phone, name="phone"),
]

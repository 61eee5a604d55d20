"""Words about the product itself: for everybody, with an account or without."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.errors import Refused
from accounts.models import User
from public import throttle
from public.feedback import give_feedback
from public.forms import FeedbackForm
from public.links import digest
from public.models import Feedback
from public.views.guard import for_everybody, is_attacked, note_sent, refuse, show


@for_everybody()
def feedback(request: HttpRequest) -> HttpResponse:
    """`/feedback/`: the form; sent twice it is kept once."""
    if request.method != "POST":
        return _page(request, FeedbackForm(is_attacked=is_attacked(request, "feedback")))
    if throttle.SENT_FAR_TOO_OFTEN.is_over(throttle.address_of(request)):
        return refuse(request, "too_often", status=429)
    form = FeedbackForm(request.POST, is_attacked=is_attacked(request, "feedback"))
    if form.is_valid() and (sent := _send(request, form)):
        note_sent(request, "feedback")
        return redirect(sent.path)
    if form.is_caught:
        note_sent(request, "feedback")
    return _page(request, form, status=422)


@for_everybody()
def feedback_sent(request: HttpRequest, link: str) -> HttpResponse:
    """What was said, and the answer once there is one."""
    if throttle.CODE_MISSED.is_over(throttle.address_of(request)):
        return refuse(request, "too_often", status=429)
    row = Feedback.objects.filter(link_digest=digest(link)).first()
    if row is None:
        throttle.CODE_MISSED.count(throttle.address_of(request))
        return _page(request, FeedbackForm(is_attacked=is_attacked(request, "feedback")), status=404)
    return show(request, "public/feedback_sent.html", {"row": row})


def _send(request: HttpRequest, form: FeedbackForm) -> Feedback | None:
    data = form.cleaned_data
    by = request.user if isinstance(request.user, User) else None
    try:
        return give_feedback(kind=data["kind"], text=data["text"], by=by, client_uuid=data["client_uuid"])
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None


def _page(request: HttpRequest, form: FeedbackForm, status: int = 200) -> HttpResponse:
    if form.is_attacked:
        form.ask_sum()
    return show(request, "public/feedback.html", {"form": form}, status=status)

"""Who is away and who stands in: for one's own posts, and for those that one manages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

import clock
from accounts.errors import Forbidden, Refused
from accounts.kept_forms import keeps_form
from accounts.models import User
from accounts.requests import UserRequest
from grids import absences as services
from grids.models import Absence, Post
from grids.views.changes import bound, carried_out

_DATE = {"type": "date"}


class _PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class AbsenceForm(forms.Form):
    """From when to when somebody is away, and who stands in."""

    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    stand_in = _PersonField(
        User.objects.none(),
        label=gettext_lazy("Stand-in"),
        required=False,
        empty_label=gettext_lazy("nobody"),
        help_text=gettext_lazy("Is told in place of the holder in these days. The rights of the post don't pass."),
    )

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stand_in"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = services.stand_ins_for(post, clock.today())


@keeps_form
@require_http_methods(["GET", "POST"])
def absences(request: UserRequest, pk: int) -> HttpResponse:
    """What is noted for a post, and a form for more."""
    post, today = _post_or_404(request.user, pk), clock.today()
    form = bound(request, AbsenceForm, post=post)
    form.fields["starts_on"].initial = form.fields["ends_on"].initial = today

    def act(form: AbsenceForm) -> Absence:
        return services.report_absence(post, actor=request.user, **form.cleaned_data)

    if made := carried_out(form, act):
        messages.success(request, _("Noted: away until %(day)s.") % {"day": made.ends_on})
        return redirect("grids:absences", post.pk)
    context = {
        "post": post,
        "form": form,
        "absences": services.absences_of([post], today).get(post.pk, []),
        "is_own": post.user_id == request.user.pk,
    }
    return render(request, "grids/absences.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def cancel(request: UserRequest, pk: int, absence: int) -> HttpResponse:
    """The holder is back, or doesn't go."""
    post = _post_or_404(request.user, pk)
    try:
        services.cancel_absence(get_object_or_404(Absence, pk=absence, post=post), actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Cancelled: the holder of the post is reached again."))
    return redirect("grids:absences", post.pk)


def _post_or_404(user: User, pk: int) -> Post:
    """A post whose absences the user may note. Another one and a missing one answer alike."""
    related = ("user", "role", "unit", "department__street", "district")
    post = Post.objects.select_related(*related).filter(pk=pk).first()
    if post is None:
        raise Http404
    try:
        services.check_right(post, user)
    except Forbidden as refusal:
        raise Http404 from refusal
    return post

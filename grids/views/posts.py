"""Who serves a unit: giving posts and ending them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.kept_forms import keeps_form
from accounts.requests import UserRequest
from grids.forms import EndPostForm, GivePostForm
from grids.models import Ability, Post
from grids.staffing import end_post, give_post
from grids.views.access import unit_for
from grids.views.changes import bound, carried_out, page


@keeps_form
@require_http_methods(["GET", "POST"])
def give(request: UserRequest, code: str) -> HttpResponse:
    """A post at this unit for somebody."""
    unit = unit_for(request.user, code, Ability.MANAGE_POSTS)
    form = bound(request, GivePostForm)
    form.fields["starts_on"].initial = clock.today()

    def act(form: GivePostForm) -> Post:
        return give_post(place=unit, actor=request.user, **form.cleaned_data)

    if post := carried_out(form, act):
        messages.success(request, _("%(person)s: %(post)s.") % {"person": post.user.name, "post": post})
        return redirect("grids:unit", code=unit.code)
    return page(request, "grids/change.html", form, unit, {"heading": _("Give a post"), "act": _("Give the post")})


@keeps_form
@require_http_methods(["GET", "POST"])
def end(request: UserRequest, code: str, pk: int) -> HttpResponse:
    """The last day of a post at this unit."""
    unit = unit_for(request.user, code, Ability.MANAGE_POSTS)
    post = Post.objects.filter(unit=unit, pk=pk).select_related("user", "role", "unit").first()
    if post is None:
        raise Http404
    form = bound(request, EndPostForm)
    form.fields["last_day"].initial = clock.today()

    def act(form: EndPostForm) -> Post:
        return end_post(post, last_day=form.cleaned_data["last_day"], actor=request.user)

    if carried_out(form, act):
        messages.success(request, _("The post of %(person)s ends.") % {"person": post.user.name})
        return redirect("grids:unit", code=unit.code)
    heading = _("End the post of %(person)s (%(role)s)") % {"person": post.user.name, "role": post.role}
    return page(request, "grids/change.html", form, unit, {"heading": heading, "act": _("End the post")})

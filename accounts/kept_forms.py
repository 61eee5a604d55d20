"""What somebody typed survives the end of their session.

A shift's session ends while a report is being written. The form then arrives from nobody: its fields are laid into the
new, still anonymous session, the user logs in, and the page comes back filled in. Only the owner gets them back: on a
shared phone, who logs in next may be somebody else. The session holds them sealed, for they may be about residents.
Files are not kept, nor is anything larger than a long form.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _

from accounts.sealing import seal, unseal

MOST_CHARACTERS: Final = 20_000
OWNER_FIELD: Final = "form_owner"
"""The hidden field in which a form says whose it is (`templates/components/_form_owner.html`)."""
_SESSION_KEY: Final = "kept_form"

View = Callable[..., HttpResponseBase]


def keeps_form(view: View) -> View:
    """Like `login_required`, for pages with a form: what is sent without a login is kept until there is one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request)
        return redirect_to_login(request.get_full_path())

    return guarded


def keep_own_form(request: HttpRequest) -> bool:
    """Keep a form that was refused for an old token, as when its owner has logged in again in another window.

    False when it isn't the user's own form. A form of another site never gets here: its browser sends no session along.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or request.POST.get(OWNER_FIELD) != str(user.pk):
        return False
    return _keep(request)


def take_kept_form(request: HttpRequest) -> QueryDict | None:
    """The fields that the user sent to this address before logging in again, once; None when there are none.

    Says so in a message, because the form looks as if it had never been sent.
    """
    kept = request.session.get(_SESSION_KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[_SESSION_KEY]
    if kept["owner"] != str(request.user.pk):
        return None
    fields = QueryDict(mutable=True)
    for name, values in json.loads(unseal(kept["fields"])).items():
        fields.setlist(name, values)
    said = _("Your login had expired. What you typed is kept: please send it again.")
    if kept["had_files"]:
        said += " " + _("Files have to be chosen again.")
    messages.warning(request, said)
    return fields


def _keep(request: HttpRequest) -> bool:
    """Lay the form into the session; False when it is nobody's or too long to keep."""
    owner = request.POST.get(OWNER_FIELD)
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    if not owner or sum(len(value) for values in fields.values() for value in values) > MOST_CHARACTERS:
        return False
    request.session[_SESSION_KEY] = {
        "path": request.path,
        "owner": owner,
        "fields": seal(json.dumps(fields)),
        "had_files": any(file.size for name in request.FILES for file in request.FILES.getlist(name)),
    }
    return True

"""What opens the configuration pages: the posts that a user holds today, as everywhere else. No flag on the account."""

from typing import Any, Final

from django.contrib.auth.backends import BaseBackend

from accounts.models import User
from grids.models import Ability
from grids.posts import abilities_of

KEPT: Final = {
    "accounts.user": Ability.CONFIGURE,
    "grids.role": Ability.CONFIGURE,
    "grids.department": Ability.CONFIGURE,
    "grids.sizingrule": Ability.CONFIGURE,
    "grids.post": Ability.MANAGE_POSTS,
    "households.tagkind": Ability.CONFIGURE,
    "incidents.category": Ability.CONFIGURE,
    "tagging.word": Ability.CONFIGURE,
    "dispatch.limitrule": Ability.CONFIGURE,
    "dispatch.ladderrung": Ability.CONFIGURE,
    "dispatch.dispatchrule": Ability.CONFIGURE,
    "dispatch.workinghours": Ability.CONFIGURE,
    "dispatch.calendarday": Ability.CONFIGURE,
    "dispatch.channel": Ability.CONFIGURE,
    "dispatch.supervisiontype": Ability.CONFIGURE,
    "public.consent": Ability.CONFIGURE,
    "public.feedback": Ability.CONFIGURE,
}
"""What is kept in the configuration, and the ability that lets one change it."""
LOADED: Final = {
    "grids.unit": Ability.MANAGE_TREE,
    "households.organisation": Ability.LOAD_REGISTER,
    "households.resource": Ability.LOAD_REGISTER,
    "households.resident": Ability.LOAD_REGISTER,
}
"""What comes in there as whole files, and the ability that lets one send them. Nobody else sees the registers there."""
READ: Final = frozenset(
    {
        "admin.logentry",
        "dispatch.dayclose",
        "dispatch.deadline",
        "dispatch.digestrun",
        "dispatch.outboxmessage",
        "grids.district",
        "grids.unit",
        "grids.unitchange",
        "incidents.incident",
        "incidents.statuschange",
    }
)
"""What is only read there: how the product works, without what residents told it. Registers are not among it."""
READERS: Final = frozenset({Ability.CONFIGURE, Ability.AUDIT})


class PostBackend(BaseBackend):
    """Grants Django's model permissions by abilities. It logs nobody in."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        app, _dot, codename = perm.partition(".")
        act, _underscore, model = codename.partition("_")
        subject = f"{app}.{model}"
        if not isinstance(user_obj, User):
            return False
        abilities = abilities_of(user_obj)
        if act in ("view", "change") and LOADED.get(subject) in abilities:
            return True
        if not READERS & abilities:
            return False
        return subject in READ | KEPT.keys() if act == "view" else KEPT.get(subject) in abilities

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        subjects = READ | KEPT.keys() | LOADED.keys()
        return any(subject.startswith(f"{app_label}.") for subject in subjects) and may_enter(user_obj)


def may_enter(user: Any) -> bool:
    """True for who has something to read or change in the configuration."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or bool((READERS | {Ability.LOAD_REGISTER}) & abilities_of(user))

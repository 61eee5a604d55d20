"""The acts on accounts: the only code that writes them. Page, configuration and seed call these."""

import logging

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Language, Theme, User

logger = logging.getLogger(__name__)


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str,
    actor: User | None,
    phone: str = "",
    language: str = Language.CHINESE,
) -> User:
    """Make an account with a first password, which its owner must change at the first log-in.

    Raises `ValidationError` by field: a name that is taken, a password that is too weak.
    """
    user = User(username=User.normalize_username(username), name=name, phone=phone, language=language)
    user.set_password(password)
    user.full_clean()
    check_password(password, user)
    user.save()
    logger.info("account %s made by %s", user.pk, actor.pk if actor else "the system")
    return user


@transaction.atomic
def reset_password(user: User, *, password: str, actor: User | None) -> User:
    """Give an account a new first password: it must be changed again, and the account is unlocked.

    Every session of the account ends with the old password. Raises `ValidationError` beside `password`.
    """
    if actor is not None and actor.pk == user.pk:
        raise ValidationError({"password": _("Change your own password on your profile page.")})
    check_password(password, user)
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    unlock(user)
    logger.info("first password of account %s set by %s", user.pk, actor.pk if actor else "the system")
    return user


def unlock(user: User) -> None:
    """Open an account again that wrong passwords have locked."""
    forget_failures(username=user.get_username())


def change_own_password(user: User, *, password: str) -> User:
    """The user chooses a password; from then on every page opens. Raises `ValidationError` beside `password`.

    Other sessions of the account end; the caller keeps its own with `update_session_auth_hash`.
    """
    check_password(password, user)
    if user.check_password(password):
        raise ValidationError({"password": _("This is the password that you have now. Choose another.")})
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    return user


def update_profile(
    user: User, *, language: str | None = None, theme: str | None = None, large_type: bool | None = None
) -> User:
    """How pages look for this user, on every machine; the rest stays. `ValueError`: no such language or theme."""
    chosen = {
        "language": None if language is None else Language(language),
        "theme": None if theme is None else Theme(theme),
        "large_type": large_type,
    }
    changes = {name: value for name, value in chosen.items() if value is not None}
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=changes)
    return user


def check_password(password: str, user: User) -> None:
    """Raise `ValidationError` beside `password` unless the rules for passwords accept it for this user."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.error_list}) from error

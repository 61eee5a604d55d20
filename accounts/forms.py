"""What people type about their own account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import Language, Theme, User


class LoginForm(AuthenticationForm):
    """Account and password. A wrong one of the two is not told apart, so that nobody can ask which accounts exist."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("Account or password is wrong. Check both; capital and small letters differ."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Account")
        self.fields["username"].error_messages["required"] = _("Type your account.")
        self.fields["password"].error_messages["required"] = _("Type your password.")
        self.fields["username"].widget.attrs["autocapitalize"] = "none"


class OwnPasswordForm(PasswordChangeForm):
    """The current password and the new one, twice."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("The current password is wrong. Type it again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Current password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least ten characters. Not only digits, no common password, nothing like your name, account or phone."
        )
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        new = cleaned.get("new_password1")
        if new and new == cleaned.get("old_password"):
            self.add_error("new_password1", _("This is the password that you have now. Choose another."))
        return cleaned

    def save(self, commit: bool = True) -> User:
        user: User = self.user
        return services.change_own_password(user, password=self.cleaned_data["new_password1"])


class ProfileForm(forms.Form):
    """How pages look for one user."""

    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=forms.RadioSelect)
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=Theme.choices,
        widget=forms.RadioSelect,
        help_text=_("As the device: dark where the phone or the computer is set to dark."),
    )
    large_type = forms.BooleanField(
        label=_("Large type"),
        required=False,
        help_text=_("Larger letters and larger buttons on every page."),
        widget=forms.CheckboxInput(attrs={"class": "switch"}),
    )


def _first_password() -> forms.CharField:
    return forms.CharField(
        label=_("First password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters, not only digits. Its owner must change it at the first log-in."),
    )


class NewUserForm(forms.ModelForm):
    """A new account with its first password, as an administrator fills it in."""

    password = _first_password()

    class Meta:
        model = User
        fields = ["username", "name", "phone", "language"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                services.check_password(password, User(**{name: cleaned.get(name, "") for name in self.Meta.fields}))
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


class FirstPasswordForm(forms.Form):
    """A new first password for somebody who forgot theirs."""

    password = _first_password()

    def __init__(self, *args: Any, user: User, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.actor = user, actor

    def save(self) -> bool:
        """Set it; False, with the reason beside the field, when it is refused."""
        try:
            services.reset_password(self.user, password=self.cleaned_data["password"], actor=self.actor)
        except ValidationError as error:
            self.add_error(None, error)
        return self.is_valid()

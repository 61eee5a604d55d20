"""What people type to change the tree and its posts. The rules are the services'; here are labels and choices."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from grids.models import Form, Kind, Post, Role, Unit, Use
from grids.rules import CHILD_KINDS, FORMS, KINDS_WITH_USE, NAME_LENGTH, REASON_LENGTH
from grids.selectors import destinations, siblings


class TextField(forms.CharField):
    """Text that reaches the service as it was typed: the rules trim it and say what is wrong with it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.validators = []  # Django's own would refuse a NUL in words of its own before the rules see it


def _reason() -> TextField:
    return TextField(
        label=_("Reason"),
        help_text=_("Kept in the history of the unit."),
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": REASON_LENGTH}),
    )


def _choices(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


def _rows(form: forms.Form, name: str) -> forms.ModelChoiceField:
    return cast(forms.ModelChoiceField, form.fields[name])


class FactsForm(forms.Form):
    """Name, form and use of a unit of the kinds given: fields that don't concern them are left out."""

    name = TextField(
        label=pgettext_lazy("of a unit", "Name"),
        widget=forms.TextInput(attrs={"data-limit": NAME_LENGTH, "autocomplete": "off"}),
    )
    form = forms.ChoiceField(label=_("Form"), required=False)
    use = forms.ChoiceField(label=_("Use"), choices=Use, initial=Use.RESIDENTIAL, widget=forms.RadioSelect)
    responsible_org = TextField(
        label=_("Responsible organisation"),
        required=False,
        help_text=_("A dedicated grid names the school, hospital or company that is responsible for it."),
    )
    reason = _reason()

    def __init__(self, *args: Any, kinds: tuple[Kind, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms_allowed = [form for kind in kinds for form in FORMS.get(kind, ())]
        _choices(self, "form").choices = [("", _("not said")), *((form, Form(form).label) for form in forms_allowed)]
        if not forms_allowed:
            del self.fields["form"]
        if not set(kinds) & set(KINDS_WITH_USE):
            del self.fields["use"], self.fields["responsible_org"]

    def facts(self) -> dict[str, Any]:
        """What was typed, for the service; fields that are left out keep their present or default value."""
        names = ("name", "form", "use", "responsible_org")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class AddStreetForm(forms.Form):
    """A new street of the district."""

    name = TextField(label=pgettext_lazy("of a unit", "Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    code = TextField(
        label=_("Statistical code"),
        required=False,
        help_text=_("Nine digits, if the statistical list has this sub-district. Otherwise leave it empty."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    reason = _reason()


class AddForm(FactsForm):
    """A new unit below `parent`."""

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    code = TextField(
        label=_("Statistical code"),
        required=False,
        help_text=_("Twelve digits, if the statistical list has this community. Otherwise leave it empty."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("kind", "name", "form", "use", "responsible_org", "code", "reason")

    def __init__(self, *args: Any, parent: Unit, **kwargs: Any) -> None:
        kinds = CHILD_KINDS[parent.kind]
        super().__init__(*args, kinds=kinds, **kwargs)
        _choices(self, "kind").choices = [(kind, kind.label) for kind in kinds]
        self.fields["kind"].initial = kinds[0] if kinds else None
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
        if Kind.COMMUNITY not in kinds:
            del self.fields["code"]

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"kind": self.cleaned_data["kind"], "code": self.cleaned_data.get("code", "").strip()}


class EditForm(FactsForm):
    """The present facts of a unit, to be changed."""

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        present = {"name": unit.name, "form": unit.form, "use": unit.use, "responsible_org": unit.responsible_org}
        kwargs["initial"] = present | (kwargs.get("initial") or {})
        super().__init__(*args, kinds=(Kind(unit.kind),), **kwargs)


class _PlaceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.full_name} · {obj.code}"


class MoveForm(forms.Form):
    """Another parent for a unit, among those that the user may choose."""

    parent = _PlaceField(Unit.objects.none(), label=_("New place"), empty_label=_("choose"))
    reason = _reason()

    def __init__(self, *args: Any, unit: Unit, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _rows(self, "parent").queryset = destinations(unit, user)


class RetireForm(forms.Form):
    """Why a unit ends, and what follows it."""

    successors = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Followed by"),
        required=False,
        help_text=_("Units that take over from here, so that old figures can be traced. Optional."),
    )
    reason = _reason()

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _rows(self, "successors").queryset = siblings(unit)


class _PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} ({obj.username})"


_DATE = {"type": "date"}


class GivePostForm(forms.Form):
    """Who serves a unit, in which role, from when to when."""

    user = _PersonField(User.objects.none(), label=_("Person"), empty_label=_("choose"))
    role = forms.ModelChoiceField(Role.objects.none(), label=_("Role"), empty_label=_("choose"))
    employment = forms.ChoiceField(label=_("Employment"), choices=Post.Employment, initial=Post.Employment.FULL_TIME)
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: until further notice."),
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _rows(self, "user").queryset = User.objects.filter(is_active=True).order_by("name", "username")
        _rows(self, "role").queryset = Role.objects.all()


class EndPostForm(forms.Form):
    """The last day of a post."""

    last_day = forms.DateField(
        label=_("Last day"),
        help_text=_("Yesterday ends the rights at once."),
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
    )

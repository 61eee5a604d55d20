"""Passwords: the first one must go, and one's own is chosen."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import User
from tests.accounts.conftest import PASSWORD

PASSWORD_PAGE = reverse("accounts:password")
NEW = "rain-over-the-harbour"


def choose(client: Client, old: str = PASSWORD, new: str = NEW, again: str | None = None):
    return client.post(
        PASSWORD_PAGE, {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    )


@pytest.mark.parametrize("path", ["/", reverse("accounts:profile"), "/admin/", "/no-such-page/"])
def test_a_first_password_opens_no_page_but_its_own(client: Client, newcomer: User, path: str) -> None:
    client.force_login(newcomer)
    response = client.get(path)
    assert (response.status_code, response.headers.get("Location")) == (302, PASSWORD_PAGE)


def test_a_first_password_sends_nothing_either(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)
    response = client.post(reverse("accounts:profile"), {"language": "en"})
    assert response.headers["Location"] == PASSWORD_PAGE
    newcomer.refresh_from_db()
    assert newcomer.language == "zh-hans"


def test_a_fragment_leads_the_whole_page_to_the_password(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)
    assert client.get("/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == PASSWORD_PAGE


def test_a_program_is_told_instead_of_led(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)
    response = client.get("/api/v1/incidents/")
    assert response.status_code == 403
    assert response.json()["code"] == "first_password"


def test_with_a_first_password_one_can_still_log_out_and_choose_a_language(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)
    assert client.post(reverse("set_language"), {"language": "en"}).status_code == 302
    assert client.get(PASSWORD_PAGE).status_code == 200
    assert client.post(reverse("accounts:logout")).headers["Location"] == reverse("accounts:logged_out")


def test_choosing_a_password_opens_every_page_and_keeps_the_session(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)
    assert choose(client).headers["Location"] == reverse("home")
    assert client.get(reverse("accounts:profile")).status_code == 200
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)
    assert not newcomer.must_change_password


def test_choosing_a_password_ends_the_other_sessions(client: Client, lin: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(lin)
    client.force_login(lin)
    choose(client)
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"old": "not-the-password"}, "old_password"),
        ({"new": PASSWORD}, "new_password1"),
        ({"new": "short"}, "new_password2"),
        ({"new": "20261122330206"}, "new_password2"),
        ({"again": "rain-over-the-harbor"}, "new_password2"),
    ],
)
def test_a_password_that_does_not_do_is_refused_beside_its_field(
    client: Client, newcomer: User, typed: dict[str, str], field: str
) -> None:
    client.force_login(newcomer)
    response = choose(client, **typed)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_a_new_account_has_a_password_that_must_go(db: None) -> None:
    user = services.create_user(username="wang", name="王芳", password=PASSWORD, actor=None)
    assert user.must_change_password
    assert not user.is_staff
    assert not user.is_superuser


def test_a_weak_first_password_or_a_taken_name_is_refused(lin: User) -> None:
    with pytest.raises(ValidationError) as weak:
        services.create_user(username="wang", name="王芳", password="123456", actor=lin)
    assert list(weak.value.message_dict) == ["password"]
    with pytest.raises(ValidationError) as taken:
        services.create_user(username="lin", name="林林", password=PASSWORD, actor=lin)
    assert list(taken.value.message_dict) == ["username"]


def test_a_reset_password_must_be_changed_again_and_ends_the_sessions(
    client: Client, lin: User, newcomer: User
) -> None:
    client.force_login(lin)
    services.reset_password(lin, password=NEW, actor=newcomer)
    lin.refresh_from_db()
    assert lin.must_change_password
    assert client.get(reverse("accounts:profile")).headers["Location"].startswith(reverse("accounts:login"))


def test_nobody_resets_the_own_password_around_the_present_one(lin: User) -> None:
    with pytest.raises(ValidationError):
        services.reset_password(lin, password=NEW, actor=lin)

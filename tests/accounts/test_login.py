"""Logging in, being locked out, logging out."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import User
from tests.accounts.conftest import PASSWORD

LOGIN = reverse("accounts:login")
PROFILE = reverse("accounts:profile")


def log_in(client: Client, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"username": "lin", "password": password, **more})


def fail(client: Client, times: int) -> list[int]:
    return [log_in(client, "not-the-password").status_code for _ in range(times)]


def test_the_right_password_leads_home(client: Client, lin: User) -> None:
    response = log_in(client)
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("home")


def test_the_page_is_chinese_first_and_english_on_demand(client: Client, db: None) -> None:
    assert '<html lang="zh-Hans"' in client.get(LOGIN).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": LOGIN})
    assert '<html lang="en"' in client.get(LOGIN).content.decode()


def test_log_in_leads_to_where_the_user_wanted_to_go(client: Client, lin: User) -> None:
    wanted = client.get(PROFILE)
    assert wanted.headers["Location"] == f"{LOGIN}?next={PROFILE}"
    assert log_in(client, next=PROFILE).headers["Location"] == PROFILE


def test_what_is_wrong_is_said_once_and_nothing_of_kept_input(client: Client, lin: User) -> None:
    client.post(reverse("set_language"), {"language": "en", "next": LOGIN})
    lacking = client.post(LOGIN, {"username": "", "password": ""}).content.decode()
    wrong = log_in(client, "not-the-password").content.decode()
    assert lacking.count("Type your account.") == lacking.count("Type your password.") == 1
    assert wrong.count("Account or password is wrong.") == 1
    assert "What you typed is kept" not in lacking + wrong


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)", "\\\\example.com"]
)
def test_log_in_never_leads_to_another_site(client: Client, lin: User, elsewhere: str) -> None:
    assert log_in(client, next=elsewhere).headers["Location"] == reverse("home")


@pytest.mark.parametrize(("username", "password"), [("lin", "not-the-password"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    client: Client, lin: User, username: str, password: str
) -> None:
    response = client.post(LOGIN, {"username": username, "password": password})
    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == ["账号或密码不对。请核对，注意大小写。"]


def test_somebody_who_left_cannot_log_in(client: Client, lin: User) -> None:
    lin.is_active = False
    lin.save()
    assert log_in(client).status_code == 200


def test_the_fifth_wrong_password_locks_the_account(client: Client, lin: User) -> None:
    assert fail(client, 5) == [200, 200, 200, 200, 429]


def test_the_right_password_does_not_open_a_locked_account(client: Client, lin: User) -> None:
    fail(client, 5)
    response = log_in(client)
    assert response.status_code == 429
    assert "accounts/lockout.html" in [template.name for template in response.templates]
    assert "_auth_user_id" not in client.session


def test_a_lock_counts_for_the_account_from_every_machine_and_for_no_other(lin: User, newcomer: User) -> None:
    fail(Client(REMOTE_ADDR="192.0.2.1"), 5)
    elsewhere = Client(REMOTE_ADDR="192.0.2.2")
    assert log_in(elsewhere).status_code == 429
    response = elsewhere.post(LOGIN, {"username": newcomer.username, "password": PASSWORD})
    assert response.status_code == 302


def test_a_locked_account_opens_after_a_quarter_of_an_hour_though_somebody_kept_trying(
    client: Client, lin: User
) -> None:
    fail(client, 7)
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= timedelta(minutes=16)
        attempt.save()
    assert log_in(client).status_code == 302


def test_wrong_passwords_before_the_right_one_are_forgotten(client: Client, lin: User) -> None:
    fail(client, 4)
    assert log_in(client).status_code == 302
    client.logout()
    assert fail(client, 4) == [200] * 4


def test_a_new_first_password_unlocks_the_account(client: Client, lin: User) -> None:
    fail(client, 5)
    services.reset_password(lin, password="another-first-one", actor=None)
    assert log_in(client, "another-first-one").status_code == 302


def test_log_out_ends_the_session(client: Client, lin: User) -> None:
    client.force_login(lin)
    assert client.get(reverse("accounts:logout")).status_code == 405
    response = client.post(reverse("accounts:logout"), follow=True)
    assert response.redirect_chain == [(reverse("accounts:logged_out"), 302)]
    assert client.get(PROFILE).status_code == 302


def test_a_session_lasts_from_its_last_use(client: Client, lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(lin)
    monkeypatch.setattr("accounts.middleware.time.time", lambda: 1_800_000_000)
    assert client.get(PROFILE).cookies.get("sessionid") is not None
    monkeypatch.setattr("accounts.middleware.time.time", lambda: 1_800_000_060)
    assert client.get(PROFILE).cookies.get("sessionid") is None  # a minute later: nothing written
    monkeypatch.setattr("accounts.middleware.time.time", lambda: 1_800_000_301)
    assert client.get(PROFILE).cookies.get("sessionid") is not None


def test_a_fragment_leads_the_whole_page_to_the_log_in_and_back(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/incidents/?page=2#row"}
    response = client.get(PROFILE, headers=headers)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == f"{LOGIN}?next=/incidents/%3Fpage%3D2"

"""How pages look for one user."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User

PROFILE = reverse("accounts:profile")


@pytest.fixture
def page(client: Client, lin: User) -> Client:
    client.force_login(lin)
    return client


def test_the_language_counts_from_the_next_page_on(page: Client, lin: User) -> None:
    assert '<html lang="zh-Hans"' in page.get(PROFILE).content.decode()
    response = page.post(PROFILE, {"language": "en", "theme": "auto"}, follow=True)
    assert '<html lang="en"' in response.content.decode()
    lin.refresh_from_db()
    assert lin.language == "en"


def test_after_log_out_this_machine_still_speaks_the_language(page: Client) -> None:
    page.post(PROFILE, {"language": "en", "theme": "auto"})
    page.post(reverse("accounts:logout"))
    assert '<html lang="en"' in page.get(reverse("accounts:login")).content.decode()


def test_the_language_button_of_a_page_is_remembered_in_the_profile(page: Client, lin: User) -> None:
    response = page.post(reverse("set_language"), {"language": "en", "next": PROFILE}, follow=True)
    assert '<html lang="en"' in response.content.decode()
    lin.refresh_from_db()
    assert lin.language == "en"


def test_the_language_button_leads_to_no_other_site(page: Client) -> None:
    response = page.post(reverse("set_language"), {"language": "en", "next": "https://example.com/"})
    assert response.headers["Location"] == "/"


def test_large_type_is_a_class_of_the_page(page: Client) -> None:
    assert 'class="large"' not in page.get(PROFILE).content.decode()
    response = page.post(PROFILE, {"language": "zh-hans", "theme": "auto", "large_type": "on"}, follow=True)
    assert 'class="large"' in response.content.decode()


def test_the_colours_are_one_tap_in_the_menu_and_the_page_comes_back(page: Client, lin: User) -> None:
    assert 'data-theme="auto"' in page.get(PROFILE).content.decode()
    response = page.post(reverse("accounts:theme"), {"theme": "dark", "next": PROFILE}, follow=True)
    assert response.redirect_chain == [(PROFILE, 302)]
    assert 'data-theme="dark"' in response.content.decode()
    assert page.post(reverse("accounts:theme"), {"theme": "pink", "next": "//example.com/"}).headers["Location"] == "/"
    lin.refresh_from_db()
    assert (lin.theme, lin.language) == ("dark", "zh-hans")


def test_whoever_is_not_logged_in_gets_the_colours_of_the_device(client: Client, db: None) -> None:
    assert 'data-theme="auto"' in client.get(reverse("accounts:login")).content.decode()


def test_an_unknown_language_is_refused_and_changes_nothing(page: Client, lin: User) -> None:
    response = page.post(PROFILE, {"language": "tlh", "theme": "auto", "large_type": "on"})
    assert list(response.context["form"].errors) == ["language"]
    lin.refresh_from_db()
    assert (lin.language, lin.large_type) == ("zh-hans", False)


def test_nobody_sees_a_profile_without_log_in(client: Client, db: None) -> None:
    assert client.get(PROFILE).status_code == 302


def test_what_only_an_administrator_changes_is_not_taken_from_the_form(page: Client, lin: User) -> None:
    page.post(PROFILE, {"language": "en", "theme": "auto", "name": "别人", "is_superuser": "on", "username": "root"})
    lin.refresh_from_db()
    assert (lin.name, lin.username, lin.is_superuser) == ("林晓", "lin", False)

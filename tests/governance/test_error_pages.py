"""The pages that say why there is nothing else, in the reader's language, even when nothing works."""

import os
import subprocess
import sys

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from governance import errors

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "没有找到您要的内容"), ("en", "Nothing found here")])
def test_a_wrong_address_says_what_to_do_in_the_readers_language(client: Client, language: str, words: str) -> None:
    answer = client.get("/no-such-page/", headers={"accept-language": language})
    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_a_request_refused_before_anybody_is_known_gets_its_page(client: Client) -> None:
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "请求无法识别" in answer.content.decode()


def test_a_missing_right_is_a_page_with_the_way_to_get_it() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    answer = errors.forbidden(request, PermissionDenied())
    assert answer.status_code == 403
    assert "您没有这项权限" in answer.content.decode()
    assert "系统管理员" in answer.content.decode()


def test_an_old_form_is_told_from_a_missing_right() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("accounts:login"), {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "您没有这项权限" not in answer.content.decode()
    assert "未提交" in answer.content.decode()


def test_a_failure_is_told_in_both_languages_without_asking_anything(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "系统出错了" in answer.content.decode()
    assert "Something broke on our side" in answer.content.decode()


def test_a_trial_installation_shows_the_products_own_pages_too() -> None:
    """Django's debug pages speak English and list the addresses. Asked of a process of its own: pytest sets DEBUG."""
    asked = "import sys; from django.conf import settings; sys.exit(bool(settings.DEBUG) or not settings.TRIAL)"
    assert subprocess.run([sys.executable, "-c", asked], env={**os.environ, "TRIAL": "1"}, check=False).returncode == 0

"""The inbox: what the product tells its user, and the bell that says how much is new."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy

import clock
from accounts.inbox import mark_read, tell
from accounts.models import Notice, User
from tests.query_counts import query_count

INBOX = reverse("inbox")
PROFILE = reverse("accounts:profile")


@pytest.fixture
def page(client: Client, lin: User) -> Client:
    client.force_login(lin)
    return client


def test_the_bell_counts_what_was_not_read_and_the_inbox_reads_it(page: Client, lin: User) -> None:
    tell(lin, gettext_lazy("Saved."), url=PROFILE, tone="success")

    assert '<span class="count num">1</span>' in page.get(PROFILE).text
    assert f'<a class="row-link" href="{PROFILE}">已保存。</a>' in page.get(INBOX).text
    lin.refresh_from_db()
    assert lin.unread_notices == 0
    assert '<span class="count num">' not in page.get(PROFILE).text


def test_unread_notices_stand_above_newer_ones_that_were_read(page: Client, lin: User) -> None:
    now = clock.now()
    old = tell(lin, "old", at=now - timedelta(days=2))
    new = tell(lin, "new", at=now)
    Notice.objects.filter(pk=new.pk).update(read_at=now)

    with query_count("inbox"):
        answer = page.get(INBOX)
    assert list(answer.context["page"]) == [old, new]


def test_each_reads_their_own_notices_in_their_own_language(page: Client, lin: User, django_user_model) -> None:
    other = django_user_model.objects.create_user("other", password="x", name="别人", must_change_password=False)
    tell(other, gettext_lazy("Saved."))
    page.post(reverse("set_language"), {"language": "en", "next": INBOX})

    assert "No notices" in page.get(INBOX).text
    other.refresh_from_db()
    assert other.unread_notices == 1


def test_what_comes_while_the_page_is_made_stays_new(lin: User) -> None:
    seen = clock.now()
    tell(lin, "seen", at=seen)
    tell(lin, "later", at=seen + timedelta(seconds=1))
    assert mark_read(lin, until=seen) == 1
    lin.refresh_from_db()
    assert lin.unread_notices == 1


def test_without_a_login_there_is_no_inbox(client: Client, db: None) -> None:
    assert client.get(INBOX).url.startswith(reverse("accounts:login"))

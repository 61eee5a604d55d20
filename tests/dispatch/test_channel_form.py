"""Setting a channel up: what the form refuses, and the test that follows each change."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.sealing import seal
from dispatch.models import Channel, OutboxMessage
from tests.robot import SECRET, TOKEN
from tests.world import build

pytestmark = pytest.mark.django_db
ADD = "admin:dispatch_channel_add"
SAID = {"name": "大碶群", "kind": "dingtalk", "per_minute": "18", "is_active": "on", "street": "", "new_token": TOKEN}


@pytest.fixture
def page(world, client):
    client.force_login(world.admin)
    return client


def errors_of(page, **said) -> list[str]:
    answer = page.post(reverse(ADD), {**SAID, **said})
    assert answer.status_code == 200
    assert not Channel.objects.exists()
    return list(answer.context["adminform"].form.errors)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"new_token": ""}, "new_token"),
        ({"kind": "wecom", "new_token": ""}, "new_token"),
        ({"kind": "pigeon"}, "kind"),
        ({"base_url": "ftp://robot.example"}, "base_url"),
        ({"base_url": "http://169.254.169.254"}, "base_url"),
        ({"base_url": "https://me:pass@robot.example"}, "base_url"),
        ({"per_minute": "0"}, "per_minute"),
        ({"per_minute": "21"}, "per_minute"),
        ({"new_mentions": "1380000"}, "new_mentions"),
        ({"kind": "feishu", "new_mentions": "13800001111"}, "new_mentions"),
        ({"quiet_from": "22:00", "quiet_until": ""}, "__all__"),
    ],
)
def test_what_can_not_work_is_refused_at_the_form(page, said, field):
    assert errors_of(page, **said) == [field]


def test_an_email_needs_addresses_and_a_server(page, settings):
    mail = {"kind": "email", "new_token": ""}
    assert errors_of(page, **mail, recipients="a@street.example") == ["kind"]
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    assert errors_of(page, **mail) == ["recipients"]
    assert errors_of(page, **mail, recipients="a@street.example\nnobody") == ["recipients"]
    page.post(reverse(ADD), {**SAID, **mail, "recipients": "a@street.example, b@street.example"})
    assert Channel.objects.get().recipients == "a@street.example\nb@street.example"


@pytest.mark.django_db(transaction=True)
def test_a_change_is_tried_once_it_is_saved_and_the_answer_shown(robot, client):
    client.force_login(build().admin)

    def save(address, **said):
        client.post(address, {**SAID, "base_url": robot.url, **said})
        return client.get(reverse("admin:dispatch_channel_changelist")).text

    assert "核对加签密钥" in save(reverse(ADD), new_secret="SECwrong")
    channel = Channel.objects.get()
    assert channel.trouble == "310000 sign not match", "kept, but not in silence"
    change = reverse("admin:dispatch_channel_change", args=[channel.pk])
    assert "已送达" in save(change, new_token="", new_secret=SECRET)
    channel.refresh_from_db()
    assert (channel.trouble, channel.token, channel.secret) == ("", TOKEN, SECRET)
    save(change, new_token="", name="改名", new_mentions="13800001111\n13900002222")
    assert OutboxMessage.objects.filter(kind="test").count() == 2, "a name is no reason for a test"
    save(change, new_token="", forget_mentions="on")
    channel.refresh_from_db()
    assert (channel.name, channel.mentions) == ("大碶群", "")


def test_saving_leaves_what_a_worker_counts_beside_it(page, robot):
    channel = robot.channel()
    address = reverse("admin:dispatch_channel_change", args=[channel.pk])
    page.get(address)
    Channel.objects.filter(pk=channel.pk).update(trouble="310000", held_until="2026-11-20T10:00:00Z")
    page.post(address, {**SAID, "new_token": "", "base_url": robot.url})
    channel.refresh_from_db()

    assert (channel.name, channel.trouble, channel.held_until is None) == ("大碶群", "310000", False)


def test_a_channel_whose_key_is_gone_can_be_opened_and_mended(page, robot):
    channel = robot.channel()
    with connection.cursor() as cursor:
        broken = seal(TOKEN).replace(":", "gone:", 1)
        cursor.execute("UPDATE dispatch_channel SET token = %s WHERE id = %s", [broken, channel.pk])
    address = reverse("admin:dispatch_channel_change", args=[channel.pk])

    assert page.get(reverse("admin:dispatch_channel_changelist")).status_code == 200
    assert page.get(address).status_code == 200
    assert page.get(reverse("dispatch:messages")).status_code == 200
    page.post(address, {**SAID, "base_url": robot.url, "new_token": "new-one"})
    channel.refresh_from_db()
    assert channel.token == "new-one"


def test_several_channels_are_tried_from_their_list(page, robot):
    keys = [robot.channel(name=f"群{number}").pk for number in range(6)]
    address = reverse("admin:dispatch_channel_changelist")
    page.post(address, {"action": "send_test", "_selected_action": keys})
    assert robot.heard == [], "six at a time are too many to wait for"
    page.post(address, {"action": "send_test", "_selected_action": keys[:2]})
    assert len(robot.heard) == 2

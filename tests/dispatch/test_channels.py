"""What each kind of channel is told and what its answer means, against a server on loopback that judges as they do."""

import json
import logging
import smtplib
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail

from dispatch import channels
from dispatch.channels import Message, Outcome, Robot, addresses, dingtalk, feishu, texts, wecom
from dispatch.channels import email as mailing
from tests.dispatch.moments import friday
from tests.robot import MISMATCH, SECRET, TOKEN, TOO_FAST

# The vectors of the handbook, sections 4.1 and 4.3.
TIMESTAMP = 1700000000000
SIGNATURE = "yBKp5IlG6qCzcQWmgyRK/ziJBdVNJmHfFE2ST/CzT/g="
ENCODED = "yBKp5IlG6qCzcQWmgyRK%2FziJBdVNJmHfFE2ST%2FCzT%2Fg%3D"
FEISHU_SECRET, FEISHU_SIGNATURE = "feishuSecret01", "HkzvGM/wxrFVyV2J/bdu0cg/xGEP/qvqLISotukzkx4="

KINDS = ["dingtalk", "wecom", "feishu"]
PLAIN = Message("整点提醒", "#### 整点提醒\n\n超时 3 件")
URL = "https://weige.example/supervisions/7/"
CARD = Message("督办件", f"#### 督办件\n\n整改期限：11月20日\n\n[查看督办件]({URL})", url=URL)
URGENT = Message(CARD.title, CARD.text, url=URL, is_urgent=True)
CALLED = ("13800001111", "13900002222")


def robot_at(robot, kind: str = "dingtalk", **facts) -> Robot:
    return Robot(**{"kind": kind, "base_url": robot.url, "token": TOKEN, "secret": SECRET, **facts})


# -- signatures --------------------------------------------------------------------------------------------------
def test_signatures_are_those_of_the_handbook():
    assert dingtalk.sign(SECRET, timestamp=TIMESTAMP) == SIGNATURE
    assert feishu.sign(FEISHU_SECRET, timestamp=TIMESTAMP // 1000) == FEISHU_SIGNATURE


def test_the_signature_of_dingtalk_is_encoded_once():
    path = dingtalk.path_of(Robot("dingtalk", token=TOKEN, secret=SECRET), timestamp=TIMESTAMP)

    assert path.endswith(f"&timestamp={TIMESTAMP}&sign={ENCODED}")
    assert parse_qs(urlsplit(path).query)["sign"] == [SIGNATURE]


def test_without_a_secret_nothing_is_signed():
    path = dingtalk.path_of(Robot("dingtalk", token=TOKEN), timestamp=TIMESTAMP)

    assert path == f"/robot/send?access_token={TOKEN}"
    assert "sign" not in feishu.payload(Robot("feishu", token=TOKEN), PLAIN, timestamp=1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("message", [PLAIN, CARD, URGENT])
def test_each_kind_takes_its_messages(robot, kind, message):
    reply = channels.send(robot_at(robot, kind, mentions=CALLED), message)

    assert reply.outcome is Outcome.SENT, reply.text
    assert json.loads(reply.raw)["errcode" if kind != "feishu" else "code"] == 0


@pytest.mark.parametrize(
    ("kind", "facts", "text"),
    [
        ("dingtalk", {"secret": "SECwrong"}, "310000 sign not match"),
        ("wecom", {"token": "wrong"}, "93000 invalid webhook url"),
        ("feishu", {"secret": "wrong"}, "19021 sign match fail or timestamp is not within one hour from current time"),
        ("feishu", {"token": "wrong"}, "19001 param invalid: incoming webhook access token invalid"),
    ],
)
def test_a_wrong_key_is_refused_though_http_says_200(robot, kind, facts, text):
    reply = channels.send(robot_at(robot, kind, **facts), PLAIN)

    assert (reply.outcome, reply.text) == (Outcome.REFUSED, text)


# -- what is said ------------------------------------------------------------------------------------------------
def test_dingtalk_gets_markdown_and_a_card_with_one_button_for_a_single_matter():
    ours = Robot("dingtalk", mentions=CALLED)

    assert dingtalk.payload(ours, PLAIN) == {
        "msgtype": "markdown",
        "markdown": {"title": "整点提醒", "text": PLAIN.text},
    }
    assert dingtalk.payload(ours, CARD) == {
        "msgtype": "actionCard",
        "actionCard": {
            "title": "督办件",
            "text": "#### 督办件\n\n整改期限：11月20日",
            "singleTitle": "查看督办件",
            "singleURL": URL,
            "btnOrientation": "0",
        },
    }


def test_dingtalk_calls_people_in_the_list_and_in_the_text_when_it_is_urgent():
    said = dingtalk.payload(Robot("dingtalk", mentions=CALLED), URGENT)

    assert said["at"] == {"atMobiles": list(CALLED), "isAtAll": False}
    assert said["markdown"]["text"].endswith(f"[查看督办件]({URL})\n\n@13800001111 @13900002222")
    assert "at" not in dingtalk.payload(Robot("dingtalk"), URGENT)


def test_wecom_gets_markdown_and_plain_text_when_somebody_is_called():
    calling, calm = Robot("wecom", mentions=CALLED), Robot("wecom")

    assert wecom.payload(calling, URGENT) == {
        "msgtype": "text",
        "text": {
            "content": f"督办件\n整改期限：11月20日\n查看督办件 {URL}",
            "mentioned_mobile_list": list(CALLED),
        },
    }
    for ours, message in ((calling, CARD), (calm, URGENT)):
        assert wecom.payload(ours, message) == {"msgtype": "markdown", "markdown": {"content": CARD.text}}


def test_feishu_gets_a_card_red_when_urgent_with_a_button_for_a_single_matter():
    card = feishu.payload(Robot("feishu"), URGENT, timestamp=1)["card"]

    assert card["header"] == {"template": "red", "title": {"tag": "plain_text", "content": "督办件"}}
    assert card["elements"][0] == {"tag": "markdown", "content": "整改期限：11月20日"}, "the header says the title"
    assert card["elements"][1]["actions"][0]["url"] == URL
    calm = feishu.payload(Robot("feishu"), Message("整点提醒", "#### 第一节\n\n超时"), timestamp=1)["card"]
    assert (calm["header"]["template"], calm["elements"][0]["content"]) == ("blue", "**第一节**\n\n超时")


@pytest.mark.parametrize("kind", KINDS)
def test_the_keyword_is_added_where_it_is_missing(kind):
    say = {
        "dingtalk": dingtalk.payload,
        "wecom": wecom.payload,
        "feishu": lambda *said: feishu.payload(*said, timestamp=1),
    }[kind]
    ours = Robot(kind, keyword="微格")

    assert "超时 3 件\\n\\n微格" in json.dumps(say(ours, PLAIN), ensure_ascii=False)
    assert json.dumps(say(ours, Message("t", "微格提醒")), ensure_ascii=False).count("微格") == 1


# -- how much is said --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("letter", ["a", "网", "👍"])
@pytest.mark.parametrize(("mentions", "most"), [((), 4096), (CALLED, 2048)])
def test_wecom_counts_bytes_and_is_cut_between_characters_with_a_link(letter, mentions, most):
    """4,097 bytes are one too many (handbook, 4.5 e)."""
    more = "https://weige.example/queue/"
    whole = letter * (most // len(letter.encode()))
    ours = Robot("wecom", mentions=mentions)

    def content(text: str) -> str:
        said = wecom.payload(ours, Message("t", text, is_urgent=bool(mentions), more_url=more))
        return said[said["msgtype"]]["content"]

    assert content(whole) == whole
    cut = content(whole + letter)
    assert most - 100 < len(cut.encode()) <= most
    assert cut.lstrip(letter) == (f"\n…更多 {more}" if mentions else f"\n\n[…更多]({more})")


def test_what_is_cut_is_the_text_not_its_link_or_keyword():
    content = wecom.payload(Robot("wecom", keyword="微格"), Message("t", "网" * 2000, url=URL))["markdown"]["content"]

    assert content.endswith(f"[查看]({URL})\n\n微格")
    assert len(content.encode()) <= 4096


@pytest.mark.parametrize("letter", ["a", "网", '"', "\n"])
def test_the_others_take_twenty_thousand_bytes(letter):
    long = Message("标题" * 60, letter * 15_000 + letter * 15_000, url=URL, more_url=URL)
    bodies = (
        dingtalk.payload(Robot("dingtalk"), long),
        feishu.payload(Robot("feishu", secret="s"), long, timestamp=1),
    )
    for body in bodies:
        assert len(json.dumps(body, ensure_ascii=False).encode()) <= 20_000


def test_a_cut_prefers_the_end_of_a_paragraph_to_half_a_link():
    text = "\n\n".join(f"{number}. [2026-{number}](https://weige.example/{number}/)" for number in range(20))
    cut = texts.cut(text, 400, texts.more_link(URL))

    assert len(cut.encode()) <= 400
    assert all(line.startswith("[…更多]") or line.endswith("/)") for line in cut.split("\n\n"))


def test_feishu_is_not_spoken_to_on_the_full_and_the_half_hour():
    assert feishu.out_of_the_rush(friday("10:00:20")) == friday("10:01")
    assert feishu.out_of_the_rush(friday("10:30:59")) == friday("10:31")
    assert feishu.out_of_the_rush(friday("10:05")) is None


# -- what an answer means ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (MISMATCH, Outcome.REFUSED),
        (TOO_FAST, Outcome.MUTED),
        ({"errcode": 410100, "errmsg": "too fast"}, Outcome.MUTED),
        ({"errcode": -1, "errmsg": "system busy"}, Outcome.RETRY),
        ({"errcode": 999999, "errmsg": "never seen"}, Outcome.RETRY),
        ({"no": "code"}, Outcome.RETRY),
        ([1, 2], Outcome.RETRY),
        (b"<html>captive portal</html>", Outcome.RETRY),
        (500, Outcome.RETRY),
        (503, Outcome.RETRY),
        (429, Outcome.MUTED),
        (404, Outcome.REFUSED),
        (302, Outcome.REFUSED),
    ],
)
def test_each_answer_means_something(robot, answer, outcome):
    robot.answers = [answer]

    assert channels.send(robot_at(robot), PLAIN).outcome is outcome
    assert len(robot.heard) == 1, "a redirect is not followed: it would be told the token"


@pytest.mark.parametrize(
    ("kind", "code", "outcome"),
    [
        ("wecom", 45009, Outcome.MUTED),
        ("wecom", 40058, Outcome.REFUSED),
        ("wecom", -1, Outcome.RETRY),
        ("feishu", 9499, Outcome.REFUSED),
        ("feishu", 19022, Outcome.REFUSED),
        ("feishu", 19024, Outcome.REFUSED),
        ("feishu", 11232, Outcome.RETRY),
    ],
)
def test_the_codes_of_the_others(robot, kind, code, outcome):
    robot.answers = [{"errcode": code, "code": code}]

    assert channels.send(robot_at(robot, kind), PLAIN).outcome is outcome


def test_no_answer_in_time_and_nobody_there_are_tried_later(robot):
    robot.hang.clear()
    late = channels.send(robot_at(robot), PLAIN, timeout=0.05)
    robot.hang.set()
    nobody = channels.send(robot_at(robot, base_url="http://127.0.0.1:1"), PLAIN, timeout=1)

    assert {late.outcome, nobody.outcome} == {Outcome.SILENT}
    assert nobody.text == "no answer: ConnectionRefusedError"


# -- where we speak to -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://robot.example",
        "robot.example",
        "",
        "http://user:pass@robot.example",
        "http://robot.example/?to=me",
        "http://169.254.169.254",
        "http://[fe80::1]",
        "http://[::ffff:169.254.169.254]/latest",
        "http://100.100.100.200",
        "http://0.0.0.0",
        "http://robot.example:port",
    ],
)
def test_only_robots_are_spoken_to(address):
    assert not addresses.is_base_address(address)
    reply = channels.send(Robot("dingtalk", address, TOKEN), PLAIN)
    assert (reply.outcome, reply.text.partition(":")[0]) == (Outcome.REFUSED, "address")


def test_private_networks_and_relays_beside_us_are_spoken_to():
    for address in ("https://oapi.dingtalk.com", "http://10.20.30.40:8080/relay", "http://127.0.0.1:9000"):
        assert addresses.is_base_address(address)


def test_a_name_that_leads_to_a_forbidden_address_is_refused_before_a_word_is_said(robot, monkeypatch):
    monkeypatch.setattr(addresses, "is_refused", lambda address: address == "127.0.0.1")
    ours = robot_at(robot, base_url=robot.url.replace("127.0.0.1", "localhost"))
    monkeypatch.setenv("no_proxy", "localhost")
    reply = channels.send(ours, PLAIN)

    assert (reply.outcome, robot.heard) == (Outcome.REFUSED, [])
    assert "not one that messages may go to" in reply.text


def test_keys_and_numbers_show_nowhere(robot, caplog):
    caplog.set_level(logging.DEBUG)
    ours = robot_at(robot, secret="SEC/+=", mentions=CALLED)
    words = f"token {TOKEN} with SEC/+= and SEC%2F%2B%3D for {CALLED[0]} is not exist"
    robot.answers = [{"errcode": 300001, "errmsg": words}]
    reply = channels.send(ours, PLAIN)

    for said in (reply.text, reply.raw, repr(ours), caplog.text):
        for hidden in (TOKEN, "SEC/+=", "SEC%2F", CALLED[0]):
            assert hidden not in said


# -- e-mail ------------------------------------------------------------------------------------------------------
@pytest.fixture
def post(settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    mail.outbox = []
    return Robot("email", recipients=("a@street.example", "b@street.example"))


def test_an_email_is_text_and_page_from_the_same_words(post):
    reply = channels.send(post, Message("督办件\n坏", f"#### 督办件\n\n<b>期限</b>\n\n[查看督办件]({URL})", URL, True))
    (sent,) = mail.outbox

    assert reply.outcome is Outcome.SENT
    assert (sent.subject, sent.to) == ("【紧急】督办件 坏", list(post.recipients))
    assert sent.body == f"督办件\n<b>期限</b>\n查看督办件 {URL}"
    (page, kind) = sent.alternatives[0]
    assert kind == "text/html"
    assert f'<a href="{URL}" rel="noopener">查看督办件</a>' in page
    assert "&lt;b&gt;" in page


def test_two_attempts_at_one_mail_have_one_number_so_that_a_server_drops_the_second(post):
    for key in ("digest:1", "digest:1", "digest:2"):
        channels.send(post, Message("t", "t", key=key))
    numbers = [sent.extra_headers["Message-ID"] for sent in mail.outbox]

    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize(
    ("error", "outcome", "text"),
    [
        (smtplib.SMTPAuthenticationError(535, b"bad"), Outcome.REFUSED, "SMTP 535 SMTPAuthenticationError"),
        (smtplib.SMTPDataError(451, b"later"), Outcome.RETRY, "SMTP 451 SMTPDataError"),
        (
            smtplib.SMTPRecipientsRefused({"zhang@street.example": (550, b"zhang@street.example unknown")}),
            Outcome.REFUSED,
            "SMTP 550 recipients refused",
        ),
        (smtplib.SMTPServerDisconnected("gone"), Outcome.SILENT, "no answer: SMTPServerDisconnected"),
        (TimeoutError(), Outcome.SILENT, "no answer: TimeoutError"),
    ],
)
def test_a_mail_server_that_fails_is_a_reply_without_addresses(post, monkeypatch, error, outcome, text):
    def fail(self):
        raise error

    monkeypatch.setattr(mailing.EmailMultiAlternatives, "send", fail)

    assert channels.send(post, PLAIN) == channels.Reply(outcome, text)


def test_without_a_mail_server_a_mail_is_refused(settings):
    settings.MAILERS = {}
    reply = channels.send(Robot("email", recipients=("a@street.example",)), PLAIN)

    assert (reply.outcome, "EMAIL_HOST" in reply.text) == (Outcome.REFUSED, True)

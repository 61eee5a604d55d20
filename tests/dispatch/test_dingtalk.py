"""The robot's protocol, against a server on loopback that checks the signature."""

import logging
from urllib.parse import parse_qs, urlsplit

import pytest

from dispatch import dingtalk
from dispatch.dingtalk import Outcome, Robot
from tests.robot import MISMATCH, SECRET, TOKEN, TOO_FAST

# The vector of the handbook, section 4.1.
TIMESTAMP = 1700000000000
SIGNATURE = "yBKp5IlG6qCzcQWmgyRK/ziJBdVNJmHfFE2ST/CzT/g="
ENCODED = "yBKp5IlG6qCzcQWmgyRK%2FziJBdVNJmHfFE2ST%2FCzT%2Fg%3D"


@pytest.fixture
def ours(robot) -> Robot:
    return Robot(robot.url, TOKEN, SECRET)


def test_the_signature_is_that_of_the_handbook():
    assert dingtalk.sign(SECRET, timestamp=TIMESTAMP) == SIGNATURE


def test_the_signature_is_encoded_once():
    address = dingtalk.address(Robot("https://robot.example", TOKEN, SECRET), timestamp=TIMESTAMP)

    assert address.endswith(f"&timestamp={TIMESTAMP}&sign={ENCODED}")
    assert parse_qs(urlsplit(address).query)["sign"] == [SIGNATURE]


def test_without_a_secret_nothing_is_signed():
    address = dingtalk.address(Robot("https://robot.example/", TOKEN), timestamp=TIMESTAMP)

    assert address == f"https://robot.example/robot/send?access_token={TOKEN}"


def test_a_message_arrives_as_markdown(robot, ours):
    reply = dingtalk.send(ours, title="整点提醒", text="#### 超时 3 件")

    assert reply.outcome is Outcome.SENT
    assert robot.heard == [{"msgtype": "markdown", "markdown": {"title": "整点提醒", "text": "#### 超时 3 件"}}]


def test_a_wrong_secret_is_refused_though_http_says_200(robot):
    reply = dingtalk.send(Robot(robot.url, TOKEN, "SECwrong"), title="t", text="t")

    assert reply.outcome is Outcome.REFUSED
    assert reply.text == "310000 sign not match"


def test_the_keyword_is_added_where_it_is_missing():
    with_keyword = Robot("https://robot.example", TOKEN, keyword="微格")

    assert dingtalk.payload(with_keyword, title="t", text="超时")["markdown"]["text"] == "超时\n\n微格"
    assert dingtalk.payload(with_keyword, title="t", text="微格提醒")["markdown"]["text"] == "微格提醒"


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
def test_each_answer_means_something(robot, ours, answer, outcome):
    robot.answers = [answer]

    assert dingtalk.send(ours, title="t", text="t").outcome is outcome
    assert len(robot.heard) == 1, "a redirect is not followed: it would be told the token"


def test_no_answer_in_time_is_tried_again_later(robot, ours):
    robot.hang.clear()

    assert dingtalk.send(ours, title="t", text="t", timeout=0.05).outcome is Outcome.RETRY


def test_nobody_there_is_tried_again_later(ours):
    closed = Robot("http://127.0.0.1:1", TOKEN, SECRET)

    reply = dingtalk.send(closed, title="t", text="t", timeout=1)
    assert reply.outcome is Outcome.RETRY
    assert "ConnectionRefusedError" in reply.text


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://robot.example", "robot.example", ""])
def test_only_http_is_spoken(address):
    assert dingtalk.send(Robot(address, TOKEN), title="t", text="t").outcome is Outcome.REFUSED


def test_token_and_secret_show_nowhere(robot, ours, caplog):
    caplog.set_level(logging.DEBUG)
    robot.answers = [{"errcode": 300001, "errmsg": f"token {TOKEN} with {SECRET} is not exist"}]
    reply = dingtalk.send(ours, title="t", text="t")

    for words in (reply.text, repr(ours), caplog.text):
        assert TOKEN not in words
        assert SECRET not in words

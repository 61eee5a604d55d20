"""Filters of the queue under names of one's own: kept, renamed, deleted, seen by nobody else."""

import pytest
from django.urls import reverse

from accounts.errors import Refused
from dispatch import saved_filters
from dispatch.models import SavedFilter
from dispatch.saved_filters import in_order, keep_filter, rename_filter

LEVEL_3 = {"tab": "overdue", "level": "3"}


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.code


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (LEVEL_3, "tab=overdue&level=3"),
        ({"level": "3", "page": "7", "since": "x", "tab": "overdue"}, "tab=overdue&level=3"),
        ({"place": "", "number": "20261120"}, "number=20261120"),
        ({}, ""),
    ],
)
def test_of_an_address_only_the_filter_is_kept_in_one_order(query, kept):
    assert in_order(query) == kept


def test_keeping_and_renaming_have_their_rules(world):
    row = keep_filter("  三级  超时 ", query=LEVEL_3, actor=world.command)
    assert (row.name, keep_filter("三级 超时", query=LEVEL_3, actor=world.command)) == ("三级 超时", row)
    other = keep_filter("同名", query={"level": "4"}, actor=world.command)
    assert keep_filter("同名", query=LEVEL_3, actor=world.command2).user == world.command2  # names are one's own
    assert refusal(keep_filter, "同名", query=LEVEL_3, actor=world.command) == "taken"
    assert refusal(rename_filter, other, name="三级 超时", actor=world.command) == "taken"
    assert refusal(keep_filter, " ", query=LEVEL_3, actor=world.command) == "required"
    assert refusal(keep_filter, "长" * 21, query=LEVEL_3, actor=world.command) == "long"
    assert refusal(keep_filter, "空", query={"tab": "overdue"}, actor=world.command) == "empty"
    assert rename_filter(other, name="四级", actor=world.command).name == "四级"
    for number in range(saved_filters.MOST - 2):
        keep_filter(f"第{number}个", query={"number": str(number)}, actor=world.command)
    assert refusal(keep_filter, "太多", query={"level": "1"}, actor=world.command) == "many"


def test_a_filter_becomes_a_tab_and_goes_again(world, client):
    client.force_login(world.command)
    page = client.get(reverse("dispatch:queue"), LEVEL_3)
    assert page.context["may_keep_filter"]

    answer = client.post(reverse("dispatch:queue_filter_keep"), {**LEVEL_3, "name": "三级超时"}, follow=True)
    assert "三级超时" in answer.text
    assert not answer.context["may_keep_filter"]
    row = SavedFilter.objects.get()
    client.post(reverse("dispatch:queue_filter_rename", args=[row.pk]), {"name": "三级"})
    assert "三级" in client.get(reverse("dispatch:queue_filters")).text

    delete = reverse("dispatch:queue_filter_delete", args=[row.pk])
    client.force_login(world.command2)
    assert client.post(delete).status_code == 404
    assert "三级" not in client.get(reverse("dispatch:queue_filters")).text
    client.force_login(world.command)
    assert client.post(delete).status_code == 302
    assert not SavedFilter.objects.exists()

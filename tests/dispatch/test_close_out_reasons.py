"""Why something was still open at the close-out: asked once a person, answered by whoever held it, never changed."""

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from dispatch.close_out import close_day, close_owed_days
from dispatch.close_out_reasons import explainable, give_reason, to_explain
from dispatch.models import DayClose, DayCloseLine, DayCloseReason, LimitRule
from dispatch.overview.needs import Need, count_needs
from incidents import services
from tests.dispatch.moments import friday, on, saturday
from tests.incidents import stages

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)
AT_FOUR = friday("16:00:02")


def numbers(lines) -> set[str]:
    return set(lines.values_list("number", flat=True))


def test_each_holder_is_asked_once_about_what_was_late_and_finds_it(town):
    led = {stages.dispatched(town).number, stages.in_progress(town).number}
    untriaged = {stages.report(town).number, stages.returned(town).number}
    done = stages.handled(town).number
    by_grid = services.dispatch(stages.report(town), actor=town.command, lead=town.grid_1, at=friday("10:00")).number
    suspended, tomorrow = stages.suspended(town), stages.report(town, at=friday("16:00"))
    close_owed_days(AT_FOUR)

    held = {
        town.department: led,
        town.command: {*untriaged, done},
        town.verifier: {done},
        town.worker: {by_grid},
        town.worker2: set(),
        town.police_officer: set(),
        town.district_officer: set(),
        town.outsider: set(),
    }
    assert {user: numbers(to_explain(user)) for user in held} == held
    for user, lines in held.items():
        notices = Notice.objects.filter(user=user, url="/close-out/to-explain/")
        assert [int(notice.text_en.split()[0]) for notice in notices] == ([len(lines)] if lines else [])
        assert count_needs(user).get(Need.EXPLAIN, 0) == len(lines)
    assert numbers(explainable(town.district_officer)) == numbers(DayCloseLine.objects.all())
    assert {suspended.number, tomorrow.number} <= numbers(explainable(town.command))
    assert not explainable(town.outsider).exists()


def test_who_held_it_at_the_line_explains_also_when_another_has_it_by_now(town):
    incident = stages.dispatched(town)
    close_owed_days(AT_FOUR)
    services.redispatch(incident, actor=town.command, lead=town.police, note="改派", at=friday("17:00"))
    line = DayCloseLine.objects.get()

    first = give_reason(line, actor=town.department, text=" 配件未到货。 ", at=friday("17:10"))
    assert give_reason(line, actor=town.department, text="配件未到货。", at=friday("17:11")) == first
    give_reason(line, actor=town.department, text="已改由派出所办理。", at=friday("17:12"))
    give_reason(line, actor=town.command, text="已督促。", at=friday("17:13"))
    give_reason(line, actor=town.district_officer, text="已知悉。", at=friday("17:14"))

    assert [reason.text for reason in line.reasons.all()] == [
        "配件未到货。",
        "已改由派出所办理。",
        "已督促。",
        "已知悉。",
    ]
    assert (first.post_label, first.at) == (f"{town.enforcement.name} 部门经办人", friday("17:10"))
    assert not to_explain(town.department).exists()
    for user in (town.police_officer, town.worker, town.verifier, town.leader, town.outsider):
        with pytest.raises(Forbidden):
            give_reason(line, actor=user, text="不知道。", at=friday("17:20"))
    with pytest.raises(DatabaseError), transaction.atomic():
        DayCloseReason.objects.update(text="改过")


@pytest.mark.parametrize(
    ("text", "code"),
    [("  ", "empty"), ("长" * 501, "long"), ("联系 13800138000", "personal"), ("证件33020619900101001X。", "personal")],
)
def test_a_reason_says_something_and_nobodys_number(town, text, code):
    stages.report(town)
    close_owed_days(AT_FOUR)

    with pytest.raises(Refused) as refused:
        give_reason(DayCloseLine.objects.get(), actor=town.command, text=text, at=AT_FOUR)
    assert (refused.value.code, refused.value.field) == (code, "text")


def test_a_number_is_found_however_it_is_written_and_other_figures_are_none(town):
    incident = stages.report(town)
    close_owed_days(AT_FOUR)
    line = DayCloseLine.objects.get()

    for number in (
        "138-0013-8000",
        "138 0013 8000",
        "+8613800138000",
        "１３８００１３８０００",
        "330206 19900101 001X",
    ):
        with pytest.raises(Refused):
            give_reason(line, actor=town.command, text=f"请联系{number}。", at=AT_FOUR)
    said = f"{incident.number} 需 1500 元，2026-11-23 16:00 前由 150 人完成，合同 20261123150013800138。"
    assert give_reason(line, actor=town.command, text=said, at=AT_FOUR).text == said


def test_the_next_close_out_asks_anew_and_days_made_up_for_ask_of_the_last_one_alone(town):
    stages.in_progress(town)
    close_owed_days(AT_FOUR)
    close_owed_days(on("2026-11-23", "09:00"))

    assert DayCloseLine.objects.count() == 3
    assert list(to_explain(town.department).values_list("day_close__day", flat=True)) == [date(2026, 11, 22)]
    assert explainable(town.department).count() == 3, "earlier days may still be explained"
    asked = Notice.objects.filter(user=town.department).order_by("pk")
    assert [notice.text_en.split(" of ")[1][:11] for notice in asked] == ["11-20 16:00", "11-22 16:00"]


def test_what_has_a_line_of_its_own_counts_once_at_the_next_closing_by_its_own_moment(town):
    code = stages.category(town).code
    LimitRule.objects.create(clock="close_out", at_time="18:00", category_code=code)
    late, early, in_time = stages.handled(town), stages.handled(town), stages.handled(town)
    services.verify(early, actor=town.verifier, at=friday("15:00"))
    close_day(FRIDAY, AT_FOUR)
    services.verify(in_time, actor=town.verifier, at=friday("17:59"))
    services.verify(late, actor=town.verifier, at=friday("18:30"))
    close_day(date(2026, 11, 21), saturday("16:00"))

    first, second = DayClose.objects.filter(street=town.street_a).order_by("day")
    assert (first.due, first.open, first.late) == (0, 2, 0), "open until 18:00 by its own rule: nobody is asked"
    assert (second.due, second.due_closed, second.open) == (3, 2, 0)
    assert not Notice.objects.exists()

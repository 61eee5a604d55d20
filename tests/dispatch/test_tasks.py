"""What beat asks for exists under the name that it asks by, and does what it says."""

import pytest
from django.conf import settings
from django.core.management import call_command

from dispatch import tasks
from dispatch.models import DayClose, DigestRun, LimitRule
from governance.celery import app
from incidents import tasks as incident_tasks
from incidents.models import Category


def test_every_task_of_the_timetable_and_of_the_routes_exists():
    app.loader.import_default_modules()
    asked = {entry["task"] for entry in app.conf.beat_schedule.values()} | set(settings.CELERY_TASK_ROUTES)

    assert asked <= set(app.tasks)


def test_the_product_hands_over_to_its_own_broker():
    from celery import current_app

    assert current_app.conf.broker_url == settings.CELERY_BROKER_URL


@pytest.mark.django_db
def test_tasks_call_their_services_and_return_counts(town, monkeypatch):
    from dispatch.close_out import clock
    from tests.dispatch.moments import friday

    monkeypatch.setattr(clock, "now", lambda: friday("16:10"))

    assert tasks.sweep() == {"missed": 0, "unwanted": 0, "failed": 0, "resumed": 0}
    assert tasks.push_reminders() == DigestRun.objects.count() == 3
    assert tasks.close_days() == DayClose.objects.count() == 2
    assert tasks.deliver_outbox() == tasks.deliver_message(1) == {"sent": 0, "failed": 0, "put_off": 0, "skipped": 0}
    assert incident_tasks.archive_settled() == tasks.remind_of_commands() == 0


@pytest.mark.django_db
def test_the_defaults_are_laid_down_once(capsys):
    call_command("load_defaults")
    counts = (LimitRule.objects.count(), Category.objects.count())
    call_command("load_defaults")

    assert (LimitRule.objects.count(), Category.objects.count()) == counts
    assert counts[0] == 13
    assert counts[1] > 60
    assert "limits: 0 added" in capsys.readouterr().out

"""The Celery application and beat's timetable.

Beat only asks, each minute: "what is owed now?" The answer is in the database, so a beat that was away, that runs
twice or whose own notes were lost changes nothing: the missed digest or close-out is done once, as soon as somebody
asks again.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")

app = Celery("weige")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_scheduler = "governance.beat:HeartbeatScheduler"
app.conf.beat_schedule = {
    "sweep": {"task": "dispatch.tasks.sweep", "schedule": crontab()},
    "ladders": {"task": "dispatch.tasks.climb_ladders", "schedule": crontab()},
    "dispatch-rules": {"task": "dispatch.tasks.dispatch_by_rules", "schedule": crontab()},
    "hourly-digest": {"task": "dispatch.tasks.push_reminders", "schedule": crontab()},
    "close-out-warnings": {"task": "dispatch.tasks.warn_before_close_out", "schedule": crontab()},
    "close-out": {"task": "dispatch.tasks.close_days", "schedule": crontab()},
    "orders": {"task": "dispatch.tasks.tend_orders", "schedule": crontab()},
    "commands": {"task": "dispatch.tasks.remind_of_commands", "schedule": crontab()},
    "outbox": {"task": "dispatch.tasks.deliver_outbox", "schedule": crontab()},
    "audit": {"task": "dispatch.tasks.audit_clocks", "schedule": crontab()},
    "heartbeat": {"task": "dispatch.tasks.tell_outside", "schedule": crontab(minute="*/5")},
    "calendar": {"task": "dispatch.tasks.tend_calendar", "schedule": crontab(hour=8, minute=35)},
    "archive": {"task": "incidents.tasks.archive_settled", "schedule": crontab(minute=20)},
    "stale-drafts": {"task": "incidents.tasks.remove_stale_drafts", "schedule": crontab(hour=3, minute=40)},
    "residents-answers": {"task": "public.tasks.remind_of_answers", "schedule": crontab()},
    "residents-phones": {"task": "public.tasks.forget_phones", "schedule": crontab(hour=3, minute=30)},
    "exports": {"task": "households.tasks.tend_exports", "schedule": crontab()},
    "loads": {"task": "households.tasks.resume_loads", "schedule": crontab()},
    "old-loads": {"task": "households.tasks.clear_loads", "schedule": crontab(hour=3, minute=50)},
    "hints": {"task": "tagging.tasks.hint_waiting", "schedule": crontab()},
    "tagger": {"task": "tagging.tasks.train_tagger", "schedule": crontab(hour=2, minute=30)},
    "tree-check": {"task": "grids.tasks.check_trees", "schedule": crontab(hour=3, minute=10)},
}

"""First pages of queue and board among a million incidents: `python -m benchmarks.first_pages [--incidents 1000000]`.

Each page is asked for as its reader's browser does, through everything but the socket: session, rights, queries,
template. Printed are the median and the 95th of a hundred, and how many queries it took. A command room's pages are
those of one street; the district's see all of them. Servers of its own: nothing of an installation is touched.
"""

import argparse
import re
import statistics
import time
from datetime import date
from typing import Any, Final

from benchmarks.rig import bare_database, say, seconds

TIMES: Final = 30
MOST_MS: Final = 300
MOST_QUERIES: Final = 12
HTMX: Final = {"HX-Request": "true"}


def main(incidents: int, still_open: int) -> None:
    with bare_database():
        from django.utils import timezone

        from benchmarks import million

        build = seconds(lambda: million.build(timezone.now(), incidents=incidents, still_open=still_open))
        say(f"built: {incidents:,} incidents, {still_open:,} open", build, "s")
        officer, district = people()
        hint_all()
        with as_served():
            for name, user in (("command room", officer), ("district", district)):
                visit(name, user)


def as_served() -> Any:
    """Links to static files without the manifest of a deployment, which a checkout has not."""
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}, ALLOWED_HOSTS=["testserver"])


def people() -> tuple[Any, Any]:
    """An officer of the command room of the first street, and one of the district centre."""
    from accounts.models import User
    from dispatch.limits import load_default_rules
    from grids.catalogue import load_roles
    from grids.models import District, Kind, Post, Role, Unit

    load_roles()
    load_default_rules()
    street = Unit.objects.filter(kind=Kind.STREET).order_by("pk")[0]
    places = {"command_officer": {"unit": street}, "district_officer": {"district": District.objects.get()}}
    found = []
    for code, place in places.items():
        user = User.objects.create(username=code, name=code, must_change_password=False)
        Post.objects.create(user=user, role=Role.objects.get(code=code), starts_on=date(2026, 1, 1), **place)
        found.append(user)
    return found[0], found[1]


def hint_all() -> None:
    """What the queue shows as suggested, as the worker keeps it."""
    from tagging.hints import hint_waiting
    from tagging.models import Hint
    from tagging.words import load_words

    load_words()
    took = seconds(hint_waiting)
    made = Hint.objects.count()
    say(f"the tagger reads {made:,} that wait, each", took / max(made, 1) * 1000)
    say("the same asked again, nothing owed", seconds(hint_waiting) * 1000)


def visit(name: str, user: Any) -> None:
    from django.test import Client

    client = Client()
    client.force_login(user)
    client.get("/board/")  # loads what a process loads once
    shown = re.findall(r'data-row="([^"]+)"', client.get("/queue/").text)
    tell(f"{name}: queue, to triage", client, "/queue/")
    tell(f"{name}: queue, overdue", client, "/queue/?tab=overdue")
    tell(f"{name}: queue, renewal of {len(shown)} rows", client, "/queue/news/", {"shown": shown}, HTMX)
    tell(f"{name}: board", client, "/board/")
    tell(f"{name}: board, renewal made for another reader", client, "/board/", {}, HTMX)


def tell(what: str, client: Any, path: str, query: Any = None, headers: Any = None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path, query, headers=headers)  # the counts beside the menu are kept from here on
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, query, headers=headers)
    queries, took = len(asked), []  # counted at once: the next request empties the log
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    for _time in range(TIMES):
        began = time.perf_counter()
        client.get(path, query, headers=headers)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    late = took[int(TIMES * 0.95)]
    over = " OVER THE LIMIT" if late > MOST_MS or queries > MOST_QUERIES else ""
    print(
        f"{what:<58} median {statistics.median(took):6.0f} ms   95 of 100 within {late:6.0f} ms"
        f"   best {took[0]:6.0f} ms   {queries:2} queries{over}",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=20_000)
    options = parser.parse_args()
    main(options.incidents, options.open)

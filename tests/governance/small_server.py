"""`script/server` with a small application in place of the product, for the tests of the supervisor.

It keeps the real databases, supervisor and watcher, and adds what the product's processes do to be hard to end:
the worker has a grandchild in a session of its own that ignores every wish to stop.
"""

import sys

from governance.processes import Application, Program
from governance.supervisor import main

_STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
_WORKER = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {_STUBBORN!r}], start_new_session=True, stdout=subprocess.DEVNULL)
"""
_REMEMBER = """
import os, pathlib, psycopg2
connection = psycopg2.connect(os.environ["DATABASE_URL"])
with connection, connection.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
    cursor.execute("INSERT INTO starts DEFAULT VALUES")
    cursor.execute("SELECT count(*) FROM starts")
    print("start number", cursor.fetchone()[0])
"""


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, *arguments)


SMALL = Application(
    prepare=Program("prepare", _python("-c", _REMEMBER.replace("{", "{{").replace("}", "}}"))),
    web=Program("web", _python("-m", "http.server", "{port}", "--bind", "{host}", "--directory", "{state}/media")),
    others=(Program("worker", _python("-c", _WORKER)), Program("beat", _python("-c", "import time; time.sleep(600)"))),
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], SMALL))

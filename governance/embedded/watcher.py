"""Two processes that look after each other, so that killing either with -9 leaves nothing behind.

The inner one does the work in a session of its own. The outer one, which the terminal and `kill` know, passes signals
on and waits. When the outer one is killed, the kernel asks the inner one to stop, and it stops everything in order.
When the inner one is killed, its descendants become children of the outer one, which ends them all.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from governance.embedded.process import adopt_orphans, die_with_parent, end_strays

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Handler = Callable[[int, FrameType | None], None]


def answer_stop_signals(handler: Handler) -> None:
    """Call `handler` for every wish to stop from now on, those included that waited since `run_watched` began."""
    for number in STOP_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup asked to outlive the terminal
            signal.signal(number, handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def run_watched(work: Callable[[], int], *, if_killed: Callable[[], None], grace: float = 10.0) -> int:
    """Run `work` in a second process and return its exit code; call `if_killed` before clearing up after its death.

    `work` begins with the stop signals held back: it calls `answer_stop_signals` when it is ready for them.
    """
    adopt_orphans()
    arrange_death = die_with_parent(signal.SIGTERM)
    # Held back until each side has said what it does with them: none gets lost, none ends only half of us.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    sys.stdout.flush()
    inner = os.fork()
    if inner == 0:
        _be_inner(work, arrange_death)
    # The inner process is not taken leave of before waitpid returns: until then the number is its own.
    answer_stop_signals(lambda number, frame: os.kill(inner, number))
    _, status = os.waitpid(inner, 0)
    answer_stop_signals(lambda number, frame: None)  # we are on the way out already
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        if_killed()
    end_strays(grace)
    return code if code >= 0 else 128 - code


def _be_inner(work: Callable[[], int], arrange_death: Callable[[], None]) -> NoReturn:
    """Do the work and exit; never returns to the code above, which belongs to the outer process."""
    code = 1
    try:
        os.setsid()
        arrange_death()
        adopt_orphans()
        code = work()
        end_strays(1.0)
    except BaseException:  # whatever it was, it is shown, and this process ends here
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(OSError, ValueError):  # a terminal that went away
            sys.stdout.flush()
        os._exit(code)

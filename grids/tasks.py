"""What the worker does for the tree."""

import logging

from celery import shared_task

from grids import soundness

logger = logging.getLogger(__name__)
MOST_LINES = 50  # a thoroughly broken street would fill the log


@shared_task
def check_trees() -> int:
    """Check all trees and log what is wrong, by code; returns how much. Mends nothing: see `check_tree --repair`."""
    found = soundness.findings()
    for finding in found[:MOST_LINES]:
        logger.error("Unsound tree: unit %s: %s", finding.code, finding.problem)
    if found:
        logger.error("Unsound trees: %d findings. Run check_tree, then check_tree --repair.", len(found))
    return len(found)

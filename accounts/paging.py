"""Long lists in pages, without counting twice what the page has counted already."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

ROWS = 50
_FARTHEST: Final = 10_000
"""Nobody turns so many pages; a number out of the blue must not make the database skip the whole table."""


class _Uncounted(Paginator):
    """A paginator that knows of one page more, if there is one, and of no total."""

    is_uncounted = True

    def __init__(self, keys: QuerySet, number: int) -> None:
        super().__init__(keys, ROWS)
        before = (number - 1) * ROWS
        self.found = list(keys[before : before + ROWS + 1])
        self.__dict__["count"] = before + len(self.found)


class _Counted(Paginator):
    """A paginator that is told the number of rows."""

    def __init__(self, rows: QuerySet | Sequence[Any], count: int) -> None:
        super().__init__(rows, ROWS)
        self.__dict__["count"] = count  # fills the cached property that would ask the database


def page_of[T: Model](request: HttpRequest, rows: QuerySet[T], count: int) -> Page[T]:
    """The page that the address asks for; the nearest one when there is no such page."""
    page = _Counted(rows.values_list("pk", flat=True), count).get_page(request.GET.get("page"))
    page.object_list = list(rows.filter(pk__in=list(page.object_list)))
    return page


def uncounted_page_of[T: Model](request: HttpRequest, rows: QuerySet[T]) -> Page[T]:
    """The page that the address asks for, the first when there is no such page; how many there are is not counted.

    For what grows for ever: counting a million rows takes longer than reading fifty of them.
    """
    wanted = request.GET.get("page", "")
    number = int(wanted) if wanted.isdecimal() and 1 <= int(wanted) <= _FARTHEST else 1
    keys = rows.values_list("pk", flat=True)
    paginator = _Uncounted(keys, number)
    if number > 1 and not paginator.found:
        paginator, number = _Uncounted(keys, 1), 1
    page = paginator.get_page(number)
    page.object_list = list(rows.filter(pk__in=paginator.found[:ROWS]))
    return page


def counted_page(request: HttpRequest, rows: QuerySet | Sequence[Any], count: int) -> Page:
    """The page of rows of any sort, say of tuples, that are counted already."""
    page = _Counted(rows, count).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return page


def first_of[T: Model](rows: QuerySet[T], most: int) -> list[T]:
    """The first `most` rows, in their order.

    Keys are put in order first and the rows of one page fetched after: with the open incidents of a whole district in
    hand, sorting them with all their columns and annotations took three times as long.
    """
    return list(rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:most])))

"""Long lists in pages, without counting twice what the page has counted already."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 50


class _Counted(Paginator):
    """A paginator that is told the number of rows."""

    def __init__(self, rows: QuerySet, count: int) -> None:
        super().__init__(rows, ROWS)
        self.__dict__["count"] = count  # fills the cached property that would ask the database


def page_of(request: HttpRequest, rows: QuerySet, count: int) -> Page:
    """The page that the address asks for; the nearest one when there is no such page."""
    return _Counted(rows, count).get_page(request.GET.get("page"))

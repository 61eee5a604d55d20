"""Who acts in the demonstration's history: found by their posts, kept as objects so that their posts are read once."""

from functools import cached_property
from random import Random

from accounts.models import User
from governance.demo import staff
from grids.models import Department, Kind, Post, Unit
from incidents.models import Category
from incidents.selectors import reportable_categories


class Cast:
    """The people, places and categories of one street."""

    def __init__(self, street: Unit) -> None:
        self.street = street
        self._people: dict[int, User] = {}

    @cached_property
    def micro_grids(self) -> list[Unit]:
        units = Unit.objects.filter(street=self.street, kind=Kind.MICRO_GRID, retired_at=None).order_by("lft")
        return list(units.select_related("street", "community", "grid", "micro_grid"))

    @cached_property
    def home(self) -> list[Unit]:
        """The micro-grids of the demo's worker."""
        grid = staff.home_grid(self.street)
        return [unit for unit in self.micro_grids if unit.grid_id == grid.pk]

    @cached_property
    def categories(self) -> dict[str, Category]:
        entries = reportable_categories().select_related("lead").prefetch_related("assisting")
        return {entry.code: entry for entry in entries}

    @cached_property
    def _workers(self) -> dict[int, User]:
        posts = Post.objects.filter(role__code="grid_worker", unit__street=self.street).order_by("-pk")
        return {post.unit_id: self._person(post) for post in posts.select_related("user") if post.unit_id}

    @cached_property
    def _officers(self) -> list[User]:
        posts = Post.objects.filter(role__code="command_officer", unit=self.street).select_related("user")
        return [self._person(post) for post in posts.order_by("pk")]

    @cached_property
    def _hands(self) -> dict[int, User]:
        posts = Post.objects.filter(department__isnull=False, role__abilities__contains=["handle"]).order_by("-pk")
        return {post.department_id: self._person(post) for post in posts.select_related("user") if post.department_id}

    @cached_property
    def verifier(self) -> User:
        post = Post.objects.filter(role__code="verifier", unit=self.street).select_related("user").first()
        return self._person(post) if post else self._officers[-1]

    def worker(self, micro_grid: Unit) -> User:
        """The worker of the micro-grid's grid."""
        return self._workers[micro_grid.grid_id or 0]

    def officer(self, rng: Random) -> User:
        """One of the command room's officers, any shift."""
        return rng.choice(self._officers)

    def hand(self, party: Department | Unit) -> User:
        """Somebody who handles things for the department."""
        return self._hands[party.pk]

    def _person(self, post: Post) -> User:
        return self._people.setdefault(post.user_id, post.user)

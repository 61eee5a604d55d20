"""Who is reached at a rung: today's holders of the role at the place, and the stand-ins of those who are away."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from accounts.models import User
from dispatch.escalation.plan import Rung
from grids.absences import holders_at
from grids.models import Post
from grids.posts import current


class Reached(NamedTuple):
    """One post of a rung. `told` None: its holder is away and nobody stands in."""

    post: Post
    told: User | None
    stands_in: bool


@dataclass
class Reach:
    """Looks up who is reached on one day, and remembers it: hundreds of incidents lead to the same few posts."""

    day: date
    _known: dict[tuple[int, int | None, int], list[Reached]] = field(default_factory=dict)

    def at(self, rung: Rung) -> list[Reached]:
        """The posts of the rung with whoever is told under each, in the order of the people's keys.

        In that order two passes that tell people at once wait for each other instead of stopping each other dead.
        """
        key = (rung.role_id, rung.unit, rung.district)
        if key not in self._known:
            self._known[key] = self._look_up(rung)
        return self._known[key]

    def _look_up(self, rung: Rung) -> list[Reached]:
        where = {"unit": rung.unit} if rung.unit else {"district": rung.district}
        posts = list(current(Post.objects.filter(role=rung.role_id, **where), self.day).select_related("user"))
        held = holders_at(posts, self.day) if posts else {}
        reached = [Reached(post, held[post.pk].user, held[post.pk].stands_in) for post in posts]
        return sorted(reached, key=lambda row: (row.told.pk if row.told else 0, row.post.pk))

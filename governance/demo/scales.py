"""How large a demonstration district is: a street in seconds, the real figures of one street, a county-level city."""

from typing import NamedTuple


class Scale(NamedTuple):
    """How much of everything. Households are doors: `owned` + `rented` + `dormitories`.

    `lodgers` are people who rent a room in an owner's farmhouse, `tenants` those behind the rented doors.
    """

    name: str
    grids: int
    micro_grids: int
    enterprise_micro_grids: int
    public_micro_grids: int
    owned: int
    rented: int
    dormitories: int
    registered: int
    elsewhere: int
    floating: int
    lodgers: int
    tenants: int
    dormitory_floors: bool = False
    communities: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    completed: bool = False

    @property
    def households(self) -> int:
        return self.owned + self.rented + self.dormitories

    @property
    def residents(self) -> int:
        return self.registered + self.elsewhere + self.floating

    @property
    def dormitory_people(self) -> int:
        return self.floating - self.lodgers - self.tenants


# One street with eight of its communities: enough of each form to look at, small enough to build in seconds.
SMALL = Scale(
    "small",
    grids=22,
    micro_grids=60,
    enterprise_micro_grids=8,
    public_micro_grids=6,
    owned=1_080,
    rented=300,
    dormitories=120,
    registered=3_120,
    elsewhere=180,
    floating=2_100,
    lodgers=480,
    tenants=1_020,
    streets=("330206004",),
    communities=(
        "330206004202",  # 芦山村, first: the place of the demo's worker
        "330206004221",  # 青林村
        "330206004238",  # 邬隘村
        "330206004245",  # 璎珞村
        "330206004002",  # 坝头社区
        "330206004005",  # 高田王社区
        "330206004008",  # 学苑社区
        "330206004010",  # 富春社区
    ),
)
# The published figures of 大碶街道: 47 communities, 272 grids, 1,010 micro-grids, 25,381 households, 63,000 registered
# and 154,000 floating residents. Eight and a half people a door is possible only because lodgers live with their
# landlords and firms house about a hundred thousand workers: there a door is one floor of a dormitory.
STREET = Scale(
    "street",
    grids=272,
    micro_grids=1_010,
    enterprise_micro_grids=330,
    public_micro_grids=40,
    owned=21_600,
    rented=2_800,
    dormitories=981,
    registered=63_000,
    elsewhere=0,
    floating=154_000,
    lodgers=48_000,
    tenants=9_500,
    dormitory_floors=True,
    streets=("330206004",),
    completed=True,
)
# A county-level city: all twelve streets with the 672 grids and 4,477 micro-grids that the district published.
CITY = Scale(
    "city",
    grids=672,
    micro_grids=4_477,
    enterprise_micro_grids=500,
    public_micro_grids=177,
    owned=160_000,
    rented=60_000,
    dormitories=20_000,
    registered=430_000,
    elsewhere=45_000,
    floating=435_000,
    lodgers=90_000,
    tenants=210_000,
    completed=True,
)
SCALES = {scale.name: scale for scale in (SMALL, STREET, CITY)}

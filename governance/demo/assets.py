"""What stands in the demonstration district beside homes: shops and firms, and what the area can count on."""

from datetime import datetime
from itertools import cycle
from random import Random
from typing import Any

from governance.demo.names import FEMALE, MALE, NameSource
from governance.demo.numbers import HOME_COUNTY, NumberSource
from grids.models import Kind, Unit
from households.models import Organisation, Resource
from households.services.assets import add_organisation, add_resource
from households.uscc import check_sign

# Name behind the community's, kind, hazards, whether it is a key one, whether it has a code.
_ORGANISATIONS = (
    ("便民超市", Organisation.Kind.SHOP, "", False, True),
    ("老街面馆", Organisation.Kind.RESTAURANT, "瓶装燃气 2 瓶", True, False),
    ("卫生服务站", Organisation.Kind.MEDICAL, "医疗废物", True, True),
    ("幼儿园", Organisation.Kind.SCHOOL, "", True, True),
    ("五金加工厂", Organisation.Kind.ENTERPRISE, "电焊作业，存放稀释剂", True, True),
    ("居家养老服务中心", Organisation.Kind.ELDERLY_CARE, "", True, True),
    ("民宿", Organisation.Kind.LODGING, "", False, False),
)
# Name, kind, quantity, counted in, where.
_RESOURCES = (
    ("文化礼堂", Resource.Kind.VENUE, 1, "处", "村委会旁"),
    ("应急避灾点", Resource.Kind.SHELTER, 1, "处", "文化礼堂一楼"),
    ("防汛沙袋", Resource.Kind.STOCK, 300, "只", "村委会仓库"),
    ("抽水泵", Resource.Kind.EQUIPMENT, 2, "台", "村委会仓库"),
    ("平安义警队", Resource.Kind.TEAM, 18, "人", ""),
    ("持证电工", Resource.Kind.SKILL, 1, "人", ""),
    ("小区东门", Resource.Kind.GATE, 1, "个", "常开，有人值守"),
)
_A_COMMUNITY = 4


def place(street: Unit, *, seed: int, at: datetime) -> tuple[int, int]:
    """Give every community of the street some of each. Returns how many organisations and resources."""
    rng = Random(seed)
    people, numbers = NameSource(rng), NumberSource(rng)
    organisations, resources = cycle(_ORGANISATIONS), cycle(_RESOURCES)
    communities = Unit.objects.filter(street=street, kind=Kind.COMMUNITY, retired_at=None).order_by("code")
    for community in communities:
        micro_grids = list(
            Unit.objects.filter(community=community, kind=Kind.MICRO_GRID, retired_at=None).order_by("lft")
        )
        for index in range(_A_COMMUNITY):
            unit = micro_grids[index % len(micro_grids)] if micro_grids else community
            contact = _contact(rng, people, numbers)
            facts = _organisation(community, next(organisations), rng) | contact
            add_organisation(unit, facts=facts, actor=None, at=at)
            add_resource(community, facts=_resource(next(resources)) | contact, actor=None, at=at)
    count = _A_COMMUNITY * len(communities)
    return count, count


def _contact(rng: Random, people: NameSource, numbers: NumberSource) -> dict[str, str]:
    sex = rng.choice((MALE, FEMALE))
    name = people.family(local=True) + people.given(sex, 1978)
    return {"contact_name": name, "contact_phone": numbers.phone()}


def _organisation(community: Unit, row: tuple[str, str, str, bool, bool], rng: Random) -> dict[str, Any]:
    name, kind, hazards, is_key, has_code = row
    first = f"92{HOME_COUNTY}MA{rng.randrange(10**7):07d}"
    return {
        "name": community.name.removesuffix("社区").removesuffix("村") + name,
        "kind": kind,
        "hazards": hazards,
        "is_key": is_key,
        "headcount": rng.randint(2, 40),
        "uscc": first + check_sign(first) if has_code else "",
    }


def _resource(row: tuple[str, str, int, str, str]) -> dict[str, Any]:
    name, kind, quantity, measure, where = row
    return {"name": name, "kind": kind, "quantity": quantity, "measure": measure, "place": where}

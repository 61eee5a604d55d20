"""Who lives together: families drawn as ages and relations, before names and numbers are given.

Every pattern is a list of relations to the head. Ages follow from the head's by plain rules: parents are 21 to 34 years
older than their children, spouses at most five years apart, a child-in-law near the child's age.
"""

from itertools import accumulate
from random import Random
from typing import NamedTuple

from governance.demo.names import FEMALE, MALE

# Relations, as a register writes them. The word depends on the sex, as it does on paper.
RELATION_WORDS = {
    "head": {MALE: "户主", FEMALE: "户主"},
    "spouse": {MALE: "配偶", FEMALE: "配偶"},
    "child": {MALE: "子", FEMALE: "女"},
    "child_in_law": {MALE: "女婿", FEMALE: "儿媳"},
    "grandchild": {MALE: "孙子", FEMALE: "孙女"},
    "daughters_child": {MALE: "外孙", FEMALE: "外孙女"},
    "parent": {MALE: "父亲", FEMALE: "母亲"},
    "tenant": {MALE: "租客", FEMALE: "租客"},
    "roommate": {MALE: "同住人", FEMALE: "同住人"},
}

LARGEST_FAMILY = 7
WORKING_AGES = (18, 56)


class Pattern(NamedTuple):
    """A kind of family: how common among families of its size, the head's age, the others in order."""

    weight: int
    youngest: int
    oldest: int
    others: tuple[str, ...]


class Role(NamedTuple):
    """One place in a family. `line` names the relation whose surname is carried on; `own` is a surname of one's own."""

    relation: str
    sex: str
    age: int
    line: str


def _pattern(weight: int, youngest: int, oldest: int, others: str = "") -> Pattern:
    return Pattern(weight, youngest, oldest, tuple(others.split()))


# Families of a settled place: many old people alone or as couples, three generations in the large ones.
SETTLED = {
    1: (_pattern(6, 62, 93), _pattern(4, 24, 61)),
    2: (
        _pattern(6, 52, 86, "spouse"),
        _pattern(2, 25, 45, "spouse"),
        _pattern(1, 32, 60, "child"),
        _pattern(2, 30, 62, "parent"),
    ),
    3: (_pattern(8, 27, 62, "spouse child"), _pattern(2, 38, 64, "spouse parent")),
    4: (
        _pattern(5, 30, 56, "spouse child child"),
        _pattern(4, 30, 60, "spouse child parent"),
        _pattern(2, 55, 68, "spouse child child_in_law"),
    ),
    5: (
        _pattern(5, 30, 55, "spouse child parent parent"),
        _pattern(3, 31, 56, "spouse child child parent"),
        _pattern(5, 55, 72, "spouse child child_in_law grandchild"),
    ),
    6: (
        _pattern(4, 31, 54, "spouse child child parent parent"),
        _pattern(4, 57, 72, "spouse child child_in_law grandchild grandchild"),
    ),
    7: (_pattern(1, 57, 66, "spouse child child_in_law grandchild grandchild parent"),),
}
# Those who came to work: young, alone, as couples, with small children, or sharing a flat with others.
INCOMING = {
    1: (_pattern(1, 18, 56),),
    2: (_pattern(5, 21, 55, "spouse"), _pattern(3, 19, 45, "roommate"), _pattern(1, 24, 45, "child")),
    3: (_pattern(6, 24, 48, "spouse child"), _pattern(3, 19, 42, "roommate roommate")),
    4: (_pattern(5, 29, 46, "spouse child child"), _pattern(3, 19, 40, "roommate roommate roommate")),
    5: (_pattern(3, 28, 46, "spouse child child parent"), _pattern(2, 19, 40, "roommate " * 4)),
    6: (_pattern(1, 30, 46, "spouse child child parent parent"), _pattern(2, 19, 38, "roommate " * 5)),
    7: (_pattern(1, 19, 38, "roommate " * 6),),
}


class FamilySource:
    """Draws families of a wanted size from one random stream."""

    def __init__(self, rng: Random):
        self._random = rng.random
        self._settled = _cumulated(SETTLED)
        self._incoming = _cumulated(INCOMING)

    def settled(self, size: int) -> list[Role]:
        """A family registered here: `size` people, the head first."""
        return self._draw(self._settled[size], male_heads=0.72)

    def incoming(self, size: int) -> list[Role]:
        """A family or a shared flat of people who came to work: `size` people, the head first."""
        return self._draw(self._incoming[size], male_heads=0.65)

    def lodgers(self, count: int, relation: str) -> list[Role]:
        """People of working age with no tie to one another, mixed as rented rooms are."""
        return [Role(relation, self._sex(0.58), self._between(*WORKING_AGES), "own") for _ in range(count)]

    def dormitory(self, size: int) -> list[Role]:
        """People of one sex who share a dormitory; the first stands for them."""
        sex = self._sex(0.6)
        roles = [Role("roommate", sex, self._between(*WORKING_AGES), "own") for _ in range(size)]
        return [roles[0]._replace(relation="head", line="head"), *roles[1:]]

    def _draw(self, choices: list[tuple[float, Pattern]], male_heads: float) -> list[Role]:
        at = self._random()
        pattern = next(pattern for edge, pattern in choices if at < edge)
        family = [Role("head", self._sex(male_heads), self._between(pattern.youngest, pattern.oldest), "head")]
        for relation in pattern.others:
            family.append(self._relative(relation, family))
        return family

    def _relative(self, relation: str, family: list[Role]) -> Role:
        """The next member, given those already there."""
        head = family[0]
        if relation == "spouse":
            legal = 20 if head.sex == MALE else 22  # the Civil Code's ages for women and men
            return Role(relation, _other(head.sex), max(legal, head.age + self._between(-4, 5)), "own")
        if relation == "parent":
            both = family[-1].relation == "parent"
            sex = _other(family[-1].sex) if both else self._sex(0.4)
            age = family[-1].age + self._between(-3, 4) if both else head.age + self._between(21, 30)
            return Role(relation, sex, max(age, head.age + 19), "head" if sex == MALE else "own")
        if relation == "child":
            return self._child(family)
        if relation == "child_in_law":
            child = family[-1]
            return Role(relation, _other(child.sex), max(24, child.age + self._between(-3, 4)), "own")
        if relation == "grandchild":
            return self._grandchild(family)
        return Role(relation, self._sex(0.6), self._between(*WORKING_AGES), "own")

    def _child(self, family: list[Role]) -> Role:
        """A child of the head. Where a child-in-law follows, the head is 55 or more and so the child is grown up."""
        head, *rest = family
        spouse = next((member for member in rest if member.relation == "spouse"), None)
        younger_parent = min(head.age, spouse.age) if spouse else head.age
        age = max(0, min(head.age - self._between(22, 32), younger_parent - 20))
        elder = next((member for member in rest if member.relation == "child"), None)
        father = "spouse" if spouse and head.sex == FEMALE else "head"
        return Role("child", self._sex(0.53), self._sibling_age(elder) if elder else age, father)

    def _grandchild(self, family: list[Role]) -> Role:
        child = next(member for member in family if member.relation == "child")
        in_law = next(member for member in family if member.relation == "child_in_law")
        elder = next((member for member in family if member.relation.endswith(("grandchild", "s_child"))), None)
        age = max(0, min(child.age, in_law.age) - self._between(22, 30))
        relation, father = ("grandchild", child.line) if child.sex == MALE else ("daughters_child", "child_in_law")
        return Role(relation, self._sex(0.53), self._sibling_age(elder) if elder else age, father)

    def _sibling_age(self, elder: Role) -> int:
        """Two years apart at least in whole years of age, so that the births are a year apart to the day."""
        if elder.age < 2:
            return elder.age + self._between(2, 4)
        return max(0, elder.age - self._between(2, 6))

    def _sex(self, men: float) -> str:
        return MALE if self._random() < men else FEMALE

    def _between(self, low: int, high: int) -> int:
        return low + int(self._random() * (high - low + 1))


def _other(sex: str) -> str:
    return FEMALE if sex == MALE else MALE


def _cumulated(patterns: dict[int, tuple[Pattern, ...]]) -> dict[int, list[tuple[float, Pattern]]]:
    """Patterns with their running share of one, to be drawn by a single random number."""
    return {
        size: [
            (edge / sum(choice.weight for choice in choices), choice)
            for edge, choice in zip(accumulate(choice.weight for choice in choices), choices, strict=True)
        ]
        for size, choices in patterns.items()
    }

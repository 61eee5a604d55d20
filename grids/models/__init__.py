"""The tree of the district, its history, and the people who serve it."""

from grids.models.change import UnitChange, UnitSuccession
from grids.models.mode import Absence, Mode, OperationMode, ZoneOrder
from grids.models.post import Ability, Department, Post, Role
from grids.models.sizing import SizingRule
from grids.models.unit import CodeSequence, District, Form, Kind, Unit, Use

__all__ = [
    "Ability",
    "Absence",
    "CodeSequence",
    "Department",
    "District",
    "Form",
    "Kind",
    "Mode",
    "OperationMode",
    "Post",
    "Role",
    "SizingRule",
    "Unit",
    "UnitChange",
    "UnitSuccession",
    "Use",
    "ZoneOrder",
]

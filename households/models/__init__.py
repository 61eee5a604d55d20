from households.models.change import RegisterChange
from households.models.export import ExportRequest
from households.models.load import LayoutTemplate, LoadStreet, NamedPlaceRow, RegisterLoad, RememberedPlace
from households.models.organisation import Organisation, Resource
from households.models.register import Household, Resident
from households.models.staged import StagedPerson, StagedVerdict
from households.models.street import StreetRegister
from households.models.tag import ResidentTag, TagKind

__all__ = [
    "ExportRequest",
    "Household",
    "LayoutTemplate",
    "LoadStreet",
    "NamedPlaceRow",
    "Organisation",
    "RegisterChange",
    "RegisterLoad",
    "RememberedPlace",
    "Resident",
    "ResidentTag",
    "Resource",
    "StagedPerson",
    "StagedVerdict",
    "StreetRegister",
    "TagKind",
]

"""What a column of a register can mean, and the codes of what can be wrong with a cell."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Field(TextChoices):
    """The meaning of a column. Those of the household come first, then those of the person."""

    COMMUNITY = "community", _("Community")
    GRID = "grid", _("Grid")
    MICRO_GRID = "micro_grid", _("Micro-grid")
    HOUSEHOLD_NUMBER = "household_number", _("Household number")
    ADDRESS = "address", _("Address")
    BUILDING = "building", _("Building")
    STAIRWELL = "stairwell", pgettext_lazy("of an address", "Stairwell")
    ROOM = "room", _("Room")
    HEAD_NAME = "head_name", _("Name of the head")
    HEAD_NUMBER = "head_number", _("Document number of the head")
    DWELLING = "dwelling", _("Use of the dwelling")
    LANDLORD_NAME = "landlord_name", _("Name of the landlord")
    LANDLORD_PHONE = "landlord_phone", _("Phone of the landlord")
    NAME = "name", _("Name")
    DOCUMENT = "document", _("Kind of document")
    NUMBER = "number", _("Document number")
    PHONE = "phone", _("Phone")
    SEX = "sex", _("Sex")
    BORN_ON = "born_on", _("Born on")
    RELATION = "relation", _("Relation to the head")
    RESIDENCE = "residence", _("Residence")
    MOVED_IN_ON = "moved_in_on", _("Moved in on")
    MOVED_OUT_ON = "moved_out_on", _("Moved out on")
    TAGS = "tags", _("Tags")
    NOTE = "note", _("Note")


HOUSEHOLD_FIELDS = frozenset(
    {
        Field.COMMUNITY,
        Field.GRID,
        Field.MICRO_GRID,
        Field.HOUSEHOLD_NUMBER,
        Field.ADDRESS,
        Field.BUILDING,
        Field.STAIRWELL,
        Field.ROOM,
        Field.HEAD_NAME,
        Field.HEAD_NUMBER,
        Field.DWELLING,
        Field.LANDLORD_NAME,
        Field.LANDLORD_PHONE,
    }
)
PERSON_FIELDS = frozenset(Field) - HOUSEHOLD_FIELDS
REPEATABLE_FIELDS = frozenset({Field.TAGS, Field.NOTE})
"""Several columns of a sheet may hold these; all others stand in one column, or one a member."""


class Problem(TextChoices):
    """What is wrong with a line, and (see `SEVERITY`) what that means for it."""

    NO_NAME = "no_name", _("The name is missing. Fill it in.")
    NAME_TOO_LONG = "name_too_long", _("The name has more than 60 characters. Check the column.")
    NAME_ODD = "name_odd", _("This doesn't look like a name. Check the cell.")
    NUMBER_DAMAGED = (
        "number_damaged",
        _(
            "Excel has damaged this number: digits after the fifteenth are lost."
            " Format the column as text and type the number again."
        ),
    )
    NUMBER_LENGTH = "number_length", _("An identity card number has 18 digits. Check it against the card.")
    NUMBER_DATE = "number_date", _("The birth date within the number doesn't exist. Check it against the card.")
    NUMBER_CHECK_DIGIT = (
        "number_check_digit",
        _("The last digit doesn't fit the others, so one of them is wrong. Check it against the card."),
    )
    NUMBER_OLD = "number_old", _("An old number of 15 digits. It is taken; ask for the new one.")
    NUMBER_COUNTY = "number_county", _("The first six digits are no county that is known. It is taken.")
    NUMBER_MISSING = "number_missing", _("No document number.")
    SEX_DIFFERS = "sex_differs", _("The sex differs from the one in the number. The number counts.")
    SEX_UNKNOWN = "sex_unknown", _("This sex isn't understood. Write 男 or 女.")
    BORN_DIFFERS = "born_differs", _("The birth date differs from the one in the number. The number counts.")
    DATE_UNKNOWN = "date_unknown", _("This date isn't understood. Write it like 1990-01-31.")
    DATE_AHEAD = "date_ahead", _("This date lies ahead. Check it.")
    PHONE_UNKNOWN = "phone_unknown", _("This isn't a telephone number. Check it.")
    PHONE_SECOND = (
        "phone_second",
        _("Several telephone numbers in one cell. One is kept, a mobile one first; the others aren't."),
    )
    RELATION_UNKNOWN = "relation_unknown", _("This relation isn't known. It is kept as it is.")
    RESIDENCE_UNKNOWN = "residence_unknown", _("This kind of residence isn't known. “Registered here” is taken.")
    DWELLING_UNKNOWN = "dwelling_unknown", _("This use of a dwelling isn't known. It is left open.")
    TAG_UNKNOWN = "tag_unknown", _("This tag isn't known. It is left out.")
    FORMULA_ERROR = "formula_error", _("The formula in this cell has an error. Write the value itself.")
    NO_PLACE = "no_place", _("No micro-grid: neither the line nor the sheet, the title or the file names one.")
    PLACE_UNKNOWN = "place_unknown", _("This place isn't in the tree. Say which it is, or add it.")
    PLACE_AMBIGUOUS = "place_ambiguous", _("Several places have this name. Say which it is.")
    PLACE_OUTSIDE = "place_outside", _("This place lies outside your area.")
    NO_HOUSEHOLD = "no_household", _("No household: neither an address nor a household number.")
    TWICE_IN_FILE = "twice_in_file", _("The same person stands on another line too.")
    TWO_NAMES = "two_names", _("This number stands here with two names, or belongs to somebody of another name.")
    SAME_PERSON = "same_person", _("Somebody of this name and birth date is known already. Is it the same person?")
    SEVERAL_HEADS = "several_heads", _("This household has several heads.")
    GONE = "gone", _("In the register, but not in this file.")


class Severity(TextChoices):
    WARNING = "warning", _("Warning")
    DOUBTFUL = "doubtful", pgettext_lazy("rows of a load", "Doubtful")
    REFUSED = "refused", pgettext_lazy("rows of a load", "Refused")


SEVERITY: dict[str, Severity] = {
    **dict.fromkeys(Problem, Severity.WARNING),
    Problem.NO_NAME: Severity.REFUSED,
    Problem.NAME_TOO_LONG: Severity.REFUSED,
    Problem.NAME_ODD: Severity.REFUSED,
    Problem.NUMBER_DAMAGED: Severity.REFUSED,
    Problem.NUMBER_LENGTH: Severity.REFUSED,
    Problem.NUMBER_DATE: Severity.REFUSED,
    Problem.NUMBER_CHECK_DIGIT: Severity.REFUSED,
    Problem.FORMULA_ERROR: Severity.REFUSED,
    Problem.NO_PLACE: Severity.REFUSED,
    Problem.PLACE_UNKNOWN: Severity.REFUSED,
    Problem.PLACE_AMBIGUOUS: Severity.REFUSED,
    Problem.PLACE_OUTSIDE: Severity.REFUSED,
    Problem.NO_HOUSEHOLD: Severity.REFUSED,
    Problem.TWICE_IN_FILE: Severity.REFUSED,
    Problem.TWO_NAMES: Severity.DOUBTFUL,
    Problem.SAME_PERSON: Severity.DOUBTFUL,
}

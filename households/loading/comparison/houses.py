"""What a file says of its households, and what that would change."""

from households.loading.comparison import facts
from households.loading.staging.sets import table

# The address is that of the first line that has one; of everything else a household has one value, or the same one of
# several each time. A phone goes with its fingerprint, which alone compares.
UNNUMBERED = "无门牌"
"""What a door is called of which the file says neither address nor number; the tree tells several of them apart."""
_HOUSES = f"""
WITH told AS (
    SELECT line.home, coalesce(min(s.ordinal) FILTER (WHERE s.address_key <> ''), min(s.ordinal)) AS ordinal,
           max(s.household_number) AS number, max(s.dwelling) AS dwelling, max(s.landlord_name) AS landlord_name,
           max(ARRAY[s.landlord_phone_fingerprint, s.landlord_phone])
               FILTER (WHERE s.landlord_phone_fingerprint <> '') AS phone
    FROM {{staged}} AS s JOIN {{lines}} AS line USING (ordinal) GROUP BY line.home
)
SELECT told.home, coalesce(nullif(s.address, ''), '户号' || nullif(told.number, ''), '{UNNUMBERED}') AS address,
       s.address <> '' AS is_addressed, s.address_key, told.number, told.dwelling, told.landlord_name,
       coalesce(told.phone[2], '') AS landlord_phone, coalesce(told.phone[1], '') AS landlord_phone_fingerprint
FROM told JOIN {{staged}} AS s USING (ordinal)
"""  # noqa: S608 -- constants
_CHANGES = f"""
SELECT * FROM (
    SELECT home.home, home.unit_id, unit.micro_grid_id IS DISTINCT FROM home.micro_grid_id AS moves,
           ({facts.differ(facts.HOUSEHOLD)}) AS differs
    FROM {{homes}} AS home JOIN loading_house AS s ON s.home = home.home
    JOIN households_household AS r ON r.unit_id = home.unit_id
    JOIN grids_unit AS unit ON unit.id = home.unit_id
) AS found WHERE moves OR differs
"""  # noqa: S608 -- constants


def read(*, staged: str, lines: str) -> None:
    """Make `loading_house`: one a household of the file, with the columns of `facts.HOUSEHOLD`.

    `lines` is a select of `ordinal` and `home`, the household that each staged row belongs to.
    """
    table("loading_house", _HOUSES.format(staged=staged, lines=f"({lines})"))


def compare(homes: str) -> None:
    """Make `loading_house_change`: those of `homes` (home, unit_id, micro_grid_id) that the register has otherwise."""
    table("loading_house_change", _CHANGES.format(homes=homes))

"""Twenty workbooks as different as real ones, each with the people and homes that a load must make of it.

`TWENTY` maps a name to a function without arguments. All people are invented.
"""

from collections.abc import Callable, Mapping

from tests.households.workbooks import groups, lines
from tests.households.workbooks.cast import Sent

TWENTY: Mapping[str, Callable[[], Sent]] = {
    made.__name__: made
    for made in (
        lines.numbered_among_strangers,
        lines.head_repeated_under_three_lines,
        lines.damaged_numbers,
        lines.old_numbers_and_doors_in_three_cells,
        lines.dates_in_twelve_spellings,
        lines.doors_in_many_spellings,
        lines.a_hundred_columns,
        lines.formulas_and_links,
        lines.without_a_header,
        lines.key_people,
        lines.floating_with_landlords,
        groups.merged_with_the_header_again,
        groups.first_line_only,
        groups.head_first_on_three_sheets,
        groups.members_side_by_side,
        groups.members_repeated_under_groups,
        groups.a_sheet_a_village,
        groups.place_in_the_file_name,
        groups.a_web_page,
        groups.our_own_in_english,
    )
}

"""Loading registers: any workbook that a village has, from the file to the rows of the register.

One way through, each step a module: `reading` (file to cells) → `recognising` (which lines, which columns: a
`plan.BookPlan`) → `people` (cells to clean rows, in chunks of columns: `rows.People`) → `staging` (chunks to the
staging tables) → `comparing` (what would be new, changed, moved, gone, doubtful, refused) → `applying` → `undoing`.
`runs` holds it together: the acts that page, command and API call.
"""

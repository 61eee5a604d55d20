"""Loading registers: any workbook that a village has, from the file to the rows of the register.

One way through, each step a package: `files` (file to cells) → `recognition` (which lines, which columns: a
`plan.BookPlan`) → `cleaning` (cells to clean rows, in chunks of columns: `rows.People`) → `placing` (where they live)
→ `staging` (chunks to the staging tables) → `comparison` (what would be new, changed, moved, gone, doubtful, refused)
→ `writing` (and undoing it). `runs` holds it together: the acts that page, command and API call. What the steps say to
each other lies here: `fields`, `plan`, `rows`.
"""

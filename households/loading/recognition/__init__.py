"""What a workbook is: its header lines, what each column says, in which shape households stand, how sure that is.

`recognising` is the way in; it writes a `loading.plan.BookPlan`, which the user may correct and a layout remembers.
"""

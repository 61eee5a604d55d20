"""Who watches the clock: an hourly look at the clocks themselves (design, section 7).

`checks` says what has to hold, `repairs` puts right what is safe, `audit` does both once an hour and keeps the result;
`outside` lets a monitor elsewhere know, as long as all is well.
"""

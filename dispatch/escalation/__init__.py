"""What happens when nobody acts in time: the ladder, the report to the next tier, the express lane.

`ladder`: which posts there are. `plan`: the ladder frozen for one incident. `beginning`: when a ladder starts and ends.
`climbing`: each minute, the rungs that are due. `reach`: who is told at a rung. `lanes`: what people send up by hand.
"""

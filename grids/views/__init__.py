"""The pages of the tree: looking at it, changing it, and who serves it."""

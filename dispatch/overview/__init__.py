"""What the overview pages show: for whom, which rows, and the figures above them. One module a page or two."""

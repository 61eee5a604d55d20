"""From what a file calls a place to the micro-grid that it is."""

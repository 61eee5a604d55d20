"""Measurements of what the product promises. Each module runs by itself: `python -m benchmarks.sweep`."""

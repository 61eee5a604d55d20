"""Invented content for demonstrations and benchmarks: pure generators, no database, same seed, same result."""

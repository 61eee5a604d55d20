"""Loads of registers over the API: the same services and the same visibility as the pages."""

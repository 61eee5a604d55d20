"""The configuration of this app as Excel or CSV, one module a subject."""

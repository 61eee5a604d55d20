"""The API of this app: the same services and the same rights as the pages."""

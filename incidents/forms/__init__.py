"""The shape of what people send, and how errors are worded; the rules themselves are the services'."""

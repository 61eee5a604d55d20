"""What people type on the pages of this app. The rules are the services'; here are labels and choices."""

"""Files that we write: the empty template, what was refused in the sender's own layout, formats for import screens."""

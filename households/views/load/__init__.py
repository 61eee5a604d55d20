"""The pages of one load, from the file to the register."""

"""The close-out as a sheet for the files: the same words on paper, in Word and in Excel, in the reader's language."""

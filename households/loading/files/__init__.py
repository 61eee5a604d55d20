"""From the sender's file to cells, one module a format. `reading.open_book` tells them apart and is the only way in."""

"""Into the register, all or nothing a street (`applying`), and back out (`undoing`)."""

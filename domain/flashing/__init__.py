"""What to flash in which order, and doing it."""

"""What a simulated device is without firmware: flash memory, its settings, its kind."""

"""Particle devices on USB: finding the right one, and taking it from mode to mode."""

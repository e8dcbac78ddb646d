"""Firmware in a simulated device: made, stored, received, checked, and started at boot."""

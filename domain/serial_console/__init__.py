"""The serial side of a device: its ports, the console of listening mode, what an application prints."""

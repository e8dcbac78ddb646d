"""What a simulated device does while it runs: its application, cloud link, buttons and LED."""

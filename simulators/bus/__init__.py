"""The USB bus that simulated devices are plugged into."""

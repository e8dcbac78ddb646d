"""The platform catalogue: every kind of device, its ids, memory maps, modules and key places."""

"""The device end of the control requests."""

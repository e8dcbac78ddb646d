"""Schemas of the control messages (*.proto) and the code compiled from them (`make proto`)."""

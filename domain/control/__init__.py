"""The vendor control requests of a running device: the channel they travel on, and what they say."""

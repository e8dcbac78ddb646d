"""A project on disk: its properties, what a compilation sends of it, and how a new one begins."""

"""Whole simulated worlds described in a file, and what can be broken in them."""

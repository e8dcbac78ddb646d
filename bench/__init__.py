"""Measurements, run by hand (`make bench`): each stands beside its limit, none is a test."""

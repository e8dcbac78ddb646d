"""Simulated worlds for test suites; the pytest plugin's fixtures hand them out."""

"""The Particle command line, its domain as a library, and simulated devices and cloud."""

__version__ = "0.1.0"

"""Measurements, each with everything it compares in one run: `make benchmark`."""

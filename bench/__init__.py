"""Measurements: ratios of one run, never absolute numbers."""

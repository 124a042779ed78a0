"""Measurements: ratios and distributions within one run."""

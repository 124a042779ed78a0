"""The one door to Temporal."""

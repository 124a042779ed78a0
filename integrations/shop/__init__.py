"""Commerce backends behind a protocol."""

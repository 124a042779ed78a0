"""What the business means: pure values and rules. No I/O, no clock, no randomness, no Temporal."""

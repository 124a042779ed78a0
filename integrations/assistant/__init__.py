"""The AI behind a protocol."""

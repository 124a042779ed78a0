"""Rushes that take minutes: `make soak` plays them, ordinary runs leave them out."""

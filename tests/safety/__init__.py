"""Attacks on the assistant: a model that obeys whoever attacks, and what must not come of it."""

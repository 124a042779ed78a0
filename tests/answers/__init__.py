"""Whole conversations with the local assistant, played like those of `baton eval answers`."""

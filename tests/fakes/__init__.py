"""Fakes of outside services: servers that speak the real protocol and can be told to fail."""

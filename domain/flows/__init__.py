"""Flows: multi-step procedures on an order, each a durable workflow of its own."""

"""How fast Baton is: against a bare Temporal workflow of the same shape, under load, and in dispatch."""

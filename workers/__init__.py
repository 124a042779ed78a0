"""Settings, wiring of the pools and process entry points."""

"""Live pages: one LISTEN connection for each process wakes every open stream."""

"""What a laptop lacks: PostgreSQL, a Temporal server and child processes that never outlive Baton."""

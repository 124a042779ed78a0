"""SQLModel tables, queries, the journal and migrations. PostgreSQL, and nothing else."""

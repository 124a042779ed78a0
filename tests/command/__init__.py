"""The `baton` command as a person runs it: real processes, real servers."""

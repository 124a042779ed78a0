"""The durable stories, one file each."""

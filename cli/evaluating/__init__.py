"""`baton eval`: how good the configured assistant is, on a brand's own messages and conversations."""

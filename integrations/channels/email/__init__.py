"""The mail channel: SMTP in, SMTP out."""

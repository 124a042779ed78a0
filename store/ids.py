"""Ids: 26 characters of Crockford base 32 (ULID layout), ordered by time, so that indexes grow at one end."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """A new id: 48 bits of milliseconds since 1970, then 80 random bits; unguessable, safe in URLs and workflow ids."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))

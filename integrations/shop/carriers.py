"""The carriers of the demo store and the local shop, by shipping method."""

import secrets

_STANDARD = ("Parcelline", "PL")
_CARRIERS = {"standard": _STANDARD, "express": ("Sprintline", "SP")}


def carrier_for(method: str) -> tuple[str, str]:
    """The carrier's name and what its tracking numbers begin with."""
    return _CARRIERS.get(method, _STANDARD)


def new_tracking_number(method: str) -> str:
    """A number that no parcel has, two digits longer than those of the demo orders."""
    return f"{carrier_for(method)[1]}{secrets.randbelow(10**12):012d}"

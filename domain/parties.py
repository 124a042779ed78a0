"""Who takes part: customers with their identities, channels, agents' roles, and who wrote a message."""

from enum import StrEnum


class Channel(StrEnum):
    """The ways in and out."""

    CHAT = "chat"
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"
    INSTAGRAM = "instagram"
    VOICE = "voice"
    API = "api"


class IdentityKind(StrEnum):
    """An address or id by which a customer is known."""

    EMAIL = "email"
    PHONE = "phone"
    SOCIAL = "social"
    CHAT_SESSION = "chat_session"
    SHOP_CUSTOMER = "shop_customer"


class AuthorKind(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    AI = "ai"
    AGENT = "agent"
    FLOW = "flow"
    SYSTEM = "system"
    """Baton's own notices (a place in the queue, a transcript); spoken for whoever holds the baton."""


class Role(StrEnum):
    """What a caller of the API may do."""

    CHANNEL = "channel"
    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"
    READ_ONLY = "read_only"
    WAREHOUSE = "warehouse"
    """Tells what came back and in which state, and does nothing else."""


def normalise_address(kind: IdentityKind, value: str) -> str:
    """One spelling for each address: e-mail in lower case without blanks, everything else stripped."""
    value = value.strip()
    return value.lower() if kind is IdentityKind.EMAIL else value

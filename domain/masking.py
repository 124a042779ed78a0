"""Card numbers and secrets, masked before anything is stored, logged or shown to a model."""

from domain.masking_cards import find_cards
from domain.masking_secrets import without_secrets


def masked(text: str) -> str:
    """The text with each card number (by its Luhn digit) and each secret replaced by a mark.

    Of a card its last four digits stay, which is what people name a card by (PCI DSS 4.0.1, 3.4.1 allows them to be
    shown). Masking again changes nothing. Bank account numbers, order numbers and one-time codes of Baton stay.
    """
    parts, place = [], 0
    for card in find_cards(text):
        parts += [text[place : card.start], f"[card ending {card.ending}]"]
        place = card.end
    return without_secrets("".join([*parts, text[place:]]))


def masked_payload(raw: bytes) -> bytes:
    """The same for a payload as it came in; what is encoded, such as base64, stays as it is."""
    return masked(raw.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

"""Baton's own words to customers, in the languages that it writes; English for all others."""

_WAITING = {
    "en": "Thank you. A colleague from our team will take over and answer you here.",
    "de": "Vielen Dank. Jemand aus unserem Team übernimmt und antwortet Ihnen hier.",
    "es": "Gracias. Una persona de nuestro equipo se hará cargo y le responderá aquí.",
    "fr": "Merci. Une personne de notre équipe prend le relais et vous répondra ici.",
}


def waiting_for_a_person(language: str) -> str:
    """Says that a person will answer. `language` is an ISO 639-1 code."""
    return _WAITING.get(language, _WAITING["en"])

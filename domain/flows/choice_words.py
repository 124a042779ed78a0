"""Which of the things that a flow offers a customer names in plain words, in the languages that Baton writes."""

import re
from collections.abc import Collection

_WORDS = {
    "refund": r"refund|money back|geld zurück|erstattung|reembolso|remboursement|rembours(?:er|ez)",
    "store_credit": r"store credit|voucher|gutschein|guthaben|crédito|avoir|bon d'achat",
    "wait": r"wait|warten?|esper(?:ar|o)|attendre|j'attends",
    "reship": r"(?:send|ship) (?:it |one |them )?again|resend|reship|re-send|(?:noch ?mal|erneut) (?:schicken|senden)"
    r"|(?:schicken|senden) sie es (?:noch ?mal|erneut)|reenv[ií]\w+|de nouveau|renvoy\w+",
}
_UNSURE = re.compile(
    r"[?¿]|(?<![\w-])(?:no|not|nor|don't|dont|can't|cannot|won't|never|instead of|unless|if|but|how|nicht|kein\w*|nein"
    r"|wenn|aber|sondern|pero|si|sin|ni|pas|sans|mais|ne|n')(?![\w-])",
    re.IGNORECASE,
)
"""Whatever stands beside these may be the opposite of a choice, or a question about it."""
_LONGEST = 25
"""Words; who needs more has something else to say as well."""


def choice_said(said: str, offered: Collection[str]) -> str:
    """The one offer that is named; empty for none, several, a condition, a refusal or a question."""
    text = said.replace("’", "'")
    if _UNSURE.search(text) or len(text.split()) > _LONGEST:
        return ""
    named = [choice for choice in offered if choice in _WORDS and _names(choice, text)]
    return named[0] if len(named) == 1 else ""


def _names(choice: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w-])(?:{_WORDS[choice]})(?![\w-])", text, re.IGNORECASE))

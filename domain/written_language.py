"""The language in which a text is written, as far as its small words and its letters show it."""

import re
import unicodedata
from collections.abc import Sequence

_SMALL_WORDS = {
    "en": "the and you your for with not this that have will are was can our from please order it is to of on in we",
    "de": "der die das und sie ihre nicht mit für ist wir haben ein eine den dem auf von zu bitte bestellung wird sich",
    "es": "el la los las que de su para con por una un no es se en le como pedido está gracias usted del al",
    "fr": "le la les des vous votre pour avec une un ne pas est nous dans que du au sur en ce et merci commande",
    "it": "il lo gli che di per con una non è si del della sono suo ordine grazie nel al questo anche",
    "nl": "de het een en van voor met niet is uw wij je op dat bestelling te zijn wordt bedankt deze",
    "pt": "o os as que de para com uma não é seu sua por em do da pedido obrigado você no na",
    "pl": "nie się na do jest że z w i to dla zamówienie proszę pan pani twoje jak",
}
_SETS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 8
"""Words from which on small words tell anything."""
_CLEARLY = 2
"""How many times as many small words another language must have."""


def clearly_other_than(text: str, languages: Sequence[str]) -> bool:
    """Is the text clearly in none of these languages (ISO 639-1)? A short or mixed text never is."""
    words = [word.lower() for word in _WORD.findall(text)]
    latin = sum("LATIN" in unicodedata.name(letter, "") for word in words for letter in word)
    if set(languages) <= set(_SETS) and words and latin * 2 < sum(map(len, words)):
        return True
    if len(words) < _FEWEST or not set(languages) <= set(_SETS):
        return False
    counts = {language: sum(word in small for word in words) for language, small in _SETS.items()}
    best = max(counts[language] for language in languages)
    other = max((count for language, count in counts.items() if language not in languages), default=0)
    return other >= max(3, _CLEARLY * best + 1)

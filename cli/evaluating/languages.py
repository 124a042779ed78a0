"""Which of four languages a text is in, by the little words that each of them needs."""

import re

_LITTLE = {
    "en": "the you your is are and of to it for with can have has we not this that from in on be was will i",
    "de": "der die das sie ihre ihren ihr ist sind und von zu es für mit können haben hat wir nicht dieses auf ich dem",
    "es": "el la los las usted su sus es son y de para con puede tiene ha no este que por en un una lo se del",
    "fr": "le la les vous votre vos est sont et de pour avec pouvez avez a nous ne pas ce que par en un une il du des",
}
_WORDS = {language: frozenset(words.split()) for language, words in _LITTLE.items()}


def language_of(text: str) -> str:
    """`en`, `de`, `es` or `fr`: the one with most of its little words in the text."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return max(_WORDS, key=lambda language: sum(word in _WORDS[language] for word in words))

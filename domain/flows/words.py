"""What flows say to customers: the words of `domain.flows.texts`, filled with facts. English for other languages."""

import string
from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency

from domain.flows.kinds import FlowKind
from domain.flows.refusal import Rule
from domain.flows.refusal_words import refusal_words
from domain.flows.texts import TEXTS, FlowTexts
from domain.money import Money
from domain.values import Value

_FORMATTER = string.Formatter()
_LINKS = ("{link}", "{payment_url}")
_RULES = frozenset(Rule)
_NAMED = {
    "about", "order", "label", "code", "by", "amount", "credit", "charge", "refund_by", "tracking", "payment_url",
    "items", "choices", "expected", "link",
}  # fmt: skip
"""What a text can name in braces."""


class SpokenFacts(Value):
    """What a text may name. What is empty is not known, and is not spoken of."""

    kind: FlowKind
    order: str
    title: str = ""
    """What a flow of the brand's own is called."""
    label: str = ""
    code: str = ""
    """For a drop-off point, instead of a label."""
    by: date | None = None
    """Until when the customer may do what is asked of them."""
    amount: Money | None = None
    """Given back to the payments."""
    credit: Money | None = None
    """Given as store credit."""
    charge: Money | None = None
    """To be paid."""
    refund_by: date | None = None
    """Promised."""
    tracking: str = ""
    payment_url: str = ""
    items: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    """Constant words."""
    expected: date | None = None
    link: str = ""
    """The self-service page."""
    decision: str = ""
    """What the person who decided wrote for the customer."""


class UnknownWord(KeyError):
    """A flow says something for which there are no words; add them to every language."""


OwnWords = Mapping[str, Mapping[str, str]]
"""Words of a flow of the brand's own: name to texts by language. Each line of a text is a sentence."""


def flow_words(word: str, part: str, facts: SpokenFacts, language: str, own: OwnWords | None = None) -> str:
    """The text of a flow's word; the brand's own come first. `language` is an ISO 639-1 code. Raises `UnknownWord`."""
    spoken = language if language in TEXTS else "en"
    texts = TEXTS[spoken]
    sentences = _own(word, language, own or {}) or texts.words.get(f"{word}:{part}") or texts.words.get(word)
    if sentences is None:
        raise UnknownWord(word)
    known = _known(facts, texts, spoken)
    text = ""
    for sentence in sentences:
        if all(known.get(name) for name in _names(sentence)):
            between = "\n" if any(link in sentence for link in _LINKS) else " "
            text += between * bool(text) + sentence.format_map(known)
    why = refusal_words(Rule(part), spoken) if part in _RULES else ""
    return "\n\n".join(paragraph for paragraph in (f"{text} {why}".strip(), facts.decision.strip()) if paragraph)


def flow_subject(kind: FlowKind, order: str, language: str, title: str = "") -> str:
    """The subject line of a mail that a flow begins; `title` is that of a flow of the brand's own."""
    return _about(kind, order, title, TEXTS.get(language, TEXTS["en"]))


def _own(word: str, language: str, own: OwnWords) -> tuple[str, ...]:
    """The brand's text; what is no template of ours is said as it stands."""
    texts = own.get(word, {})
    lines = (texts.get(language) or texts.get("en") or "").splitlines()
    return tuple(line if _is_template(line) else line.replace("{", "{{").replace("}", "}}") for line in lines)


def _is_template(line: str) -> bool:
    try:
        return all(name in _NAMED for name in _names(line))
    except ValueError:
        return False


def _about(kind: FlowKind, order: str, title: str, texts: FlowTexts) -> str:
    subject = title or texts.subjects[kind]
    return texts.of_order.format(subject=subject, order=order) if order else subject


def _names(sentence: str) -> list[str]:
    return [name for _, name, _, _ in _FORMATTER.parse(sentence) if name]


def _known(facts: SpokenFacts, texts: FlowTexts, language: str) -> dict[str, str]:
    return {
        "about": _about(facts.kind, facts.order, facts.title, texts),
        "order": facts.order,
        "label": facts.label,
        "code": facts.code,
        "by": _day(facts.by, language),
        "amount": _money(facts.amount, language),
        "credit": _money(facts.credit, language),
        "charge": _money(facts.charge, language),
        "refund_by": _day(facts.refund_by, language),
        "tracking": facts.tracking,
        "payment_url": facts.payment_url,
        "items": ", ".join(facts.items),
        "choices": _choices(facts.choices, texts),
        "expected": _day(facts.expected, language),
        "link": facts.link,
    }


def _day(day: date | None, language: str) -> str:
    return format_date(day, "long", locale=language) if day else ""


def _money(money: Money | None, language: str) -> str:
    if money is None or money.minor <= 0:
        return ""
    # Minor units are hundredths throughout, as in `Money` itself.
    return str(format_currency(money.minor / 100, money.currency, locale=language, currency_digits=False))


def _choices(choices: tuple[str, ...], texts: FlowTexts) -> str:
    named = [texts.choices[choice] for choice in choices if choice in texts.choices]
    return texts.either.join(part for part in (", ".join(named[:-1]), *named[-1:]) if part)

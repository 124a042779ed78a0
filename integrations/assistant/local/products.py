"""Answers from product facts: the catalogue's attributes, sizes, colours, stock and price, as the shop says now."""

import re
from collections.abc import Iterable

from domain.commerce import Product, Variant
from domain.proposal import Citation, CitationKind, Statement
from integrations.assistant.local.formats import Formats
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.texts import Texts
from integrations.shop.protocol import ShopReads

_TOPICS = read_patterns("products")
_WORD = re.compile(r"[^\W\d_]{3,}")
_OPTIONS = {"sizes": "size", "colours": "colour"}
_WORDS_TO_NAME = 2
"""Words of a title that a question must hold to mean that product: `jacket` alone names none."""
_CANDIDATES = 10
_BARE_FOLLOW_UP = 8
"""Words up to which a question may name nothing but another product."""


class ProductTeller:
    """Finds the product that is meant, and tells what was asked about it."""

    def __init__(self, shop: ShopReads) -> None:
        self._shop = shop

    async def tell(self, question: str, before: str, texts: Texts, formats: Formats) -> list[Statement]:
        """What the catalogue says on the question; empty where it names no product or asks for nothing it holds.

        `before` is what the customer wrote earlier: it tells what `it` means.
        """
        topics, named = _topics(question), await self._meant(question)
        if not topics and named is not None and len(question.split()) <= _BARE_FOLLOW_UP:
            topics = _topics(before)  # `and the trousers?` asks the same of something else
        product = named or (await self._meant(before) if before else None)
        if product is None:
            return []
        source = Citation(kind=CitationKind.PRODUCT, ref=product.product_id, title=product.title, url=product.url)
        facts = [fact for topic in topics if (fact := _fact(product, topic, question, texts, formats))]
        return [Statement(text=fact, citations=(source,)) for fact in facts]

    async def _meant(self, text: str) -> Product | None:
        words = _stems(text)
        found = await self._shop.find_products(text, _CANDIDATES)
        scored = sorted(((_fit(product, words), product) for product in found), key=lambda pair: -pair[0])
        if not scored or scored[0][0] == 0.0:
            return None
        alone = len(scored) == 1 or scored[1][0] < scored[0][0]
        return scored[0][1] if alone else None


def _topics(text: str) -> list[str]:
    return [topic for topic, pattern in _TOPICS.items() if pattern.search(text)]


def _stems(text: str) -> set[str]:
    return {word.lower().rstrip("s") for word in _WORD.findall(text)}


def _fit(product: Product, words: set[str]) -> float:
    """Share of the title that the words hold; 0 if that is too little to name the product."""
    title = _stems(product.title)
    shared = title & words
    enough = len(shared) >= min(_WORDS_TO_NAME, len(title))
    return len(shared) / len(title) if title and enough else 0.0


def _fact(product: Product, topic: str, question: str, texts: Texts, formats: Formats) -> str:
    if topic in _OPTIONS:
        values = _listed(variant.options.get(_OPTIONS[topic], "") for variant in product.variants)
        return texts.product.options[topic].format(title=product.title, values=values) if values else ""
    if topic == "stock":
        return _stock(product, question, texts)
    if topic == "price":
        asked = sorted({variant.price for variant in product.variants}, key=lambda price: price.minor)
        prices = _listed(formats.money(price) for price in asked)
        return texts.product.price.format(title=product.title, prices=prices) if prices else ""
    value, name = product.attributes.get(topic), texts.product.attributes.get(topic, topic)
    return texts.product.attribute.format(title=product.title, attribute=name, value=value) if value else ""


def _stock(product: Product, question: str, texts: Texts) -> str:
    """Stock of the variants that the question names, of all if it names none."""
    words = set(re.findall(r"\w+", question.lower()))
    named = [variant for variant in product.variants if _named(variant, product, words)]
    here = _listed(_options(variant) for variant in named if variant.stock > 0)
    gone = _listed(_options(variant) for variant in named if variant.stock <= 0)
    parts = [texts.product.in_stock.format(values=here)] if here else []
    parts += [texts.product.sold_out.format(values=gone)] if gone else []
    return f"{product.title}: " + " ".join(parts) if parts else ""


def _named(variant: Variant, product: Product, words: set[str]) -> bool:
    """Whether the variant has every option value that the question names."""
    for option, value in variant.options.items():
        asked = {other.options[option] for other in product.variants if other.options.get(option, "").lower() in words}
        if asked and value not in asked:
            return False
    return True


def _options(variant: Variant) -> str:
    return " / ".join(variant.options.values())


def _listed(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(value for value in values if value))

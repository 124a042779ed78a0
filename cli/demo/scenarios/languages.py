"""Answers in the customer's language, from the article in that language."""

import asyncio

from cli.demo.chat import Said
from cli.demo.checks import check
from cli.demo.scenarios.closing import resolved
from cli.demo.world import World

_AI_LABEL = "AI assistant"
_GERMAN = ("Wie lange kann ich etwas zurückgeben?", "Danke, das hilft mir!")
_FRENCH = ("Combien coûte la livraison en Belgique ?", "Merci beaucoup !")
_SPANISH = ("¿Cuánto cuesta el envío a Francia?", "¡Gracias!")


async def answers_in_german(world: World) -> str:
    """Questions in German, French and Spanish, each answered from its own article, named with title and address."""
    german, french, spanish = await asyncio.gather(
        _asked(world, *_GERMAN), _asked(world, *_FRENCH), _asked(world, *_SPANISH)
    )
    _says(german, "innerhalb von 30 Tagen", "returns-window", "/de/")
    _says(french, "7,95 EUR", "shipping-costs", "/fr/")
    _says(spanish, "7,95 EUR", "shipping-costs", "/es/")
    return f"answered from “{german.citations[0]['title']}”, and so in French and Spanish"


async def _asked(world: World, question: str, thanks: str) -> Said:
    async with world.chat() as customer:
        answer = await customer.ask(question)
        await customer.say(thanks)
        await resolved(customer)
        check(len(customer.answers) == 1, "exactly one answer", customer.shown)
    return answer


def _says(answer: Said, fact: str, article: str, language: str) -> None:
    check(fact in answer.text, f"'{fact}' in the answer", answer.text)
    check(_AI_LABEL in answer.label, "a label that says it is an AI", answer.label)
    sources = [(source["kind"], source["ref"]) for source in answer.citations]
    check(sources == [("article", article)], f"the article {article} as the source", answer.citations)
    title, url = answer.citations[0]["title"], answer.citations[0]["url"]
    check(title in answer.text, "the article's title in the answer", answer.text)
    check(language in url, "the article in the customer's language", url)

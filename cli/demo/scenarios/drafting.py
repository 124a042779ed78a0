"""Mode draft: the AI writes, an agent reads and sends, and the customer reads the AI's words."""

from cli.demo.chat import ChatCustomer
from cli.demo.checks import check
from cli.demo.scenarios.closing import goodbye
from cli.demo.world import World

_AI_LABEL = "AI assistant"
_QUESTION = "How do I cancel my Sock Club subscription?"
_FACT = "no minimum term"
_CELL = "subscription x any"


async def draft_sent(world: World) -> str:
    """The answer waits for an agent with its source, is sent as it is, and counts for the cell's readiness."""
    before = (await world.switchboard.readiness(_CELL))["found"]["sent"]
    async with world.at_desk(world.staff.jules) as jules, world.chat() as customer:
        await customer.say(_QUESTION)
        item = await jules.accept(customer.interaction_id)
        check(item["reason"] == "draft_review", "a draft to be looked at", item["reason"])
        draft = await jules.has_draft(item)
        check(_FACT in draft["text"], "the article's words in the draft", draft["text"])
        check([source["ref"] for source in draft["citations"]] == ["sock-club"], "its source", draft["citations"])
        check(not customer.answers, "nothing said before the agent sends it", customer.shown)
        await jules.sends(item, draft)
        await _reads_it(customer, draft["text"])
        await goodbye(customer)
        check(len(customer.answers) == 1, "exactly one answer", customer.shown)
    line = await world.switchboard.readiness(_CELL)
    check(line["found"]["sent"] == before + 1, "one draft more that was sent unchanged", line["found"])
    return f"{jules.name} sent it unchanged, labelled as the AI's; readiness: {line['proposal']['why']}"


async def _reads_it(customer: ChatCustomer, text: str) -> None:
    answer = (await customer.gets(1))[0]
    check((answer.author, answer.text) == ("ai", text), "the AI's words, as they were drafted", answer)
    check(_AI_LABEL in answer.label, "a label that says it is an AI, and no person's name", answer.label)


async def leave_a_draft(world: World) -> None:
    """A question whose answer waits for somebody at the desk; no scenario, but something to try."""
    async with world.chat() as customer:
        await customer.say(_QUESTION)

"""The brand's switch: the AI stops at once, people go on with what it had in hand, and it starts again."""

from cli.demo.agent import DeskAgent, Item
from cli.demo.checks import check, eventually
from cli.demo.scenarios.closing import goodbye, resolved
from cli.demo.scenarios.questions import QUESTIONS
from cli.demo.world import World

_OPEN = "What is the status of my order?"
_HELLO = "Hello, this is Jules. I am taking over from here."


async def ai_stopped(world: World) -> str:
    """What the AI had asked becomes work with a brief, and so does what is new; once started, the AI answers again."""
    question, fact = QUESTIONS[0]
    async with world.at_desk(world.staff.jules) as jules, world.chat() as asked, world.chat() as new:
        await asked.ask(_OPEN)
        taken = await world.switchboard.stop("the demo tries the switch")
        try:
            served = [await _serves_one(jules) for _ in range(taken)]
            check(asked.interaction_id in served, "the open conversation among what people got", served)
            await asked.gets(2)
            await resolved(asked)
            await new.say(question)
            await _serves_one(jules)
            await resolved(new)
        finally:
            await world.switchboard.start()
        check([said.author for said in new.answers] == ["agent"], "no word of the AI while it is stopped", new.shown)
        async with world.chat() as later:
            answer = await later.ask(question)
            check(answer.author == "ai" and fact in answer.text, "the AI's answer after the start", later.shown)
            await goodbye(later)
    return f"{jules.name} got {taken} open case(s) of the AI and a new one, with briefs; then the AI answered again"


async def _serves_one(jules: DeskAgent) -> str:
    """The next case that comes to the agent, answered from its brief and resolved; returns the interaction's id."""
    item = await eventually(lambda: _next(jules), within=30, expected=f"a case among {jules.name}'s work")
    if item["state"] == "offered":
        await jules.accept(item["interaction_id"])
    check(item["reason"] == "ai_stopped", "the reason ai_stopped", item["reason"])
    case = await jules.briefed(item)
    check(bool(case["brief"]["summary"]), "a brief", case["brief"])
    await jules.reply(item, _HELLO)
    await jules.resolve(item)
    return str(item["interaction_id"])


async def _next(jules: DeskAgent) -> Item | None:
    work = await jules.work()
    return next(iter([*work["assigned"], *work["offers"]]), None)

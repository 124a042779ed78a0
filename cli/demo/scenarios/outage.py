"""Temporal away while messages arrive."""

import asyncio
from contextlib import AsyncExitStack

from cli.demo.checks import check
from cli.demo.scenarios.questions import PATIENCE, QUESTIONS, ends_well
from cli.demo.world import World
from store.ids import new_id

_ACKNOWLEDGED_WITHIN = 5.0
_CHATS = 4


async def temporal_down(world: World) -> str:
    """What arrives while Temporal is away is acknowledged at once, and answered once when it is back."""
    sender = f"{new_id()}@mail.example"
    async with AsyncExitStack() as stack:
        chats = [await stack.enter_async_context(world.chat()) for _ in range(_CHATS)]
        asked = list(zip(chats, QUESTIONS, strict=False))
        await asyncio.to_thread(world.temporal_server.kill)
        try:
            await asyncio.gather(*(chat.say(question) for chat, (question, _) in asked))
            mail = await world.mailbox.write(sender, "Paying", "Which payment methods can I use?")
            slowest = max(chat.slowest_answer for chat in chats)
            check(slowest < _ACKNOWLEDGED_WITHIN, f"acknowledgements within {_ACKNOWLEDGED_WITHIN} s", slowest)
            check({await chat.state() for chat in chats} == {"new"}, "every case waiting for Temporal")
        finally:
            await world.temporal_server.start()
        await asyncio.gather(*(chat.gets(1, within=PATIENCE) for chat in chats))
        answer = await world.mailbox.answer_to(mail, within=PATIENCE)
        check("PayPal" in answer.text, "the answer to the mail", answer.text)
        by_people = sum(await asyncio.gather(*(ends_well(chat, [pair]) for chat, pair in asked)))
        check(by_people == 0, "the AI's answers", by_people)
    check(len(world.mailbox.to(sender)) == 1, "one mail", len(world.mailbox.to(sender)))
    return f"{_CHATS + 1} messages acknowledged within {slowest * 1000:.0f} ms, each answered once"

"""Processes killed with SIGKILL in the middle of conversations: nothing lost, nothing twice, all in order."""

import asyncio
from collections.abc import Sequence
from random import Random

from cli.demo.checks import check
from cli.demo.people import Person
from cli.demo.scenarios.closing import resolved
from cli.demo.scenarios.questions import PATIENCE, QUESTIONS, ends_well
from cli.demo.world import World
from domain.names import Pool
from store.ids import new_id

_LONGEST_PAUSE = 3.0
WORKERS = tuple(pool.value for pool in Pool)


async def workers_killed(world: World) -> str:
    """Conversations go on while their workers are killed, each several times."""
    return await under_kills(world, Random(), victims=WORKERS, kills=5)  # noqa: S311 - chaos, no secret


async def under_kills(world: World, chance: Random, *, victims: Sequence[str], kills: int) -> str:
    """Chats with the AI, a chat with a person and mails, while so many processes are killed at random moments."""
    talk = asyncio.gather(
        *(_chats_with_ai(world, first, turns=2) for first in range(3)),
        _chats_with_person(world, world.staff.robin, replies=3),
        *(_writes_mail(world, first) for first in range(2)),
    )
    try:
        killed = [await _kill_one(world, chance, victims) for _ in range(kills)]
        await talk
    finally:
        talk.cancel()
    await world.all_poll()
    return f"6 AI answers, 3 replies of a person and 2 mails, each once and in order; killed: {' '.join(killed)}"


async def _kill_one(world: World, chance: Random, victims: Sequence[str]) -> str:
    await asyncio.sleep(chance.uniform(0.2, _LONGEST_PAUSE))  # somewhere in the middle of whatever goes on
    victim = chance.choice(sorted(set(world.processes.running()) & set(victims)))
    world.processes.kill(victim)
    return victim


async def _chats_with_ai(world: World, first: int, *, turns: int) -> None:
    async with world.chat() as customer:
        asked = [QUESTIONS[(first + turn) % len(QUESTIONS)] for turn in range(turns)]
        for question, _ in asked:
            await customer.ask(question, within=PATIENCE)
        await ends_well(customer, asked)


async def _chats_with_person(world: World, person: Person, *, replies: int) -> None:
    async with world.at_desk(person) as agent, world.chat() as customer:
        await customer.say("I want to talk to a human please.")
        item = await agent.accept(customer.interaction_id, within=PATIENCE)
        words = [f"Reply {number} of {replies}." for number in range(1, replies + 1)]
        for word in words:
            await agent.reply(item, word)
            await asyncio.sleep(1)  # people type
        await customer.gets(replies, within=PATIENCE)
        await agent.resolve(item)
        await resolved(customer, within=PATIENCE)
        answers = [(said.author, said.text) for said in customer.answers]
        check(answers == [("agent", word) for word in words], "the person's words once and in order", answers)


async def _writes_mail(world: World, first: int) -> None:
    sender, (question, fact) = f"{new_id()}@mail.example", QUESTIONS[first]
    answer = await world.mailbox.answer_to(await world.mailbox.write(sender, "Question", question), within=PATIENCE)
    check(fact in answer.text, f"'{fact}' in the mail's answer", answer.text)
    different = {mail.message_id for mail in world.mailbox.to(sender)}
    check(len(different) == 1, "one answer by mail", different)

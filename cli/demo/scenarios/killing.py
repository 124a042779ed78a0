"""Processes killed with SIGKILL in the middle of conversations: nothing lost, nothing twice, all in order."""

import asyncio
from collections.abc import Sequence
from random import Random

from cli.demo.checks import check, eventually
from cli.demo.scenarios.closing import resolved
from cli.demo.scenarios.questions import PATIENCE, QUESTIONS, asks, ends_well
from cli.demo.scenarios.standing_by import BY_A_PERSON, FOR_A_PERSON, REPLIES, standing_by
from cli.demo.world import World
from domain.names import Pool
from store.ids import new_id

_LONGEST_PAUSE = 3.0
WORKERS = tuple(pool.value for pool in Pool)


async def workers_killed(world: World) -> str:
    """Conversations go on while their workers are killed, each several times."""
    return await under_kills(world, Random(), victims=WORKERS, kills=5)  # noqa: S311 - chaos, no secret


async def under_kills(world: World, chance: Random, *, victims: Sequence[str], kills: int) -> str:
    """Chats with the AI, a chat with a person and mails, while so many processes are killed at random moments.

    While the AI's process is down its cases may go to people; each is answered all the same, once.
    """
    async with standing_by(world, world.staff.jules):
        talk = asyncio.gather(
            *(_chats_with_ai(world, first, turns=2) for first in range(3)),
            *(_writes_mail(world, first) for first in range(2)),
            _chats_with_person(world),
        )
        try:
            killed = [await _kill_one(world, chance, victims) for _ in range(kills)]
            people = sum(await talk)
        finally:
            talk.cancel()
    await world.all_poll()
    return f"8 questions and a wish for a person, {8 - people} answered by the AI; killed: {' '.join(killed)}"


async def _kill_one(world: World, chance: Random, victims: Sequence[str]) -> str:
    await asyncio.sleep(chance.uniform(0.2, _LONGEST_PAUSE))  # somewhere in the middle of whatever goes on
    victim = chance.choice(sorted(set(world.processes.running()) & set(victims)))
    world.processes.kill(victim)
    return victim


async def _chats_with_ai(world: World, first: int, *, turns: int) -> int:
    async with world.chat() as customer:
        asked = [QUESTIONS[(first + turn) % len(QUESTIONS)] for turn in range(turns)]
        for question, _ in asked:
            await asks(customer, question)
        return await ends_well(customer, asked)


async def _chats_with_person(world: World) -> int:
    async with world.chat() as customer:
        await customer.say(FOR_A_PERSON)
        await customer.gets(len(REPLIES), within=PATIENCE)
        await resolved(customer, within=PATIENCE)
        answers = [(said.author, said.text) for said in customer.answers]
        check(answers == [("agent", words) for words in REPLIES], "the person's words once and in order", answers)
    return 0


async def _writes_mail(world: World, first: int) -> int:
    sender, (question, fact) = f"{new_id()}@mail.example", QUESTIONS[first]
    await world.mailbox.write(sender, "Question", question)

    async def look() -> list[str]:
        return [word for mail in world.mailbox.to(sender) for word in (fact, BY_A_PERSON) if word in mail.text]

    answers = await eventually(look, within=PATIENCE, expected="an answer by mail")
    different = {mail.message_id for mail in world.mailbox.to(sender) if answers[0] in mail.text}
    check(len(different) == 1, "one answer by mail", different)
    return answers[0] == BY_A_PERSON

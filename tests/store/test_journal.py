"""The journal's feed: whoever follows it misses nothing, however late a row commits."""

import asyncio

from store.journal import Happening, entries_after, feed, feed_end, note
from store.postscript import write_postscript
from tests.store.scene import Scene


async def test_a_row_that_commits_late_is_not_skipped(scene: Scene) -> None:
    async with scene.database.begin() as session:
        position = await feed_end(session)
    seen: list[str] = []

    async def follow() -> None:
        nonlocal position
        async with scene.database.begin() as session:
            for row in await feed(session, position):
                seen.append(row.ref)
                position = (row.xid or 0, row.id or 0)

    async with scene.database.begin() as slow:
        note(slow, Happening.LATE, ref="slow")
        await write_postscript(slow)
        async with scene.database.begin() as quick:
            note(quick, Happening.LATE, ref="quick")
        await follow()
        assert seen == [], "what is newer than a running transaction waits for it"
    await follow()
    assert seen == ["slow", "quick"]


async def test_followers_see_each_row_once_in_one_order_while_many_write(scene: Scene) -> None:
    async with scene.database.begin() as session:
        start = await feed_end(session)
    done = asyncio.Event()

    async def write(number: int) -> None:
        for part in range(5):
            async with scene.database.begin() as session:
                note(session, Happening.LATE, ref=f"{number}:{part}")
                await asyncio.sleep(0)

    async def follow() -> list[str]:
        seen, position = [], start
        while True:
            last = done.is_set()
            async with scene.database.begin() as session:
                rows = await feed(session, position, limit=3)
            for row in rows:
                seen.append(row.ref)
                position = (row.xid or 0, row.id or 0)
            if last and not rows:
                return seen
            await asyncio.sleep(0)

    followers = [asyncio.create_task(follow()) for _ in range(2)]
    await asyncio.gather(*(write(number) for number in range(8)))
    done.set()
    first, second = await asyncio.gather(*followers)
    assert first == second
    assert sorted(first) == sorted(f"{number}:{part}" for number in range(8) for part in range(5))


async def test_a_run_reads_what_it_was_not_told(scene: Scene) -> None:
    receipts = [await scene.chat("s1") for _ in range(3)]
    async with scene.database.begin() as session:
        missed = await entries_after(session, receipts[0].interaction_id, 1)
    assert [(entry.seq, entry.ref) for entry in missed] == [(2, receipts[1].message_id), (3, receipts[2].message_id)]

"""Interactions per second of Baton against the bare workflow: alternating runs, one ratio for each round."""

import asyncio
import time
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import text

from bench.ground import Ground
from bench.processor_time import processor_seconds
from bench.recording import record
from bench.report import Ratios
from bench.shape import Shape
from bench.sides import Arena, Side, bench_database, connect
from store.database import Database

IN_FLIGHT = 48
"""Interactions under way at once: enough to keep two cores busy."""
WARM_UP = 24
_LOOK_SECONDS = 0.03


@dataclass(frozen=True)
class Run:
    """One run of one side."""

    rate: float
    """Interactions per second."""
    processor_ms: dict[str, float]
    """Processor milliseconds per interaction, by program."""
    commits: float
    """Committed transactions per interaction, as the database counts them."""


@dataclass
class Rates:
    """The runs of every side, in rounds."""

    shape: Shape
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def ratios(self, side: str, against: str) -> list[float]:
        """One for each round."""
        return [a.rate / b.rate for a, b in zip(self.runs[side], self.runs[against], strict=True)]

    def processor_ratios(self, side: str, against: str) -> list[float]:
        """The same by processor time, which other work on the machine disturbs less."""
        pairs = zip(self.runs[side], self.runs[against], strict=True)
        return [sum(b.processor_ms.values()) / sum(a.processor_ms.values()) for a, b in pairs]


async def measure(ground: Ground, *, rounds: int, interactions: int, sides: tuple[str, ...]) -> Rates:
    """Rounds in which each side runs once, every other round in reverse order."""
    client = await connect(ground)
    async with bench_database(ground, "bench_ratio") as database:
        shape = (await record(ground)).shape
        arena, rates = Arena(ground, database, client, shape), Rates(shape)
        for number in range(rounds):
            for name in sides if number % 2 == 0 else reversed(sides):
                async with arena.side(name) as side:
                    run = await _run(side, database, interactions)
                rates.runs.setdefault(name, []).append(run)
                print(f"  round {number + 1}/{rounds}  {name:6} {run.rate:6.1f} interactions/s", flush=True)
    return rates


async def _run(side: Side, database: Database, interactions: int) -> Run:
    await _feed(side, WARM_UP)
    used, committed, began = processor_seconds(), await _commits(database), time.perf_counter()
    await _feed(side, interactions)
    took = time.perf_counter() - began
    commits = (await _commits(database) - committed) / interactions
    now = processor_seconds()
    spent = {name: (now[name] - used.get(name, 0)) * 1000 / interactions for name in now}
    return Run(rate=interactions / took, processor_ms=spent, commits=commits)


async def _feed(side: Side, interactions: int) -> None:
    """Keep `IN_FLIGHT` under way until all are done. Raises `TimeoutError` if they do not end."""
    left = interactions
    async with asyncio.timeout(120 + interactions):
        while (busy := await side.under_way()) or left:
            room = max(min(left, IN_FLIGHT - busy), 0)
            await asyncio.gather(*(side.submit() for _ in range(room)))
            left -= room
            await asyncio.sleep(_LOOK_SECONDS)


async def _commits(database: Database) -> int:
    query = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    async with database.begin() as session:
        await session.execute(text("SELECT pg_stat_force_next_flush()"))
    async with database.begin() as session:
        return int((await session.execute(text(query))).scalar_one())


def summary(rates: Rates) -> Ratios:
    """Medians, and the ratio of every round."""
    runs = rates.runs
    names = sorted({name for side in runs.values() for run in side for name in run.processor_ms})
    return Ratios(
        rate={side: median(run.rate for run in done) for side, done in runs.items()},
        ratio=median(rates.ratios("baton", "bare")),
        ratios=tuple(rates.ratios("baton", "bare")),
        ratio_noop=median(rates.ratios("baton", "noop")),
        ratios_noop=tuple(rates.ratios("baton", "noop")),
        ratio_local_assistant=median(rates.ratios("local", "bare")),
        processor_ratio=median(rates.processor_ratios("baton", "bare")),
        processor_ratio_noop=median(rates.processor_ratios("baton", "noop")),
        processor_ms={
            side: {name: round(median(run.processor_ms.get(name, 0) for run in done), 1) for name in names}
            for side, done in runs.items()
        },
        commits={side: round(median(run.commits for run in done), 1) for side, done in runs.items()},
    )

"""`python -m bench`: measures, prints a table and writes JSON. Choose parts by name, lengths by options."""

import argparse
import asyncio
import json
import os
import platform
from pathlib import Path

import structlog

from bench import dispatch, load, ratio
from bench.ground import Ground, ground
from bench.recording import costs, record, record_human
from bench.report import Report, table

PARTS = ("counts", "ratio", "dispatch", "load")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], help=f"any of {', '.join(PARTS)}; all by default")
    parser.add_argument("--out", type=Path, help="write JSON here")
    parser.add_argument("--runs", type=int, default=5, help="rounds of alternating runs")
    parser.add_argument("--interactions", type=int, default=200, help="interactions in each run")
    parser.add_argument("--rate", type=int, default=100, help="inbound messages per second")
    parser.add_argument("--seconds", type=int, default=60, help="how long they come in")
    parser.add_argument("--assistant", choices=("scripted", "local"), default="scripted", help="who answers under load")
    parser.add_argument("--waiting", type=int, nargs="*", default=[100, 10_000, 100_000], help="lengths of the queue")
    parser.add_argument("--agents", type=int, default=200, help="agents at work")
    parser.add_argument("--frees", type=int, default=150, help="slots freed for each length of the queue")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


async def _measure(options: argparse.Namespace, ground: Ground) -> Report:
    parts = options.parts or PARTS
    report = Report(processors=os.cpu_count() or 0, python=platform.python_version())
    if "counts" in parts:
        print("counts: one interaction by the AI, one by a person", flush=True)
        ai, human = await record(ground), await record_human(ground)
        report.costs = {"ai": costs(ai.history), "human": costs(human)}
        report.statements = dict(ai.tally.statements)
    if "ratio" in parts:
        print("ratio: alternating runs", flush=True)
        sides = ("baton", "bare", "noop", "local")
        rates = await ratio.measure(ground, rounds=options.runs, interactions=options.interactions, sides=sides)
        report.ratios = ratio.summary(rates)
    if "dispatch" in parts:
        report.dispatch += await _dispatch(options, ground)
    if "load" in parts:
        print(f"load: {options.rate} messages/s for {options.seconds} s", flush=True)
        side = "local" if options.assistant == "local" else "baton"
        report.load = await load.measure(ground, rate=options.rate, seconds=options.seconds, side=side)
    return report


async def _dispatch(options: argparse.Namespace, ground: Ground) -> list[dispatch.Dispatch]:
    found = []
    for waiting in options.waiting:
        print(f"dispatch: {waiting} waiting, {options.agents} agents", flush=True)
        found.append(await dispatch.measure(ground, waiting=waiting, agents=options.agents, frees=options.frees))
    return found


async def _main() -> None:
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    async with ground() as servers:
        report = await _measure(options, servers)
    if not options.parts or "dispatch" in options.parts:
        print("dispatch once more, without the server option that makes wakes fast", flush=True)
        async with ground(tuned=False) as servers:
            report.dispatch += await _dispatch(options, servers)
    print(table(report))
    if options.out:
        options.out.write_text(json.dumps(report.model_dump(mode="json"), indent=2) + "\n")


if __name__ == "__main__":
    asyncio.run(_main())

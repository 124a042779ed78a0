"""`baton eval answers`: whole conversations against the demo shop."""

import sys
from collections.abc import Sequence
from pathlib import Path

from cli.errors import CommandFailed
from cli.evaluating.case_files import read_cases
from cli.evaluating.cases import ReadyCase
from cli.evaluating.conversing import Stage, made_stage
from cli.evaluating.ground import Ground, rehearsal_ground
from cli.evaluating.judging import Judge
from cli.evaluating.report import AnswersReport, JudgedCase, judged, totals
from cli.evaluating.showing import show_answers
from cli.evaluating.sources import Sources
from cli.policies import STARTER, read
from cli.progress import Every, Progress, say
from domain.policy import Policy
from workers.wiring import Adapters, chosen_adapters

_TELL_EVERY = 5.0


class NoSuchCase(CommandFailed):
    """No case has the name that was asked for."""


async def evaluate_files(path: Path, name: str, policy: Path | None, *, as_json: bool, talk: bool) -> int:
    """Play the cases and print what came of them; returns how many have failed."""
    cases = [case for case in read_cases(path) if name in {"", case.name}]
    if not cases:
        raise NoSuchCase(f"{path}: there is no case '{name}'")
    report = await evaluate_cases(cases, read(policy or STARTER))
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=1) + "\n")
    else:
        show_answers(report, talk=talk)
    return report.totals.failed


async def evaluate_cases(cases: Sequence[ReadyCase], policy: Policy, progress: Progress = say) -> AnswersReport:
    """Play the cases with the assistant of the settings, one after the other on a throw-away store."""
    async with rehearsal_ground(policy, progress) as ground:
        progress("eval: making the assistant")
        adapters = chosen_adapters(ground.settings, ground.database)
        return await play_all(cases, ground, adapters, progress)


async def play_all(
    cases: Sequence[ReadyCase], ground: Ground, adapters: Adapters, progress: Progress = say
) -> AnswersReport:
    """Play and judge the cases on a ground that is there."""
    stage = await made_stage(ground, adapters)
    sources, tell = Sources(ground.database, stage.shop), Every(_TELL_EVERY, progress)
    found = []
    for number, case in enumerate(cases, 1):
        tell(f"eval: case {number} of {len(cases)}")
        found.append(await _judged(stage, case, sources))
    return AnswersReport(totals=totals(found), cases=tuple(found))


async def _judged(stage: Stage, case: ReadyCase, sources: Sources) -> JudgedCase:
    heard = await stage.play(case)
    customer = await stage.customer(case)
    return judged(case, heard, await Judge(case, customer, sources).findings(heard))

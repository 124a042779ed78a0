"""`baton eval ...`: how good the configured assistant is. Each command loads what it needs when it runs."""
# ruff: noqa: PLC0415

import asyncio
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

evaluate = typer.Typer(
    help="How good the configured assistant is, on your own messages and conversations.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", help="A policy in YAML; by default the demo shop's.", exists=True, dir_okay=False),
]


@evaluate.command("triage")
def evaluate_triage(
    file: Annotated[Path, typer.Argument(help="Labelled messages, a JSON object a line.", exists=True, dir_okay=False)],
    policy: PolicyFile = None,
    threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="Confidence from which to act, instead of the policy's.")
    ] = None,
    errors: Annotated[int, typer.Option(min=0, help="How many of the worst errors to list, by line.")] = 0,
    show_texts: Annotated[bool, typer.Option("--show-texts", help="Show their messages, not only the lines.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run triage over labelled messages: accuracy, calibration, and what would be acted on."""
    _quiet()
    from cli.evaluating.triage import Listing, evaluate_file

    listing = Listing(errors=errors, texts=show_texts, as_json=as_json)
    asyncio.run(evaluate_file(file, policy, threshold, listing))


@evaluate.command("answers")
def evaluate_answers(
    path: Annotated[
        Path, typer.Argument(metavar="FILE_OR_DIR", help="Cases in YAML; see docs/evaluating.md.", exists=True)
    ],
    case: Annotated[str, typer.Option(help="Only the case of this name.")] = "",
    policy: PolicyFile = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if a case fails.")] = False,
    talk: Annotated[bool, typer.Option("--talk", help="Show the conversations of cases that fail.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play whole conversations against the demo shop, and count what was resolved, wrong, unsupported or handed off."""
    _quiet()
    from cli.evaluating.answers import evaluate_files

    failed = asyncio.run(evaluate_files(path, case, policy, as_json=as_json, talk=talk))
    raise typer.Exit(1 if strict and failed else 0)


def _quiet() -> None:
    """Only warnings are logged, and beside the progress: standard output is for what was found."""
    from cli.logs import configure_logging
    from cli.settings import CommandSettings

    configure_logging("warning", CommandSettings().log_format)
    for handler in logging.root.handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)

"""Policies in requests: YAML in, what is wrong out."""

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.problems import Problem
from domain.policy import Policy
from domain.policy_checks import Finding
from domain.policy_file import PolicyFileError, PolicyProblem, read_policy

YAML: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}
}
"""The description of a body that is a policy file."""

_DETAIL = "The policy has mistakes; the active policy stays as it is."


async def written_policy(request: Request) -> tuple[str, Policy]:
    """The body as text and as the policy in it. Raises 400 and 422."""
    raw = await request.body()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "The body is no UTF-8.") from None
    return text, await run_in_threadpool(checked, text)


def checked(text: str) -> Policy:
    """The policy in a text. Raises 422 with line and key of every mistake."""
    try:
        return read_policy(text)
    except PolicyFileError as error:
        raise unfit(error.problems) from None


def unfit(problems: Sequence[PolicyProblem]) -> Problem:
    """422 with the lines of a text that was sent."""
    found = [{"field": problem.key, "line": problem.line, "message": problem.message} for problem in problems]
    return Problem(422, _DETAIL, errors=found)


def refused(found: Iterable[Finding]) -> Problem:
    """422 about a policy that was not sent as a text."""
    errors = [{"field": ".".join(map(str, path)), "message": message} for path, message in found]
    return Problem(422, _DETAIL, errors=errors)

"""Errors, in one place: every refusal is a problem document (RFC 9457) that tells the caller what to mend.

Problem
├── 400 malformed          no JSON, no UTF-8, no HTTP that makes sense
├── 401 unauthenticated    say who you are
├── 403 forbidden          you may not do this
├── 404 not-found          unknown, or not yours; the two look the same
├── 409 conflict           it moved on since you looked
├── 413 too-large          send less
├── 422 invalid            a field is wrong; `errors` names it
├── 429 slow-down          wait as long as Retry-After says
├── 500 unexpected         a mistake of ours; quote the error id
└── 503 unavailable        the store does not answer; the same request again is safe
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypedDict

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from store.errors import Conflict, NotFound, StoreUnavailable

_SLUGS = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    413: "too-large",
    422: "invalid",
    429: "slow-down",
    500: "unexpected",
    503: "unavailable",
}

CONFLICTS = {
    "offer_gone": "This offer is gone: it ran out, or another agent was faster.",
    "not_your_case": "This case is not with you any more.",
    "not_the_holder": "Somebody else speaks to this customer now.",
    "not_parked": "This case is not parked with you any more.",
    "not_wrapping": "You are not writing notes about this case.",
    "time_is_past": "This time has passed; choose one that is still to come.",
    "time_too_far": "This time is more than a year away.",
    "no_capacity": "There is no room for this case: finish, park or pass on another one first.",
    "unknown_team": "There is no such team in the policy of this case.",
    "unknown_agent": "There is no such agent.",
    "transfer_to_self": "This is your own case; choose a colleague or a team.",
    "agent_offline": "This agent is not here; choose somebody who is, or a team.",
    "agent_without_team": "This agent works in no team that could get the case.",
    "agent_not_in_team": "This agent does not work in the team of the case; pass the case to their team first.",
    "not_in_team": "You do not work in this team.",
    "not_available": "Set yourself available before you take new work.",
    "off_shift": "Your shift is over, or has not begun.",
    "nothing_to_pull": "Nothing waits there to be picked.",
    "item_taken": "Somebody else was faster; look at the queue again.",
    "needs_reason": "This case is not next in line; say why you take it.",
    "must_take_next": "Your role takes what is next in line.",
    "decide_first": "This case asks you to approve or refuse before it can be resolved.",
    "nothing_to_decide": "This case asks for no decision.",
    "decided_already": "This has been decided already.",
    "needs_higher_role": "The amount is above what your role may approve; transfer the case to a lead.",
    "case_closed": "This case is closed.",
    "item_moved_on": "This case changed hands at this very moment; look again.",
    "not_in_queue": "Only a case that waits has a place in the queue.",
    "changed_since": "It has changed since you looked. Look again.",
    "capacity_below_load": "The agent holds more work than that; wait until they have less.",
    "login_taken": "Somebody has this login already.",
    "commitment_withdrawn": "This promise has been withdrawn.",
    "commitment_over": "This promise is kept or broken already, and stays so.",
    "not_waiting": "Nobody is being waited for.",
    "own_request": "You have asked for this yourself; somebody else has to decide.",
    "task_over": "This task is over: somebody has done it, or nobody needs it any more.",
    "needs_a_decision": "This task asks you to approve or refuse.",
    "not_a_decision": "This task asks for no decision; say that it is done.",
    "needs_counts": "Count what came back first, line by line.",
    "inspected_already": "This line was inspected before, with another result.",
    "customer_unproven": "This customer has not proven who they are, so nothing of orders can be told or changed.",
    "no_links": "The policy gives customers no self-service links.",
    "flow_over": "This has come to its end already.",
    "too_late_to_cancel": "This cannot be called off any more.",
    "nothing_to_choose": "There is nothing to choose right now.",
    "unknown_choice": "This is none of the answers that can be given.",
    "no_photo_wanted": "No photo is being waited for.",
    "nothing_to_pay": "There is nothing to pay here any more.",
    "intent_of_another_flow": "This Idempotency-Key was used for another request.",
    "several_parcels": "Several carriers use this tracking number. Name the parcel by its shipment's id.",
    "other_parcel": "This event id has been told of another parcel.",
    "draft_judged": "This draft has been sent or rejected already.",
    "draft_gone": "The AI has withdrawn this draft, or laid another one before you. Look again.",
    "customer_wrote": "The customer has written since; the AI is drafting again.",
    "ai_stopped": "The AI is switched off: answer in your own words.",
    "reads_back": "A yes to this text begins exactly what it says: send it as it is, or reject it.",
    "with_a_person": "A person from our team has just taken over. Go on in the chat.",
}
"""What happened, for the person who clicked; keyed by the store's word."""


class FieldError(TypedDict):
    """One wrong field. `field` is its path, e.g. `sender.kind`; empty for the whole document."""

    field: str
    message: str


class Problem(HTTPException):
    """A refusal. `detail` is a sentence for people and never repeats what was sent."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, object]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.errors = errors


def unauthenticated(detail: str = "Send a valid token, or sign in.") -> Problem:
    """401."""
    return Problem(401, detail, headers={"WWW-Authenticate": "Bearer"})


def forbidden(detail: str = "Your role does not allow this.") -> Problem:
    """403."""
    return Problem(403, detail)


def not_found() -> Problem:
    """404, the same for what does not exist and for what belongs to somebody else."""
    return Problem(404, "There is no such thing, or it is not yours.")


def invalid(field: str, message: str) -> Problem:
    """422 about one field."""
    return Problem(422, "A field is wrong.", errors=[FieldError(field=field, message=message)])


def render(problem: Problem) -> Response:
    """The document as a response. ASCII only, since a refused field's name may be no valid Unicode."""
    content: dict[str, object] = {
        "type": f"/problems/{_SLUGS.get(problem.status_code, 'refused')}",
        "title": HTTPStatus(problem.status_code).phrase,
        "status": problem.status_code,
        "detail": problem.detail,
        "errors": list(problem.errors),
    }
    return Response(
        json.dumps(content), problem.status_code, media_type="application/problem+json", headers=problem.headers
    )


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's documentation says of its refusals."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": schema},
        }
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Give the application these handlers."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(NotFound, _missing)
    app.add_exception_handler(Conflict, _conflict)
    app.add_exception_handler(DataError, _unstorable)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error, Problem):
        return render(error)
    details = {400: "The body is no valid JSON in UTF-8.", 404: not_found().detail}
    detail = details.get(error.status_code, HTTPStatus(error.status_code).phrase)
    return render(Problem(error.status_code, detail, headers=dict(error.headers or {})))


async def _validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return render(Problem(400, "The body is no valid JSON in UTF-8."))
    errors = [FieldError(field=_field(item["loc"]), message=_message(item)) for item in found]
    return render(Problem(422, "A field is wrong." if len(errors) == 1 else "Some fields are wrong.", errors=errors))


def _field(loc: Sequence[int | str]) -> str:
    parts = loc[1:] if len(loc) > 1 else loc
    return ".".join(str(part) for part in parts)[:200]


def _message(item: Mapping[str, Any]) -> str:
    return "unknown field" if item["type"] == "extra_forbidden" else str(item["msg"]).removeprefix("Value error, ")


async def _unavailable(_: Request, __: Exception) -> Response:
    return render(unavailable())


def unavailable() -> Problem:
    """503; nothing was stored, or it is safe to say it again."""
    return Problem(503, "The store does not answer. Send the same request again.", headers={"Retry-After": "2"})


async def _missing(_: Request, __: Exception) -> Response:
    return render(not_found())


async def _conflict(_: Request, error: Exception) -> Response:
    return render(Problem(409, CONFLICTS.get(str(error), "It has changed since you looked. Look again.")))


async def _unstorable(_: Request, __: Exception) -> Response:
    return render(Problem(422, "A value cannot be stored."))

"""The policy for admins: its versions, activating one, rolling back, and changing one cell of the matrix."""

import json
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.callers import AdminCaller, AdminReader, Staff
from api.fields import MAX_INTEGER, Body, Text, Version
from api.parts import Engine, Parts
from api.policy_body import YAML, refused, unfit, written_policy
from api.problems import not_found, responses
from domain.matrix import RowName
from domain.policy import Policy
from domain.policy_checks import findings
from domain.policy_file import PolicyFileError, locate, read_cell
from domain.policy_matrix import ShownMatrix, show_matrix, with_cell
from domain.policy_text import differences, write_policy
from store.admin_views import PolicyGap, policy_gaps
from store.errors import Conflict, NotFound
from store.policies import PolicyUnfit, activate, roll_back, unknown_agents
from store.policy_history import VersionRow, versions

router = APIRouter(prefix="/v1/admin", tags=["policy"])

_READING = responses(401, 403, 422, 503)
Limit = Annotated[int, Query(ge=1, le=500)]
Number = Annotated[int, Path(ge=1, le=MAX_INTEGER, description="A version.")]


class AdminMe(BaseModel):
    """Who asks."""

    role: str
    agent_id: str
    csrf: str
    """For the header X-CSRF-Token; empty for API tokens, which need none."""


class ActivePolicy(BaseModel):
    """The policy for new interactions."""

    version: int
    policy: Policy


class Activated(BaseModel):
    """The version that is active now; the same content again keeps its version."""

    version: int


class WrittenVersion(BaseModel):
    """One version with its content, also as a file."""

    version: VersionRow
    policy: Policy
    yaml: str


class Differences(BaseModel):
    """The lines in which two versions differ, as a unified diff of their files."""

    before: int
    after: int
    diff: str


class Rollback(Body):
    """The version whose content is activated again."""

    version: Version


class CellChange(Body):
    """One cell, written anew."""

    based_on: Version
    """The version that whoever changes it has before them."""
    issue: RowName
    tier: Text
    candidates: list[dict[str, object]] | Text | None
    """As JSON, or as YAML in a text; null takes the cell out, so that it inherits again."""
    preview: bool = False
    """Only tell what would change."""


class CellChanged(BaseModel):
    """The version that is active now, and what the change is."""

    version: int
    diff: str


@router.get("/me", responses=responses(401, 403, 503))
async def who_asks(caller: AdminReader) -> AdminMe:
    """Who is signed in, for pages."""
    return AdminMe(role=caller.role.value, agent_id=caller.agent_id, csrf=caller.csrf)


@router.get("/policy", responses=responses(401, 403, 404, 503))
async def active_policy(_: AdminReader, parts: Engine) -> ActivePolicy:
    """The active policy."""
    policy = await _active(parts)
    return ActivePolicy(version=policy.version, policy=policy)


@router.get("/policy/gaps", responses=_READING)
async def list_policy_gaps(_: AdminReader, parts: Engine, limit: Limit = 100) -> list[PolicyGap]:
    """Cells of the matrix in which no candidate fitted."""
    async with parts.database.begin() as session:
        return await policy_gaps(session, limit)


@router.get("/policy/matrix", responses=responses(401, 403, 404, 503))
async def active_matrix(_: AdminReader, parts: Engine) -> ShownMatrix:
    """The active policy's matrix, with what every cell inherits."""
    return show_matrix(await _active(parts))


@router.get("/policy/versions", responses=_READING)
async def list_versions(_: AdminReader, parts: Engine, limit: Limit = 100) -> list[VersionRow]:
    """The versions, the newest first."""
    async with parts.database.begin() as session:
        return await versions(session, limit)


@router.get("/policy/versions/{number}", responses=responses(401, 403, 404, 422, 503))
async def one_version(number: Number, _: AdminReader, parts: Engine) -> WrittenVersion:
    """A version with its content."""
    async with parts.database.begin() as session:
        policy = await parts.shelf.version(session, number)
        row = (await versions(session, 1, number))[0]
    return WrittenVersion(version=row, policy=policy, yaml=write_policy(policy))


@router.get("/policy/versions/{number}/diff", responses=responses(401, 403, 404, 422, 503))
async def compare_versions(
    number: Number,
    _: AdminReader,
    parts: Engine,
    against: Annotated[int | None, Query(ge=1, le=MAX_INTEGER, description="By default the active version.")] = None,
) -> Differences:
    """What another version says otherwise than this one."""
    async with parts.database.begin() as session:
        before = await parts.shelf.version(session, number)
        after = await (parts.shelf.version(session, against) if against else parts.shelf.active(session))
    return Differences(before=before.version, after=after.version, diff=_diff(before, after))


@router.post("/policy", responses=responses(400, 401, 403, 413, 422, 503), openapi_extra=YAML)
async def activate_policy(request: Request, caller: AdminCaller, parts: Engine) -> Activated:
    """Check a policy file (YAML) and make it the active policy. While it has a mistake, the old one stays active."""
    text, policy = await written_policy(request)
    try:
        async with parts.database.begin() as session:
            return Activated(version=await activate(session, policy, by=_name(caller)))
    except PolicyUnfit as error:
        raise unfit(locate(text, error.findings)) from None


@router.post("/policy/rollback", responses=responses(400, 401, 403, 404, 413, 422, 503))
async def bring_back(body: Rollback, caller: AdminCaller, parts: Engine) -> Activated:
    """Activate an earlier version's content again, as a new version."""
    try:
        async with parts.database.begin() as session:
            return Activated(version=await roll_back(session, body.version, by=_name(caller)))
    except PolicyUnfit as error:
        raise refused(error.findings) from None


@router.post("/policy/cell", responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def change_cell(body: CellChange, caller: AdminCaller, parts: Engine) -> CellChanged:
    """Write one cell of the matrix anew and activate the outcome; 409 if another version has become active since."""
    async with parts.database.begin() as session:
        before = await parts.shelf.active(session)
        if before.version != body.based_on:
            raise Conflict("policy_moved_on")
        after = await run_in_threadpool(_changed, before, body)
        if unknown := await unknown_agents(session, after):
            raise refused(unknown)
        version = before.version if body.preview else await _activate(session, after, caller, body)
    return CellChanged(version=version, diff=_diff(before, after))


async def _activate(session: AsyncSession, policy: Policy, caller: Staff, body: CellChange) -> int:
    return await activate(session, policy, by=_name(caller), based_on=body.based_on)


def _changed(policy: Policy, body: CellChange) -> Policy:
    """The policy with the cell as the body has it. Raises 422 with the lines of the cell's text."""
    place = ("matrix", body.issue, body.tier)
    if body.candidates is None:
        return with_cell(policy, body.issue, body.tier, None)
    text = body.candidates if isinstance(body.candidates, str) else json.dumps(body.candidates)
    try:
        changed = with_cell(policy, body.issue, body.tier, read_cell(text))
    except PolicyFileError as error:
        raise unfit(error.problems) from None
    wrong = list(findings(changed))
    here = [(path[len(place) :], message) for path, message in wrong if path[: len(place)] == place]
    if here:
        raise unfit(locate(text, here))
    if wrong:
        raise refused(wrong)
    return changed


def _diff(before: Policy, after: Policy) -> str:
    names = (f"version {before.version}", f"version {after.version}" if after.version != before.version else "changed")
    return differences(write_policy(before), write_policy(after), names)


async def _active(parts: Parts) -> Policy:
    try:
        async with parts.database.begin() as session:
            return await parts.shelf.active(session)
    except NotFound:
        raise not_found() from None


def _name(caller: Staff) -> str:
    return caller.agent_id or "admin"

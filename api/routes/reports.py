"""Reports for admins over a period: promises, pressure, and how cases were resolved. Figures, never words or names."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from api.callers import AdminReader
from api.parts import Engine
from api.problems import invalid, not_found, responses
from store.commitment_views import CommitmentCount, commitments_report
from store.errors import NotFound
from store.locking import database_now
from store.pressure_report import ShiftLine, pressure_report
from store.resolution_report import ResolutionReport, resolution_report
from store.sla import SlaLine, sla_report

router = APIRouter(prefix="/v1/admin/reports", tags=["admin"])

_READING = responses(401, 403, 422, 503)
_WEEK = timedelta(days=7)
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

Moment = Annotated[AwareDatetime, Query(ge=_EARLIEST, le=_LATEST)]


class SlaReport(BaseModel):
    """Service levels by team and kind; times are seconds of the team's working hours."""

    since: datetime
    until: datetime
    lines: list[SlaLine]


@router.get("/sla", responses=_READING)
async def service_levels(
    _: AdminReader, parts: Engine, since: Moment | None = None, until: Moment | None = None
) -> SlaReport:
    """How service levels were kept from `since` until before `until`; by default in the last seven days."""
    async with parts.database.begin() as session:
        end = until or await database_now(session)
        begin = since or end - _WEEK
        if begin >= end:
            raise invalid("since", "must be before until")
        return SlaReport(since=begin, until=end, lines=await sla_report(session, begin, end))


@router.get("/commitments", responses=responses(401, 403, 404, 422, 503))
async def commitments(_: AdminReader, parts: Engine, since: Moment | None = None) -> list[CommitmentCount]:
    """How promises fared that were due since an instant, those to come included; by default since 30 days ago."""
    try:
        async with parts.database.begin() as session:
            return await commitments_report(session, since, await parts.shelf.active(session))
    except NotFound:
        raise not_found() from None


class PressureReport(BaseModel):
    """What pressure moved; shares are between 0 and 1."""

    since: datetime
    lines: list[ShiftLine]


@router.get("/pressure", responses=_READING)
async def pressure(_: AdminReader, parts: Engine, since: Moment | None = None) -> PressureReport:
    """Cases that pressure gave to the AI beside those that it could have; by default of the last seven days."""
    async with parts.database.begin() as session:
        begin = since or await database_now(session) - _WEEK
        return PressureReport(since=begin, lines=await pressure_report(session, begin))


@router.get("/resolution", responses=_READING)
async def resolution(
    _: AdminReader, parts: Engine, since: Moment | None = None, until: Moment | None = None
) -> ResolutionReport:
    """Who resolved the contacts of a period, why people got them, and how it was rated; by default of seven days."""
    async with parts.database.begin() as session:
        end = until or await database_now(session)
        begin = since or end - _WEEK
        if begin >= end:
            raise invalid("since", "must be before until")
        return await resolution_report(session, begin, end)

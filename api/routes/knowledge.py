"""What customers asked and no article answers, for those who write articles. Topics and ids, never words or names."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.callers import AdminReader
from api.parts import Engine
from api.problems import responses
from store.knowledge_gaps import GapGroup, gap_report

router = APIRouter(prefix="/v1/admin/knowledge", tags=["admin"])


class GapReport(BaseModel):
    """Questions of the last `days` days that no article answers yet, the most frequent topic first."""

    days: int
    gaps: list[GapGroup]


@router.get("/gaps", responses=responses(401, 403, 422, 503))
async def knowledge_gaps(_: AdminReader, parts: Engine, days: Annotated[int, Query(ge=1, le=3650)] = 30) -> GapReport:
    """The questions that wait for an article, by topic, issue and language."""
    async with parts.database.begin() as session:
        return GapReport(days=days, gaps=await gap_report(session, days))

"""What a plan's present stage orders the AI to say, before it answers in words of its own."""

from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from domain.plan import Exit, Plan
from domain.proposal import Citation, CitationKind, Question, Reply, Statement
from domain.stage_words import decision_told, please_send
from domain.triage import Triage
from store.evidence import evidence_missing, last_decision
from store.interactions import Interaction


class Collected(Enum):
    """The stage has what it was to collect."""

    ALL = "all"


async def stage_orders(session: AsyncSession, row: Interaction) -> Collected | Question | Reply | None:
    """A question for what is missing, or the telling of a decision; None where the AI is free."""
    stage = Plan.model_validate(row.plan).stage(row.stage) if row.plan else None
    if stage is None or stage.until is Exit.SETTLED:
        return None
    language = Triage.model_validate(row.triage).language if row.triage else "en"
    if stage.until is Exit.COLLECTED:
        missing = await evidence_missing(session, row.id, stage.collect)
        return Question(text=please_send(language, missing)) if missing else Collected.ALL
    decided = await last_decision(session, row.id)
    if decided is None:
        return None
    words = decision_told(language, approved=decided.approved, words=decided.words)
    return Reply(statements=(Statement(text=words, citations=(Citation(kind=CitationKind.INTERACTION, ref=row.id),)),))

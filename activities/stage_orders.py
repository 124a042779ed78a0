"""What a plan's present stage orders the AI to say, before it answers in words of its own."""

from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from activities.flow_dialogue import FlowDialogue
from activities.flow_talk import Confirmed, is_pending
from activities.flow_words import Ordered
from domain.case import Case
from domain.flows.choice_words import choice_said
from domain.plan import Exit, Plan, Stage, StageKind
from domain.policy import Policy
from domain.proposal import Citation, CitationKind, Question, Reply, Statement
from domain.stage_words import decision_told, please_send
from domain.values import Value
from store.database import Database
from store.evidence import Decision, evidence_missing, last_decision
from store.flow_choices import open_choice
from store.flow_wishes import last_read_back
from store.interactions import Interaction
from store.policy_versions import PolicyShelf


class Collected(Enum):
    """The stage has what it was to collect."""

    ALL = "all"


class Chosen(Value):
    """The customer has named one of the things that a flow of the case offers."""

    flow_id: str
    order: str
    choice: str


class StageOrders:
    """Reads where the plan stands, and what follows from it for the AI's next word."""

    def __init__(self, database: Database, dialogue: FlowDialogue) -> None:
        self._database = database
        self._dialogue = dialogue
        self._shelf = PolicyShelf()

    async def next_word(self, case: Case) -> Collected | Chosen | Confirmed | Ordered | None:
        """A question for what is missing, the telling of a decision, or a flow's dialogue; None where the AI is free.

        `Collected`, `Chosen` and `Confirmed` say that what is needed is there.
        """
        async with self._database.begin() as session:
            row = await session.get_one(Interaction, case.interaction_id)
            policy = await self._shelf.version(session, row.policy_version)
            stage = Plan.model_validate(row.plan).stage(row.stage) if row.plan else Stage(kind=StageKind.AI)
            ordered = await _of_evidence(session, case, stage) or await chosen(session, case)
        return ordered or await self._of_flow(case, stage, policy)

    async def _of_flow(self, case: Case, stage: Stage, policy: Policy) -> Confirmed | Ordered | None:
        match stage.kind:
            case StageKind.FLOW:
                return await self._dialogue.next_word(case, stage, policy)
            case StageKind.SELF_SERVICE:
                return await self._dialogue.self_service(case, policy)
            case StageKind.AI if stage.until is Exit.SETTLED:
                return await self._dialogue.answered(case, stage, policy)
            case _:
                return None


async def chosen(session: AsyncSession, case: Case) -> Chosen | None:
    """What the customer has chosen of what a flow of theirs offers, in plain words and nothing else."""
    if case.customer is None or not case.new_turns:
        return None
    asked = await open_choice(session, case.interaction_id)
    if asked is None or case.customer.customer_id != asked.shop_customer_id:
        return None
    choice = choice_said(case.unanswered, asked.offered)
    return Chosen(flow_id=asked.flow_id, order=asked.order, choice=choice) if choice else None


async def awaits_yes(session: AsyncSession, case: Case) -> bool:
    """Is the customer answering a read-back, the last thing that was said to them? A yes or no is then about it."""
    return is_pending(await last_read_back(session, case.interaction_id), case)


async def _of_evidence(session: AsyncSession, case: Case, stage: Stage) -> Collected | Ordered | None:
    language = case.triage.language if case.triage else "en"
    if stage.until is Exit.COLLECTED:
        missing = await evidence_missing(session, case.interaction_id, stage.collect)
        return Ordered(Question(text=please_send(language, missing))) if missing else Collected.ALL
    if stage.until is not Exit.TOLD and stage.kind is not StageKind.FLOW:
        return None
    decided = await last_decision(session, case.interaction_id)
    # Where a person has refused what a flow was to do, that is told instead.
    tells = decided is not None and (stage.until is Exit.TOLD or not decided.approved)
    return _told(case, decided, language) if decided is not None and tells else None


def _told(case: Case, decided: Decision, language: str) -> Ordered:
    words = decision_told(language, approved=decided.approved, words=decided.words)
    source = Citation(kind=CitationKind.INTERACTION, ref=case.interaction_id)
    return Ordered(Reply(statements=(Statement(text=words, citations=(source,)),)))

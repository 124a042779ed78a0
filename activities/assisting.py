"""What the pool `ai` does: understand, compose, brief. Nothing here has an effect on the customer."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.cases import CaseReader, shop_facts
from activities.cited_sources import CitedSources
from activities.flow_dialogue import Confirmed, FlowDialogue
from activities.flow_words import Ordered, choice_taken
from activities.proving import Proving
from activities.records import CaseRef, Composed, Understood
from activities.sending_codes import CodeSender
from activities.stage_orders import Chosen, Collected, StageOrders, awaits_yes, chosen
from domain.case import Case
from domain.commerce import Order
from domain.flows.consent_words import Consent, consent
from domain.flows.dialogue import answers
from domain.front_door import FrontDoor
from domain.gate import gate
from domain.grounding import Sources
from domain.modes import Mode
from domain.plan import Plan, StageKind
from domain.policy import AssistantRules
from domain.proposal import Action, CitationKind, Handoff, HandoffReason, Proposal, Question, Reply
from domain.story import mode_in
from domain.triage import IssueType, Relation, Triage
from integrations.assistant.protocol import Assistant
from store.database import Database
from store.errors import Conflict
from store.flow_telling import choose
from store.flow_wishes import close_wish, keep_wish
from store.interactions import Interaction, lock_interaction
from store.journal import Happening, note
from store.knowledge_gaps import note_gap
from store.live import notify_desk
from store.policy_versions import PolicyShelf
from store.speaking import Draft, DraftState
from store.switches import ai_stopped
from store.work import open_item

_CERTAIN = 0.99
_SOUNDS_LIKE = frozenset({IssueType.PRODUCT_QUESTION, IssueType.ORDER_STATUS, IssueType.DELIVERY, IssueType.OTHER})
"""What an item, a size or an order number sounds like by itself. Any other issue is a wish that the customer names."""


class AssistantActivities:
    """The assistant's verbs."""

    def __init__(
        self,
        database: Database,
        cases: CaseReader,
        assistant: Assistant,
        door: FrontDoor,
        codes: CodeSender | None = None,
    ) -> None:
        self._database = database
        self._cases = cases
        self._assistant = assistant
        self._door = door
        self._dialogue = FlowDialogue(database, cases.shop, door)
        self._orders = StageOrders(database, self._dialogue)
        self._sources = CitedSources(database, cases.shop)
        self._proving = Proving(database, cases.shop, codes)
        self._shelf = PolicyShelf()

    @activity.defn
    async def triage(self, case_ref: CaseRef) -> Understood:
        """Understand the customer's unanswered turns; the whole triage is kept in the store."""
        case, _ = await self._cases.read(case_ref.interaction_id)
        if case.new_turns == 0:
            issue = case.previous.issue if case.previous else IssueType.OTHER
            return Understood(issue=issue, relation=Relation.SAME, nothing_new=True)
        if all(turn.automatic for turn in case.unanswered_turns):
            return Understood(issue=IssueType.OTHER, relation=Relation.SAME, auto_reply=True)
        triage = await self._assistant.triage(case.model_copy(update={"triage": None}))
        if await self._proving.hear(case, triage.entities):
            case, _ = await self._cases.read(case_ref.interaction_id)
        own = await self._cases.own_orders(case)
        facts = shop_facts(case, own, triage.entities.order_numbers)
        async with self._database.begin() as session:
            interaction = await lock_interaction(session, case_ref.interaction_id)
            chose = await chosen(session, case) is not None
            awaited = case.previous is not None and (_in_dialogue(interaction) or await awaits_yes(session, case))
            mine = own if _changes_subject(triage, case) else ()
            triage = _as_answer(triage, case, mine, chose=chose, awaited=awaited)
            if triage.relation not in {Relation.ANOTHER, Relation.THANKS}:
                interaction.triage, interaction.issue = triage.model_dump(mode="json"), triage.issue.value
                interaction.shop_facts = facts.model_dump(mode="json")
            note(
                session,
                Happening.TRIAGED,
                interaction=interaction,
                issue=triage.issue.value,
                confidence=round(triage.confidence, 3),
                relation=triage.relation.value,
                names_order=bool(triage.entities.order_numbers),
                language=triage.language,
            )
        return Understood(
            issue=triage.issue,
            relation=triage.relation,
            auto_reply=triage.auto_reply,
            wants_person=triage.wants_person or triage.issue is IssueType.HUMAN,
        )

    @activity.defn
    async def compose(self, case_ref: CaseRef) -> Composed:
        """Draft an answer and pass it through the gate; nobody sees the draft until it is delivered."""
        case, answers_seq = await self._cases.read(case_ref.interaction_id)
        mode = await self._mode(case)
        if mode is None:
            return Composed(handoff=HandoffReason.AI_STOPPED)
        ordered = None if case_ref.only_grounded else await self._orders.next_word(case)
        if ordered is Collected.ALL or isinstance(ordered, Chosen | Confirmed):
            return Composed(collected=True)
        told = await self._told_first(case) if isinstance(ordered, Ordered) and ordered.nothing_named else None
        if told is not None:
            ordered = None
        if ordered is None and case.new_turns == 0 and mode is not Mode.AUTO:
            return Composed()  # A person was faster.
        proposal = ordered.proposal if ordered else told or await self._assistant.compose(case)
        if isinstance(proposal, Action):
            ordered = await self._dialogue.proposed(case, proposal.request)
            proposal = ordered.proposal
        if isinstance(proposal, Question) and proposal.asks_proof and mode is not Mode.SHADOW:
            proposal = _still_asks(await self._proving.ask(case, proposal))
        if case_ref.only_grounded and not isinstance(proposal, Reply):
            return Composed(handoff=HandoffReason.LOW_CONFIDENCE)
        return await self._drafted(case, answers_seq, proposal, ordered)

    async def _mode(self, case: Case) -> Mode | None:
        """What becomes of the AI's words where the plan stands; None while the AI is switched off."""
        async with self._database.begin() as session:
            interaction = await session.get_one(Interaction, case.interaction_id)
            return None if await ai_stopped(session, interaction) else _mode_of(interaction)

    async def _told_first(self, case: Case) -> Reply | None:
        """Who asks how something works, and names nothing that it is about, is answered if the answer is grounded."""
        answer = await self._assistant.compose(case) if "?" in case.unanswered else None
        return answer if isinstance(answer, Reply) else None

    @activity.defn
    async def start_flow(self, case_ref: CaseRef) -> Composed:
        """Start what the customer has said yes to, or pass on what they have chosen; then draft the telling of it.

        Their words are read again here, with whatever they have written since.
        """
        case, answers_seq = await self._cases.read(case_ref.interaction_id)
        if await self._mode(case) is None:
            return Composed(handoff=HandoffReason.AI_STOPPED)
        ordered = await self._orders.next_word(case)
        if isinstance(ordered, Chosen):
            return await self._passed_on(case, answers_seq, ordered)
        if isinstance(ordered, Confirmed):
            ordered = await self._dialogue.start(ordered, answers_seq)
        if not isinstance(ordered, Ordered):
            return Composed(handoff=HandoffReason.TOOL_FAILURE)
        return await self._drafted(case, answers_seq, ordered.proposal, ordered)

    async def _passed_on(self, case: Case, answers_seq: int, choice: Chosen) -> Composed:
        """The flow hears of the choice, in the transaction that drafts the telling. Too late: a person sees to it."""
        told = choice_taken(case, choice.flow_id, choice.order).proposal
        try:
            async with self._database.begin() as session:
                interaction = await lock_interaction(session, case.interaction_id)
                draft = _draft(told, interaction, answers_seq)
                session.add(draft)
                if interaction.last_customer_seq == answers_seq:
                    await choose(session, choice.flow_id, choice.choice)
        except Conflict:
            return Composed(handoff=HandoffReason.TOOL_FAILURE)
        return Composed(draft_id=draft.id, order=choice.order)

    async def _drafted(self, case: Case, answers_seq: int, proposal: Proposal, ordered: Ordered | None) -> Composed:
        """The proposal as a draft, or the handoff that policy demands instead."""
        own_words = ordered is None and not (isinstance(proposal, Question) and proposal.asks_proof)
        sources = await self._sources.of(case, proposal) if own_words else None
        async with self._database.begin() as session:
            interaction = await session.get_one(Interaction, case.interaction_id)
            policy = await self._shelf.version(session, interaction.policy_version)
            decision = self._gated(proposal, policy.assistant, case, ordered, sources)
            if isinstance(decision, Handoff):
                if decision.reason is HandoffReason.MISSING_KNOWLEDGE:
                    await note_gap(session, interaction, case.unanswered_turns[-1].message_id, "")
                return Composed(handoff=decision.reason)
            draft = _draft(decision, interaction, answers_seq)
            session.add(draft)
            await _keep(session, draft, ordered)
            unseen = draft.state == DraftState.SHADOWED.value
            happening = Happening.DRAFT_SHADOWED if unseen else Happening.DRAFTED
            note(session, happening, interaction=interaction, ref=draft.id, kind_of=decision.kind)
        return Composed(draft_id=draft.id, order=_order(decision))

    def _gated(
        self,
        proposal: Proposal,
        rules: AssistantRules,
        case: Case,
        ordered: Ordered | None,
        sources: Sources | None,
    ) -> Proposal:
        """Past the gate. A read-back is no question back: it has a count of its own, and the first one is free.

        Nor is a request for proof, whose tries are limited. In words that the plan orders, Baton may link to its own
        pages.
        """
        asks_proof = isinstance(proposal, Question) and proposal.asks_proof
        asked = 0 if asks_proof else case.questions_asked
        if ordered is None:
            return gate(proposal, rules, questions_asked=asked, sources=sources)
        own = rules.model_copy(update={"link_domains": (*rules.link_domains, *_hosts(self._door))})
        return gate(proposal, own, questions_asked=asked if ordered.heard is None else ordered.heard - 1)

    @activity.defn
    async def brief(self, case_ref: CaseRef) -> None:
        """Prepare a person; the brief is added to the open work item."""
        case, _ = await self._cases.read_whole(case_ref.interaction_id)
        brief = await self._assistant.brief(case)
        async with self._database.begin() as session:
            item = await open_item(session, case_ref.interaction_id)
            if item is not None:
                item.brief = brief.model_dump(mode="json")
                await notify_desk(session)


def _order(proposal: Proposal) -> str:
    cited = proposal.citations if isinstance(proposal, Reply) else ()
    return next((citation.ref for citation in cited if citation.kind is CitationKind.ORDER), "")


def _as_answer(triage: Triage, case: Case, own: Sequence[Order], *, chose: bool, awaited: bool) -> Triage:
    """What answers a flow, or its dialogue, is about nothing else, whatever it sounds like by itself.

    `awaited`: a dialogue or a read-back waits for the customer's answer.
    """
    before = case.previous
    if chose:
        issue = before.issue if before else IssueType.DELIVERY
        return triage.model_copy(update={"issue": issue, "confidence": _CERTAIN, "relation": Relation.SAME})
    elsewhere = triage.wants_person or triage.relation is Relation.DISSATISFIED
    if before is None or not awaited or elsewhere:
        return triage
    same = {"issue": before.issue, "confidence": before.confidence, "relation": Relation.SAME, "further_issues": ()}
    plain = consent(case.unanswered) is not Consent.NEITHER
    stays = plain or (triage.issue in _SOUNDS_LIKE and answers(case.unanswered, own))
    return triage.model_copy(update=same) if stays else triage


def _changes_subject(triage: Triage, case: Case) -> bool:
    return case.previous is not None and (triage.issue != case.previous.issue or triage.relation is Relation.ANOTHER)


def _in_dialogue(interaction: Interaction) -> bool:
    stage = Plan.model_validate(interaction.plan).stage(interaction.stage) if interaction.plan else None
    return stage is not None and stage.kind is StageKind.FLOW and interaction.asked


def _hosts(door: FrontDoor) -> tuple[str, ...]:
    host = urlsplit(door.public_url).hostname
    return (host,) if host else ()


async def _keep(session: AsyncSession, draft: Draft, ordered: Ordered | None) -> None:
    """What the draft reads back, or which wish it closes."""
    await session.flush()
    if ordered is not None and ordered.reads is not None:
        keep_wish(session, draft.interaction_id, draft.answers_seq, draft.id, ordered.reads, ordered.fingerprint)
    if ordered is not None and ordered.closes:
        await close_wish(session, ordered.closes, draft.id)


def _mode_of(interaction: Interaction) -> Mode:
    return mode_in(Plan.model_validate(interaction.plan) if interaction.plan else None, interaction.stage)


def _still_asks(proposal: Proposal) -> Proposal:
    """However it is worded, it stays a request for proof."""
    return proposal.model_copy(update={"asks_proof": True}) if isinstance(proposal, Question) else proposal


def _draft(proposal: Proposal, interaction: Interaction, answers_seq: int) -> Draft:
    mode = _mode_of(interaction)
    draft = Draft(
        interaction_id=interaction.id,
        answers_seq=answers_seq,
        body="",
        cell=str((interaction.plan or {}).get("cell", "")),
        mode=mode.value,
        state=(DraftState.SHADOWED if mode is Mode.SHADOW else DraftState.OPEN).value,
    )
    match proposal:
        case Reply():
            draft.body = proposal.text
            draft.citations = [citation.model_dump(mode="json") for citation in proposal.citations]
            draft.commitments = [promise.model_dump(mode="json") for promise in proposal.commitments]
        case Question():
            draft.body, draft.question, draft.asks_proof = proposal.text, True, proposal.asks_proof
            draft.citations = [citation.model_dump(mode="json") for citation in proposal.citations]
        case Handoff() | Action():
            raise AssertionError("it has no words")
    return draft

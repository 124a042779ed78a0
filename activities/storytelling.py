"""Short reads and writes of an interaction's row: local activities of the pool `workflows`.

They run again more often than one thinks, so each is a compare-and-set that gives the same answer the second time.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from temporalio import activity

from activities.records import CaseRef, Closing, Missed, OperatorDid, Resting, Routed, Splitting, Staging
from domain.interaction import EntryKind, InteractionState, Resolution, Standing
from domain.plan import Plan
from domain.policy import Policy
from domain.routing import Facts, route, why_people
from domain.triage import Triage
from store.conversations import Conversation, Message
from store.database import Database
from store.handing_over import drop_work
from store.interactions import Interaction, advance, lock_case, lock_interaction, move, resolve
from store.journal import Happening, entries_after, note, tell
from store.live import notify_desk
from store.locking import database_now
from store.policy_versions import PolicyShelf
from store.satisfaction import ask_later
from store.snapshots import moment_of
from store.speaking import lapse_suggestions
from store.taking_back import take_back_earlier
from store.work import open_item


class StoryActivities:
    """The story's own verbs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    @activity.defn
    async def take_up(self, case_ref: CaseRef) -> Standing:
        """Where the interaction stands, for a run that was not there before."""
        async with self._database.begin() as session:
            row = await lock_interaction(session, case_ref.interaction_id)
            policy = await self._shelf.version(session, row.policy_version)
            now = await database_now(session)
            quiet_for = (now - (row.changed_at or now)).total_seconds()
            if row.is_open:
                await move(session, row, InteractionState(row.state), due_in=policy.deadlines.step_seconds)
            item = await open_item(session, row.id)
            return Standing(
                state=InteractionState(row.state),
                resolution=Resolution(row.resolution) if row.resolution else None,
                handled_seq=row.handled_seq,
                issue=row.issue,
                plan=Plan.model_validate(row.plan) if row.plan else None,
                stage=row.stage,
                agent_id=item.agent_id or "" if item else "",
                asked=row.asked,
                quiet_for=quiet_for,
                stage_left=(row.stage_due - now).total_seconds() if row.stage_due else None,
                tried=row.shifted_to_ai_at is not None,
                reviewing=item is not None and item.draft_id is not None,
            )

    @activity.defn
    async def report_in(self, resting: Resting) -> Missed:
        """Tell the store that the story is alive, and learn which entries it has missed."""
        async with self._database.begin() as session:
            row = await lock_interaction(session, resting.interaction_id)
            if row.is_open and row.last_seq == resting.handled_seq:
                await advance(session, row, resting.state, due_in=resting.due_in, handled_seq=resting.handled_seq)
            row.misses = 0
            return Missed(entries=tuple(await entries_after(session, row.id, resting.handled_seq)))

    @activity.defn
    async def choose_route(self, case_ref: CaseRef) -> Routed:
        """Route by the pinned policy over a snapshot of availability; plan and explanation are kept."""
        async with self._database.begin() as session:
            row = await lock_interaction(session, case_ref.interaction_id)
            policy = await self._shelf.version(session, row.policy_version)
            triage = Triage.model_validate(row.triage)
            await session.flush()
            customer, snapshot = await moment_of(session, row, policy.named_agents)
            await take_back_earlier(session, row, policy)
            plan = route(triage, customer, snapshot, policy, await database_now(session))
            row.plan = plan.model_dump(mode="json")
            await _begin_stage(session, row, plan, 0, policy, case_ref.handled_seq)
            if plan.shifted and row.shifted_to_ai_at is None:
                row.shifted_to_ai_at = await database_now(session)
                row.shifted_from = next(stage.team for stage in plan.stages if stage.with_people)
            facts = Facts(triage=triage.without_words, customer=customer, snapshot=snapshot)
            note(
                session,
                Happening.ROUTED,
                interaction=row,
                plan=[str(stage) for stage in plan.stages],
                cell=plan.cell,
                policy=plan.policy_version,
                shifted=plan.shifted,
                facts_of=facts.model_dump(mode="json", exclude_defaults=True),
            )
            if plan.gap:
                note(session, Happening.POLICY_GAP, interaction=row, cell=plan.cell)
            return Routed(plan=plan, reason=why_people(triage, plan))

    @activity.defn
    async def begin_stage(self, staging: Staging) -> None:
        """The plan's next stage begins."""
        async with self._database.begin() as session:
            row = await lock_interaction(session, staging.interaction_id)
            policy = await self._shelf.version(session, row.policy_version)
            plan = Plan.model_validate(row.plan)
            await _begin_stage(session, row, plan, staging.stage, policy, staging.handled_seq)
            note(session, Happening.STAGE_BEGUN, interaction=row, stage=str(plan.stage(staging.stage)))

    @activity.defn
    async def rest(self, resting: Resting) -> None:
        """The story waits in a state until a deadline."""
        async with self._database.begin() as session:
            row = await lock_interaction(session, resting.interaction_id)
            if row.is_open:
                await advance(session, row, resting.state, due_in=resting.due_in, handled_seq=resting.handled_seq)

    @activity.defn
    async def close(self, closing: Closing) -> bool:
        """Close the interaction if every entry is handled; False means that something has come since."""
        async with self._database.begin() as session:
            customer, row = await lock_case(session, closing.interaction_id)
            if row.last_seq > closing.handled_seq:
                return False
            row.handled_seq = row.last_seq
            if row.is_open:
                await lapse_suggestions(session, row)
                await drop_work(session, row, customer)
                await resolve(session, row, closing.how)
                await ask_later(session, row, customer, await self._shelf.version(session, row.policy_version))
                note(session, Happening.RESOLVED, interaction=row, how=closing.how.value)
                await notify_desk(session)
            return True

    @activity.defn
    async def split_off(self, splitting: Splitting) -> str:
        """Give messages about another problem an interaction of their own, linked to this one; returns its id."""
        async with self._database.begin() as session:
            _, row = await lock_case(session, splitting.interaction_id)
            query = select(Message).where(
                col(Message.id).in_(splitting.message_ids), col(Message.interaction_id) == row.id
            )
            messages = list((await session.execute(query.order_by(col(Message.created_at)))).scalars())
            if not messages:
                linked = await session.get_one(Message, splitting.message_ids[0])
                return linked.interaction_id
            other = Interaction(
                customer_id=row.customer_id, channel=row.channel, policy_version=row.policy_version, linked_to=row.id
            )
            session.add(other)
            await session.flush()
            note(session, Happening.INTERACTION_OPENED, interaction=other, channel=row.channel, split_from=row.id)
            for message in messages:
                message.interaction_id = other.id
                other.last_customer_seq = tell(session, other, EntryKind.MESSAGE_RECEIVED, ref=message.id)
                conversation = await session.get_one(Conversation, message.conversation_id)
                conversation.interaction_id = other.id
            policy = await self._shelf.version(session, row.policy_version)
            await move(session, other, InteractionState.NEW, due_in=policy.deadlines.step_seconds)
            row.handled_seq = max(row.handled_seq, splitting.handled_seq)
            return other.id

    @activity.defn
    async def note_operator(self, did: OperatorDid) -> None:
        """Journal an operator's order: done, or refused and why."""
        async with self._database.begin() as session:
            row = await session.get_one(Interaction, did.interaction_id)
            kind = Happening.OPERATOR_REFUSED if did.refused else Happening.OPERATOR_DID
            note(session, kind, interaction=row, by="operator", order=did.order, refused=did.refused)


async def _begin_stage(
    session: AsyncSession, row: Interaction, plan: Plan, number: int, policy: Policy, handled_seq: int
) -> None:
    stage = plan.stage(number)
    row.stage, row.stage_due = number, None
    if stage.deadline_seconds is not None:
        row.stage_due = await database_now(session) + timedelta(seconds=stage.deadline_seconds)
    state = InteractionState.WITH_AI if stage.with_ai else InteractionState.NEW
    await advance(session, row, state, due_in=policy.deadlines.step_seconds, handled_seq=handled_seq)

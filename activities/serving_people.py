"""What the pool `human` does: put a case before people."""

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.records import HandedOver, Laying, ToPeople
from domain.interaction import InteractionState
from domain.parties import Channel
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.work import WorkState
from store.customers import Customer
from store.database import Database
from store.drafts import discard_drafts, lay_before_people, withdraw
from store.handing_over import announce, open_work
from store.interactions import Interaction, lock_case
from store.passing_on import move_to_team
from store.policy_versions import PolicyShelf
from store.queue_line import outlook_of
from store.queueing import answer_expected, opening_of, queue_words
from store.speaking import lapse_suggestions
from store.switches import ai_stopped
from store.work import WorkItem, lock_item, open_item


class PeopleActivities:
    """The verbs that need people."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    @activity.defn
    async def hand_over(self, to_people: ToPeople) -> HandedOver:
        """Open the interaction's work item, once, and tell the customer who will answer, and when."""
        async with self._database.begin() as session:
            customer, row, policy, team = await self._case(session, to_people)
            await lapse_suggestions(session, row)
            reviewed = to_people.draft_id and not await ai_stopped(session, row)
            reason = HandoffReason.AI_STOPPED if to_people.draft_id and not reviewed else to_people.reason
            item = await open_work(session, row, customer, team, reason, policy, brief=None)
            if reviewed:
                await lay_before_people(session, row, await lock_item(session, item.id), to_people.draft_id)
            notice = "" if reviewed else await _announce(session, row, customer, item, policy)
            return HandedOver(
                item_id=item.id,
                team=item.team_id,
                notice_id=notice,
                state=InteractionState(row.state),
                agent_id=item.agent_id or "",
                reviewing=bool(reviewed) or item.draft_id is not None,
            )

    @activity.defn
    async def reassure(self, to_people: ToPeople) -> str:
        """A draft has waited so long for its reviewer that the customer is told what all are told who wait.

        Returns the notice's id, empty if there is nobody to be told or somebody speaks to them already.
        """
        async with self._database.begin() as session:
            customer, row, policy, _ = await self._case(session, to_people)
            item = await open_item(session, row.id)
            waits = item is not None and item.state in {WorkState.WAITING.value, WorkState.OFFERED.value}
            return await _announce(session, row, customer, item, policy) if item is not None and waits else ""

    @activity.defn
    async def lay(self, laying: Laying) -> None:
        """Lay another draft with the open work item, in its place; or withdraw the one that lies there."""
        async with self._database.begin() as session:
            _, row = await lock_case(session, laying.interaction_id)
            found = await open_item(session, row.id)
            if found is None:
                return await discard_drafts(session, row.id)
            item = await lock_item(session, found.id)
            if laying.without is not None:
                return await withdraw(session, row, item, laying.without)
            return await lay_before_people(session, row, item, laying.draft_id)

    @activity.defn
    async def move_on(self, to_people: ToPeople) -> bool:
        """The stage has taken too long: its fallback team gets the waiting item. False while somebody is asked."""
        async with self._database.begin() as session:
            customer, row, policy, team = await self._case(session, to_people)
            found = await open_item(session, row.id)
            if found is None:
                return True
            item = await lock_item(session, found.id)
            if item.state == WorkState.WAITING.value and item.team_id != team:
                await move_to_team(session, customer, row, item, team, policy)
            return item.state != WorkState.OFFERED.value

    async def _case(self, session: AsyncSession, to_people: ToPeople) -> tuple[Customer, Interaction, Policy, str]:
        """The case, locked, with its policy and the team that it is for."""
        customer, row = await lock_case(session, to_people.interaction_id)
        policy = await self._shelf.version(session, row.policy_version)
        row.handled_seq = max(row.handled_seq, to_people.handled_seq)
        return customer, row, policy, to_people.team if to_people.team in policy.teams else policy.overflow


async def _announce(session: AsyncSession, row: Interaction, customer: Customer, item: WorkItem, policy: Policy) -> str:
    """Tell the customer once that a person will answer; returns the notice's id."""
    words = await _notice(session, row, customer, item, policy)
    return await announce(session, row, customer, words, f"waiting-{item.id}")


async def _notice(session: AsyncSession, row: Interaction, customer: Customer, item: WorkItem, policy: Policy) -> str:
    """A person will answer: with place and wait where the customer waits for it, and a way out of a long one."""
    words = await queue_words(session, row, item, policy)
    if item.channel == Channel.EMAIL.value:
        return words.handed_over_by_mail(await opening_of(session, item, policy))
    return words.handed_over(
        await outlook_of(session, item, policy), await answer_expected(session, item, customer, policy)
    )

"""What the pool `human` does: put a case before people."""

from temporalio import activity

from activities.records import HandedOver, ToPeople
from domain.interaction import InteractionState
from domain.notices import waiting_for_a_person
from domain.triage import Triage
from store.database import Database
from store.handing_over import announce, open_work
from store.interactions import lock_case
from store.policy_versions import PolicyShelf
from store.speaking import lapse_suggestions


class PeopleActivities:
    """The verbs that need people."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    @activity.defn
    async def hand_over(self, to_people: ToPeople) -> HandedOver:
        """Open the interaction's work item, once, and tell the customer that a person will answer."""
        async with self._database.begin() as session:
            customer, row = await lock_case(session, to_people.interaction_id)
            policy = await self._shelf.version(session, row.policy_version)
            team = to_people.team if to_people.team in policy.teams else policy.overflow
            row.handled_seq = max(row.handled_seq, to_people.handled_seq)
            await lapse_suggestions(session, row)
            item = await open_work(session, row, customer, team, to_people.reason, policy, brief=None)
            language = Triage.model_validate(row.triage).language if row.triage else "en"
            notice = await announce(session, row, customer, waiting_for_a_person(language), f"waiting-{item.id}")
            return HandedOver(
                item_id=item.id,
                team=item.team_id,
                notice_id=notice,
                state=InteractionState(row.state),
                agent_id=item.agent_id or "",
            )

"""An agent records a promise that a message of the case has made."""

from sqlalchemy.ext.asyncio import AsyncSession

from domain.commitment import NewCommitment
from domain.parties import AuthorKind
from domain.policy import Policy
from store.commitment_table import Commitment
from store.commitments import commit
from store.conversations import Message
from store.errors import Conflict
from store.people import lock_work, must_have


async def record_promise(
    session: AsyncSession,
    item_id: str,
    agent_id: str,
    new: NewCommitment,
    policy: Policy,
    *,
    source: str,
    position: int = 0,
) -> Commitment:
    """The agent who has the case commits to what `source`, a message to its customer, says.

    Once for each source and position. Raises `NotFound`, or `Conflict`: `not_your_case`, `no_such_message`,
    `due_in_the_past`, `due_too_far`.
    """
    _, interaction, _, item = await lock_work(session, item_id, agent_id)
    must_have(item, agent_id)
    message = await session.get(Message, source)
    ours = message is not None and message.author != AuthorKind.CUSTOMER.value
    if message is None or not ours or message.interaction_id != interaction.id:
        raise Conflict("no_such_message")
    made_by = f"agent:{agent_id}"
    return await commit(session, interaction, item.team_id, new, made_by, source, policy, position=position)

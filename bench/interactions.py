"""The interaction that is measured: one chat message, answered by the AI, closed by a short silence."""

from domain.message import ClaimedIdentity, InboundMessage, Receipt
from domain.parties import Channel, IdentityKind
from domain.policy import Policy
from domain.policy_file import read_policy
from store.ids import new_id
from store.receiving import Reception

PAUSE_SECONDS = 0.05
SILENCE_SECONDS = 0.05

_POLICY = """
brand: {name: Bench, ai_label: Bench AI}
assistant: {mode: auto}
overflow: support
teams:
  support: {title: Support, channels: {chat: {mode: offer, offer_seconds: 600}}}
tiers: {guest: {}, standard: {}}
matrix:
  complaint: {any: [{plan: ["queue:support"]}]}
defaults:
  - {plan: [ai, "queue:support"]}
"""


def bench_policy() -> Policy:
    """The AI answers all but complaints; customers are quick to finish and quick to be content."""
    policy = read_policy(_POLICY)
    patient = {"ai_start_seconds": 3600.0, "step_seconds": 3600.0}  # a full queue is no reason for a person
    due = policy.deadlines.model_copy(update={"assume_resolved_hours": SILENCE_SECONDS / 3600} | patient)
    pauses = policy.pauses.model_copy(update={"chat": PAUSE_SECONDS})
    return policy.model_copy(update={"deadlines": due, "pauses": pauses})


async def write(reception: Reception, session: str, body: str) -> Receipt:
    """A customer's message in a chat session."""
    return await reception.receive(
        InboundMessage(
            channel=Channel.CHAT,
            account="chat",
            provider_message_id=f"{session}:{new_id()}",
            thread_refs=(session,),
            sender=ClaimedIdentity(kind=IdentityKind.CHAT_SESSION, value=session, verified=True),
            text=body,
        )
    )

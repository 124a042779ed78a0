"""What a model provider was used for in each case: the ledger behind the limits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Field, SQLModel, col

from domain.model_calls import ModelCall, ModelFailure, Purpose, Spent, Terms
from store.columns import moment
from store.database import Database
from store.ids import new_id
from store.interactions import Interaction
from store.journal import Happening, note
from store.policy_versions import PolicyShelf


class ModelUsage(SQLModel, table=True):
    """One call of the provider, whether it helped or not."""

    __tablename__ = "model_usage"

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(index=True)
    purpose: str
    """`triage`, `compose` or `brief`."""
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    cost_microdollars: int | None = None
    """NULL where the model's price is not known."""
    seconds: float = 0
    failure: str = ""
    """Empty, or why it did not help: `timeout`, `rate_limited`, `malformed`, `refused`, `unavailable`."""
    at: datetime | None = moment(default_now=True)


class StoredLedger:
    """The ledger in the store: limits come from the policy version of the case."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    async def terms(self, interaction_id: str) -> Terms:
        """What the case may still spend. A conversation that is no case yet has the limits of a policy's defaults."""
        async with self._database.begin() as session:
            interaction = await session.get(Interaction, interaction_id)
            if interaction is None:
                return Terms()
            policy = await self._shelf.version(session, interaction.policy_version)
            sums = select(
                func.coalesce(func.sum(col(ModelUsage.tokens_in) + col(ModelUsage.tokens_out)), 0),
                func.coalesce(func.sum(col(ModelUsage.seconds)), 0.0),
                func.coalesce(func.sum(col(ModelUsage.cost_microdollars)), 0),
            ).where(col(ModelUsage.interaction_id) == interaction_id)
            tokens, seconds, microdollars = (await session.execute(sums)).one()
        spent = Spent(tokens=int(tokens or 0), seconds=float(seconds or 0), microdollars=int(microdollars or 0))
        return Terms(rules=policy.assistant, spent=spent, work_seconds=policy.deadlines.ai_work_seconds)

    async def keep(
        self, interaction_id: str, purpose: Purpose, calls: Sequence[ModelCall], failure: ModelFailure | None
    ) -> None:
        """Keep the calls; where they came to nothing, the journal tells why."""
        async with self._database.begin() as session:
            session.add_all(_row(interaction_id, purpose, call) for call in calls)
            interaction = await session.get(Interaction, interaction_id) if failure else None
            if interaction is not None and failure is not None:
                note(
                    session,
                    Happening.MODEL_FAILED,
                    interaction=interaction,
                    purpose=purpose.value,
                    why=failure.value,
                    calls=len(calls),
                )


def _row(interaction_id: str, purpose: Purpose, call: ModelCall) -> ModelUsage:
    return ModelUsage(
        interaction_id=interaction_id,
        purpose=purpose.value,
        model=call.model,
        tokens_in=call.tokens_in,
        tokens_out=call.tokens_out,
        cost_microdollars=call.microdollars,
        seconds=call.seconds,
        failure=call.failure.value if call.failure else "",
    )

"""What customers say of how their case was resolved: one question for each case, asked some time after its end."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from domain.interaction import Resolution
from domain.parties import Channel
from domain.policy import Policy
from domain.satisfaction import QuestionState, is_asked_about
from store.columns import moment
from store.customers import Customer
from store.interactions import Interaction
from store.locking import database_now
from store.outbox import address_satisfaction
from store.resolved_by import Outcome, resolver_of

_BLANK = {"server_default": text("''")}
_OPEN = text("state IN ('waiting', 'asking')")
PATIENCE_SECONDS = 30.0
"""How long after its time a question may be on its way before the sweep looks after it."""


class Satisfaction(SQLModel, table=True):
    """The question of one case, and its answer. It changes under the lock of its case only."""

    __tablename__ = "satisfaction"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="satisfaction_score_known"),
        Index("satisfaction_due", "next_step_due", postgresql_where=_OPEN),
        Index("satisfaction_asked", "customer_id", "asked_at"),
        Index("satisfaction_given", "answered_at", postgresql_where=text("score IS NOT NULL")),
    )

    interaction_id: str = Field(primary_key=True)
    customer_id: str
    state: str = Field(default=QuestionState.WAITING.value, sa_column_kwargs={"server_default": text("'waiting'")})
    """`domain.satisfaction.QuestionState`."""
    due_at: datetime | None = moment()
    """When it is asked."""
    give_up_at: datetime | None = moment()
    """Until when it may be put off while somebody speaks to the customer of something else."""
    next_step_due: datetime | None = moment()
    """When the sweep looks after it."""
    why: str = Field(default="", sa_column_kwargs=_BLANK)
    """Why it was dropped: a word of `domain.satisfaction.NotAsked`."""
    conversation_id: str = ""
    message_id: str = ""
    """The question."""
    asked_at: datetime | None = moment()
    open_until: datetime | None = moment()
    """How long an answer counts."""
    score: int | None = None
    """1 (bad) to 5 (good)."""
    comment: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    answered_at: datetime | None = moment()
    resolved_by: str = ""
    """`ai`, `flow` or an agent's id: whose work it judges."""

    @property
    def is_open(self) -> bool:
        """Still to be asked, so that its workflow runs."""
        return self.state in {QuestionState.WAITING.value, QuestionState.ASKING.value}


async def ask_later(session: AsyncSession, interaction: Interaction, customer: Customer, policy: Policy) -> None:
    """Have the customer asked how it was, some time after this end of their case; call it when the case is closed.

    Nothing happens unless the policy asks, and the case was resolved on a channel that it names. A case that ends a
    second time is asked about at its new end, if it was not asked about before. The case's rows are locked.
    """
    rules = policy.satisfaction
    how, channel = Resolution(interaction.resolution), interaction.channel
    if not (rules.ask and Channel(channel) in rules.channels and is_asked_about(how, channel)):
        return
    question = await session.get(Satisfaction, interaction.id, populate_existing=True)
    if question is not None and question.asked_at is not None:
        return
    question = question or Satisfaction(interaction_id=interaction.id, customer_id=customer.id)
    due = await database_now(session) + timedelta(minutes=rules.after_minutes)
    question.state, question.why, question.customer_id = QuestionState.WAITING.value, "", customer.id
    question.give_up_at = due + timedelta(hours=rules.open_hours)
    put_off(question, due)
    by = await resolver_of(session, interaction)
    question.resolved_by = interaction.agent_id if by is Outcome.PEOPLE else by.value
    session.add(question)
    address_satisfaction(session, interaction.id)


def put_off(question: Satisfaction, due: datetime) -> None:
    """It is asked at this time."""
    question.due_at, question.next_step_due = due, due + timedelta(seconds=PATIENCE_SECONDS)

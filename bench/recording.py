"""Recording one real interaction, with everything in this process so that its statements can be counted."""

from dataclasses import dataclass

from temporalio.client import WorkflowHistory

from bench.ground import Ground
from bench.interactions import bench_policy, write
from bench.report import Costs
from bench.shape import Shape, Tally, doing, shape_of, tallied
from bench.sides import bench_database
from domain.interaction import InteractionState
from store.people import accept, finish, reply
from tests.stage import Stage, set_stage
from tests.workflow.billing import actions


@dataclass(frozen=True)
class Recording:
    """One interaction as Temporal and the database saw it."""

    history: WorkflowHistory
    tally: Tally

    @property
    def shape(self) -> Shape:
        """What the bare workflow has to do."""
        return shape_of(self.history, self.tally.commits)


async def record(ground: Ground) -> Recording:
    """An AI-resolved single-message chat; the first one, which fills caches, is not the one recorded."""
    async with (
        bench_database(ground, "bench_recording") as database,
        set_stage(database, ground.temporal.address, bench_policy()) as stage,
    ):
        await _resolved(stage, "first")
        with tallied(database) as tally:
            interaction_id = await _resolved(stage, "second")
        history = await stage.story(interaction_id).fetch_history()
        return Recording(history, tally)


async def _resolved(stage: Stage, session: str) -> str:
    doing.set("receive")
    receipt = await write(stage.reception, session, "where is my order")
    doing.set("watching the bench")
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    await stage.story(receipt.interaction_id).result()
    return receipt.interaction_id


async def record_human(ground: Ground) -> WorkflowHistory:
    """A complaint that a person accepts, answers once and resolves."""
    policy = bench_policy()
    async with (
        bench_database(ground, "bench_recording") as database,
        set_stage(database, ground.temporal.address, policy) as stage,
    ):
        agent = await stage.hire()
        receipt = await write(stage.reception, "third", "a complaint about the parcel")
        item = await stage.work(receipt.interaction_id, "offered")
        async with database.begin() as session:
            await accept(session, item.id, agent.id, item.version, policy)
        async with database.begin() as session:
            await reply(session, item.id, agent.id, "I am sorry, I will mend it.", "once", policy)
        await stage.answered(receipt.conversation_id)
        async with database.begin() as session:
            await finish(session, item.id, agent.id, policy)
        await stage.story(receipt.interaction_id).result()
        return await stage.story(receipt.interaction_id).fetch_history()


def costs(history: WorkflowHistory) -> Costs:
    """What it takes of Temporal."""
    size = sum(event.ByteSize() for event in history.events)
    return Costs(actions=actions(history).total(), events=len(history.events), history_bytes=size)

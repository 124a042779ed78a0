"""The question of how a case was resolved: some time after its end, once, and when nobody else is speaking."""

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.satisfaction import Question, SatisfactionActivities
    from domain.names import Pool, WorkflowType
    from domain.satisfaction import SatisfactionStart
    from workflows.face import show_details
    from workflows.verbs import patiently


@workflow.defn(name=WorkflowType.SATISFACTION.value)
class SatisfactionWorkflow:
    """One for each end of a case that is asked about. The store knows whether it still is to be asked."""

    @workflow.init
    def __init__(self, start: SatisfactionStart) -> None:
        self.question = Question(interaction_id=start.interaction_id)

    @workflow.run
    async def run(self, start: SatisfactionStart) -> None:
        """Wait until the question is due, and ask; put off as long as the store says so."""
        due: datetime | None = start.due_at
        try:
            while due is not None:
                await self.wait(due)
                turned = await patiently(
                    SatisfactionActivities.ask_satisfaction, self.question, Pool.INTEGRATION, "ask how it was"
                )
                due = turned.again_at
        except (asyncio.CancelledError, ActivityError) as error:
            if not is_cancelled_exception(error):
                raise
            await patiently(SatisfactionActivities.do_not_ask, self.question, Pool.INTEGRATION, "do not ask")
            raise

    async def wait(self, due: datetime) -> None:
        """Until it is time."""
        show_details(
            {
                "Waiting for": "the time to ask how it was",
                "Next deadline": due.strftime("%Y-%m-%d %H:%M:%S UTC"),
                "Desk": f"/desk?interaction={self.question.interaction_id}",
            }
        )
        if (left := due - workflow.now()).total_seconds() > 0:
            await workflow.sleep(left, summary="until the question is due")

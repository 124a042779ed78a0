"""How a flow looks to an operator: current details in Markdown, and the search attributes."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flows.kinds import FlowStart, FlowState
    from domain.names import SearchAttribute
    from workflows.face import Attributes, show_details


class FlowFace:
    """What the Temporal UI shows of a flow. Ids and field terms only, never anybody's words."""

    def __init__(self, start: FlowStart) -> None:
        self._start = start
        self._attributes = Attributes()
        self.facts: dict[str, str] = {}
        """What has come of it, e.g. the shop's return and the amounts."""
        self.operator = ""

    def show(self, state: FlowState, deadline: datetime | None, outcome: str = "") -> None:
        """Bring details and search attributes up to date; unchanged attributes cost nothing."""
        details = {
            "Flow": self._start.kind.value,
            "Order": self._start.order,
            "Waiting for": outcome or state.value.removeprefix("awaiting_").replace("_", " "),
            "Next deadline": deadline.strftime("%Y-%m-%d %H:%M:%S UTC") if deadline else "",
            **self.facts,
            "Operator": self.operator,
        }
        show_details(details)
        self._attributes.show(
            {
                SearchAttribute.STATE: outcome or state.value,
                SearchAttribute.ISSUE: self._start.kind.value,
                SearchAttribute.DEADLINE: deadline.strftime("%Y-%m-%dT%H:%MZ") if deadline else "",
            }
        )

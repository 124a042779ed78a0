"""How a run looks to an operator: current details in Markdown, and the search attributes."""

from datetime import datetime

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from domain.interaction import InteractionStart, InteractionState
    from domain.modes import Mode
    from domain.names import SearchAttribute

_WAITING_FOR = {
    InteractionState.NEW: "the end of the customer's turn",
    InteractionState.WITH_AI: "the assistant",
    InteractionState.AWAITING_CUSTOMER: "the customer",
    InteractionState.AWAITING_PERSON: "a person to accept",
    InteractionState.WITH_PERSON: "the agent",
    InteractionState.AWAITING_HOLDER: "the holder of the baton to use or dismiss a suggestion",
    InteractionState.RESOLVED: "nothing",
}

_REVIEW = {
    InteractionState.AWAITING_PERSON: "a person to accept, who looks over the AI's draft",
    InteractionState.WITH_PERSON: "the agent's word on the AI's draft",
}
_MODES = {
    Mode.DRAFT: "draft: an agent sends, edits or rejects what the AI writes",
    Mode.SHADOW: "shadow: nobody sees what the AI writes",
}


class Attributes:
    """The search attributes of a run; unchanged ones cost nothing."""

    def __init__(self) -> None:
        self._shown: dict[SearchAttribute, str] = {}

    def show(self, wanted: dict[SearchAttribute, str]) -> None:
        """Bring them up to date."""
        changed: list[SearchAttributeUpdate[str]] = [
            SearchAttributeKey.for_keyword(name.value).value_set(value)
            for name, value in wanted.items()
            if self._shown.get(name, "") != value
        ]
        if changed:
            workflow.upsert_search_attributes(changed)
            self._shown = wanted


def show_details(rows: dict[str, str]) -> None:
    """The current details, without what is empty; they cost nothing."""
    workflow.set_current_details("\n".join(f"- **{name}**: {value}" for name, value in rows.items() if value))


class Face:
    """What the Temporal UI shows of an interaction. Ids and field terms only, never customers' text."""

    def __init__(self, start: InteractionStart) -> None:
        self._start = start
        self._attributes = Attributes()
        self.team = ""
        self.reason = ""
        self.order = ""
        self.operator = ""
        """The newest order of an operator and what became of it."""
        self.route = ""
        """The explanation of the plan."""
        self.stage = ""
        """Where the plan stands, if it has several stages."""
        self.flow = ""
        """The newest flow of the case that has ended."""
        self.mode = Mode.AUTO
        """What becomes of the AI's words where the plan stands."""
        self.reviewing = False
        """A draft of the AI lies before people."""

    def show(self, state: InteractionState, issue: str, agent_id: str, deadline: datetime | None) -> None:
        """Bring details and search attributes up to date; unchanged attributes cost nothing."""
        holder = _holder(state, agent_id)
        self.show_details(state, issue, agent_id, deadline)
        self._attributes.show(
            {
                SearchAttribute.STATE: state.value,
                SearchAttribute.ISSUE: issue,
                SearchAttribute.HOLDER: holder,
                SearchAttribute.TEAM: self.team,
                SearchAttribute.ORDER: self.order,
                SearchAttribute.DEADLINE: deadline.strftime("%Y-%m-%dT%H:%MZ") if deadline else "",
            }
        )

    def show_details(
        self, state: InteractionState, issue: str, agent_id: str, deadline: datetime | None = None
    ) -> None:
        """The details alone, which cost nothing."""
        show_details(self._details(state, issue, _holder(state, agent_id), deadline))

    def _details(self, state: InteractionState, issue: str, holder: str, deadline: datetime | None) -> dict[str, str]:
        return {
            "Issue": issue or "not yet known",
            "Holder": holder,
            "Mode": "" if self.mode is Mode.AUTO else _MODES[self.mode],
            "Waiting for": _REVIEW[state] if self.reviewing and state in _REVIEW else _WAITING_FOR[state],
            "Next deadline": deadline.strftime("%Y-%m-%d %H:%M:%S UTC") if deadline else "none in this run",
            "Order": self.order,
            "Team": self.team,
            "Handed over because": self.reason,
            "Route": self.route,
            "Stage": self.stage,
            "Flow ended": self.flow,
            "Operator": self.operator,
            "Desk": f"/desk?interaction={self._start.interaction_id}",
        }


def _holder(state: InteractionState, agent_id: str) -> str:
    if state is InteractionState.WITH_PERSON:
        return f"agent:{agent_id}"
    if state in {InteractionState.AWAITING_PERSON, InteractionState.RESOLVED}:
        return "nobody"
    return "ai"

"""The one list of names that processes must agree on: task queues, workflows, ids, signals, search attributes."""

from enum import StrEnum


class Pool(StrEnum):
    """A worker pool and the task queue that feeds it (one and the same name)."""

    WORKFLOWS = "workflows"
    AI = "ai"
    DISPATCH = "dispatch"
    HUMAN = "human"
    INTEGRATION = "integration"


class WorkflowType(StrEnum):
    """Registered workflow types."""

    INTERACTION = "InteractionWorkflow"
    DISPATCHER = "DispatcherWorkflow"


class Signal(StrEnum):
    """Signals that Baton sends; `OPERATOR` is for people in the Temporal UI."""

    ENTRIES = "entries"
    WAKE = "wake"
    OPERATOR = "operator"


class SearchAttribute(StrEnum):
    """Custom search attributes, all of type Keyword, holding opaque ids and field terms only."""

    CHANNEL = "BatonChannel"
    ISSUE = "BatonIssue"
    TIER = "BatonTier"
    TEAM = "BatonTeam"
    HOLDER = "BatonHolder"
    STATE = "BatonState"
    CUSTOMER = "BatonCustomer"
    ORDER = "BatonOrder"
    DEADLINE = "BatonDeadline"


def interaction_workflow_id(interaction_id: str) -> str:
    """`interaction-<id>`: one workflow for each interaction, whatever number of runs it takes."""
    return f"interaction-{interaction_id}"


def dispatcher_workflow_id(team: str) -> str:
    """`dispatcher-<team>`: one dispatcher for each team."""
    return f"dispatcher-{team}"


def interaction_of(workflow_id: str) -> str:
    """The id of the interaction that a workflow id belongs to."""
    return workflow_id.removeprefix("interaction-")

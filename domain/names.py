"""The one list of names that processes must agree on: task queues, workflows, ids, signals, search attributes."""

from enum import StrEnum

from domain.flows.kinds import ORDER_CHANGES, FlowKind


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
    RETURN = "ReturnWorkflow"
    EXCHANGE = "ExchangeWorkflow"
    ORDER_CHANGE = "OrderChangeWorkflow"
    CLAIM = "ClaimWorkflow"
    INQUIRY = "InquiryWorkflow"
    OUTREACH = "OutreachWorkflow"
    SATISFACTION = "SatisfactionWorkflow"


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


_SATISFACTION = "satisfaction-"


def interaction_workflow_id(interaction_id: str) -> str:
    """`interaction-<id>`: one workflow for each interaction, whatever number of runs it takes."""
    return f"interaction-{interaction_id}"


def dispatcher_workflow_id(team: str) -> str:
    """`dispatcher-<team>`: one dispatcher for each team."""
    return f"dispatcher-{team}"


def satisfaction_workflow_id(interaction_id: str) -> str:
    """`satisfaction-<interaction>`: the question of how a case was resolved."""
    return f"{_SATISFACTION}{interaction_id}"


def asks_satisfaction(workflow_id: str) -> bool:
    """Is it the workflow of such a question?"""
    return workflow_id.startswith(_SATISFACTION)


def interaction_of(workflow_id: str) -> str:
    """The id of the interaction that a workflow id, its own or its question's, belongs to."""
    return workflow_id.partition("-")[2]


_FLOW_TYPES = {
    FlowKind.RETURN: WorkflowType.RETURN,
    FlowKind.EXCHANGE: WorkflowType.EXCHANGE,
    FlowKind.CLAIM: WorkflowType.CLAIM,
    FlowKind.INQUIRY: WorkflowType.INQUIRY,
    FlowKind.OUTREACH: WorkflowType.OUTREACH,
    **dict.fromkeys(ORDER_CHANGES, WorkflowType.ORDER_CHANGE),
}


def flow_workflow_type(kind: FlowKind, story: str = "") -> str:
    """The workflow that tells the story of a flow; of one of the brand's own, the name that the policy gives it."""
    return story if kind is FlowKind.CUSTOM else _FLOW_TYPES[kind].value


def flow_workflow_id(kind: FlowKind, flow_id: str) -> str:
    """`return-<id>`, `exchange-<id>`, `change-<id>`, `claim-<id>`, `inquiry-<id>`, `outreach-<id>`
    or `custom-<id>`.

    The id of an outreach flow is `<kind>-<subject>`, e.g. `delay-<shipment>-<reason>`.
    """
    return f"{'change' if kind in ORDER_CHANGES else kind.value}-{flow_id}"


FLOW_TYPES = tuple(dict.fromkeys(_FLOW_TYPES.values()))
"""Every workflow type that is a flow of Baton's; the brand's own have ids of their own (`OWN_FLOWS`)."""
OWN_FLOWS = f"{FlowKind.CUSTOM}-"
"""How the workflow ids of the brand's own flows begin."""


def flow_of(workflow_id: str) -> str:
    """The id of the flow that a workflow id belongs to."""
    return workflow_id.partition("-")[2]

"""How runs are looked for in Temporal's visibility."""

from domain.names import FLOW_TYPES, OWN_FLOWS, WorkflowType

_TYPES = ", ".join(f"'{kind}'" for kind in (WorkflowType.INTERACTION, *FLOW_TYPES))
CASES_AND_FLOWS = f"(WorkflowType IN ({_TYPES}) OR WorkflowId STARTS_WITH '{OWN_FLOWS}')"
"""Interactions and flows, those of the brand's own included (list filter, Temporal's "Visibility" reference)."""

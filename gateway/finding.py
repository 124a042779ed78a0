"""How runs are looked for in Temporal's visibility."""

from domain.names import FLOW_TYPES, OWN_FLOWS, WorkflowType

_KINDS = (WorkflowType.INTERACTION, WorkflowType.SATISFACTION, *FLOW_TYPES)
_TYPES = ", ".join(f"'{kind}'" for kind in _KINDS)
CASES_AND_FLOWS = f"(WorkflowType IN ({_TYPES}) OR WorkflowId STARTS_WITH '{OWN_FLOWS}')"
"""Interactions, the questions about them, and flows, those of the brand's own included.

A list filter as Temporal's "Visibility" reference describes them.
"""

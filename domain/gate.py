"""The gate: policy disposes of what the assistant proposes."""

import re

from domain.policy import AssistantRules
from domain.proposal import Action, Handoff, HandoffReason, Proposal, Question, Reply

_LINK = re.compile(r"(?:https?://|www\.)([^\s/:?#<>\"')\]]+)", re.IGNORECASE)


def gate(proposal: Proposal, rules: AssistantRules, *, questions_asked: int) -> Proposal:
    """Permit a proposal as it is, or turn it into the handoff that policy demands instead."""
    match proposal:
        case Handoff() | Action():
            return proposal
        case Question() if questions_asked >= rules.questions:
            return Handoff(reason=HandoffReason.LOW_CONFIDENCE)
        case Reply() if not proposal.citations:
            return Handoff(reason=HandoffReason.MISSING_KNOWLEDGE)
    if not _links_allowed(proposal.text, rules.link_domains):
        return Handoff(reason=HandoffReason.POLICY_RESTRICTION)
    return proposal


def _links_allowed(text: str, domains: tuple[str, ...]) -> bool:
    hosts = (match.lower().rstrip(".,") for match in _LINK.findall(text))
    return all(any(host == domain or host.endswith("." + domain) for domain in domains) for host in hosts)

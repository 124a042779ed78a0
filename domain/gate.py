"""The gate: policy disposes of what the assistant proposes."""

from domain.grounding import Sources, unknown_in, unsupported
from domain.links import links_allowed
from domain.outgoing import empty_promises, secrets_asked_for
from domain.outgoing_names import signs_as_person
from domain.policy import AssistantRules
from domain.proposal import Action, Handoff, HandoffReason, Proposal, Question, Reply, Statement
from domain.written_language import clearly_other_than

LONGEST_TEXT = 6_000
"""Characters of a message."""


def gate(
    proposal: Proposal, rules: AssistantRules, *, questions_asked: int, sources: Sources | None = None
) -> Proposal:
    """Permit a proposal as it is, or turn it into the handoff that policy demands instead.

    `sources` are given for the assistant's own words: what each cited source says, as Baton has looked it up. They are
    None for words of Baton's own, such as a read-back, whose amounts come from a verdict.
    """
    match proposal:
        case Handoff() | Action():
            return proposal
        case Question() if questions_asked >= rules.questions:
            return Handoff(reason=HandoffReason.LOW_CONFIDENCE)
        case Reply() if not proposal.citations:
            return Handoff(reason=HandoffReason.MISSING_KNOWLEDGE)
    if len(proposal.text) > LONGEST_TEXT or not links_allowed(proposal.text, rules.link_domains):
        return Handoff(reason=HandoffReason.POLICY_RESTRICTION)
    barred = _barred(proposal, rules, sources) if sources is not None else None
    return Handoff(reason=barred) if barred else proposal


def _as_reply(question: Question) -> Reply:
    return Reply(statements=(Statement(text=question.text, citations=question.citations),))


def _barred(proposal: Reply | Question, rules: AssistantRules, sources: Sources) -> HandoffReason | None:
    """What the assistant must not say of its own."""
    said = proposal if isinstance(proposal, Reply) else _as_reply(proposal)
    if clearly_other_than(proposal.text, rules.languages):
        return HandoffReason.UNSUPPORTED_REQUEST
    if signs_as_person(said) or empty_promises(said, sources) or secrets_asked_for(said, sources):
        return HandoffReason.POLICY_RESTRICTION
    if isinstance(proposal, Reply) and unsupported(proposal, sources):
        return HandoffReason.MISSING_KNOWLEDGE
    if isinstance(proposal, Question) and unknown_in(proposal.text, sources):
        return HandoffReason.MISSING_KNOWLEDGE
    return None

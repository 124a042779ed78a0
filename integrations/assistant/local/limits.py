"""Where the assistant stops: what belongs to people whatever is known, and what would be said once too often."""

from functools import partial

from domain.case import Case
from domain.must_hand_off import must_hand_off
from domain.proposal import Handoff, HandoffReason, Proposal, Question, Reply
from domain.triage import Relation, Triage
from integrations.assistant.local.conversation import asked_again, told
from integrations.assistant.local.requests import Ask, kind_of_ask, says
from integrations.assistant.local.texts import TEXTS


def for_people(case: Case, triage: Triage) -> HandoffReason | None:
    """Why a person must have the case at once, if one must."""
    return must_hand_off(triage, tuple(TEXTS)) or _only_people(case, triage) or _insists(case, triage)


def _only_people(case: Case, triage: Triage) -> HandoffReason | None:
    """What the words ask of people, whatever the issue: a favour, help against misuse, what the law grants."""
    said = partial(says, text=case.unanswered, language=triage.language)
    if said("wants_favour") or said("misuse"):
        return HandoffReason.POLICY_RESTRICTION
    general = kind_of_ask(case.unanswered, triage.issue, triage.language) is Ask.GENERAL
    return HandoffReason.POLICY_RESTRICTION if said("data_rights") and not general else None


def _insists(case: Case, triage: Triage) -> HandoffReason | None:
    """Whoever asks again what was answered was not helped by the answer."""
    courtesy = triage.relation in {Relation.THANKS, Relation.GREETING}
    return HandoffReason.DISSATISFIED if not courtesy and asked_again(case) else None


def said_once(case: Case, proposal: Proposal) -> Proposal:
    """Nothing is said twice, and no more is asked than may be: then a person gets the case."""
    if isinstance(proposal, Question):
        too_many = case.questions_asked >= case.questions_allowed and not proposal.asks_proof
        again = told(case, proposal.text) and not proposal.asks_proof
        return Handoff(reason=HandoffReason.LOW_CONFIDENCE) if too_many or again else proposal
    if not isinstance(proposal, Reply) or _only_courtesy(proposal):
        return proposal
    fresh = tuple(statement for statement in proposal.statements if not told(case, statement.text))
    return proposal.model_copy(update={"statements": fresh}) if fresh else Handoff(reason=HandoffReason.DISSATISFIED)


def _only_courtesy(reply: Reply) -> bool:
    return any(reply.text == texts.welcome for texts in TEXTS.values())

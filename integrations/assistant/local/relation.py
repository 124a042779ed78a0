"""How the customer's new turns relate to what was said before: greeting, thanks, dissatisfaction, or the matter."""

from domain.case import Case, Turn
from domain.parties import AuthorKind
from domain.triage import IssueType, Relation
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.wording import unaccented

_WORDS = read_patterns("relation")
_FEW_WORDS = 6
_MANY_WORDS = 25
"""Nobody needs more to say thanks and nothing else."""

_FAMILIES: tuple[frozenset[IssueType], ...] = (
    frozenset({IssueType.ORDER_STATUS, IssueType.DELIVERY, IssueType.CHANGE_ORDER, IssueType.CANCEL_ORDER}),
    frozenset({IssueType.RETURN, IssueType.EXCHANGE, IssueType.REFUND, IssueType.DAMAGED_WRONG}),
    frozenset({IssueType.CANCEL_ORDER, IssueType.REFUND, IssueType.BILLING}),
    frozenset({IssueType.BILLING, IssueType.SUBSCRIPTION, IssueType.PROMO}),
    frozenset({IssueType.ACCOUNT, IssueType.SITE_ISSUE, IssueType.BILLING}),
    frozenset({IssueType.DELIVERY, IssueType.DAMAGED_WRONG, IssueType.REFUND}),
    frozenset({IssueType.EXCHANGE, IssueType.PRODUCT_QUESTION}),
)
_NEVER_ANOTHER = frozenset({IssueType.OTHER, IssueType.HUMAN, IssueType.COMPLAINT, IssueType.SPAM})


def akin(one: IssueType, other: IssueType) -> bool:
    """Whether two issue types can well be two sides of one problem."""
    return one == other or any(one in family and other in family for family in _FAMILIES)


def earlier_turns(case: Case) -> tuple[Turn, ...]:
    """What was said before the unanswered turns of the customer."""
    remaining = case.new_turns
    for index in range(len(case.turns) - 1, -1, -1):
        remaining -= case.turns[index].author is AuthorKind.CUSTOMER
        if remaining <= 0:
            return case.turns[:index]
    return ()


def answered_before(case: Case) -> Turn | None:
    """The last thing that the AI or a person said before the unanswered turns."""
    spoken = (AuthorKind.AI, AuthorKind.AGENT, AuthorKind.FLOW)
    return next((turn for turn in reversed(earlier_turns(case)) if turn.author in spoken), None)


def is_greeting(text: str) -> bool:
    """Whether nothing but a greeting was written."""
    text = unaccented(text)
    return bool(_WORDS["only_greeting"].match(text) and _WORDS["greeting_word"].search(text))


def is_thanks(text: str, answer: Turn | None) -> bool:
    """Whether the text only confirms that the matter is settled.

    After a question back, only plain thanks or `that's all` close it: `great` may be the answer to the question.
    """
    text = unaccented(text)
    if answer is None or len(text.split()) > _MANY_WORDS or not _WORDS["thanks"].search(text):
        return False
    if _WORDS["nothing_left"].search(text) and "?" not in text:
        return True
    if _WORDS["not_over"].search(text):
        return False
    plain = len(text.split()) <= _FEW_WORDS and bool(_WORDS["plain_thanks"].search(text))
    return plain or not answer.text.rstrip().endswith("?")


def is_dissatisfied(text: str, answer: Turn | None) -> bool:
    """Whether the text says that the last answer did not help."""
    return answer is not None and bool(_WORDS["dissatisfied"].search(unaccented(text)))


def opens_another(text: str, case: Case, issue: IssueType, *, sure: bool) -> bool:
    """Whether the text is about another problem than the one that was being answered."""
    if case.previous is None or answered_before(case) is None or not sure or issue in _NEVER_ANOTHER:
        return False
    before = case.previous.issue
    if before in (IssueType.OTHER, IssueType.SPAM):
        return False
    return issue != before and (bool(_WORDS["new_matter"].search(unaccented(text))) or not akin(before, issue))


def relation_by_rule(text: str, case: Case) -> Relation | None:
    """Greeting, thanks or dissatisfaction, where the wording settles it."""
    answer = answered_before(case)
    if is_greeting(text):
        return Relation.GREETING
    if is_dissatisfied(text, answer):
        return Relation.DISSATISFIED
    return Relation.THANKS if is_thanks(text, answer) else None

"""How the customer's new turns relate to what was said before: greeting, thanks, dissatisfaction, or a matter at hand."""

import re

from domain.case import Case, Turn
from domain.parties import AuthorKind
from domain.triage import IssueType, Relation

_COURTESY = (
    r"hi|hello|hey|hiya|hallo|yo|heya|howdy|good|morning|afternoon|evening|day|there|team|all|guys|everyone|how|are|you|u"
    r"|doing|today|greetings|dear|sir|madam|anybody|anyone|home|support|is|it|going|to|nice|meet"
)
_ONLY_GREETING = re.compile(rf"^\W*(?:(?:{_COURTESY})\b\W*)+$", re.IGNORECASE)
_GREETING_WORD = re.compile(
    r"\b(?:hi|hello|hey|hiya|hallo|yo|heya|howdy|good (?:morning|afternoon|evening|day)|greetings|anybody)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks?|thank (?:you|u)|thx|thnx|thanx|tks|ty|tysm|cheers|ta|merci|danke|gracias|much appreciated|appreciate (?:it|that)"
    r"|that(?:'s| is| was) (?:all|everything|it|great|perfect|helpful)|that (?:helps|helped|worked|did it|answers|clears|solved|sorted)\w*"
    r"|(?:problem|issue|all|that'?s) (?:is )?(?:solved|sorted|fixed|good|clear)|(?:works|working) now|got it|perfect|brilliant|awesome|great"
    r"|lovely|wonderful|nothing else|no more questions|you(?:'ve| have) been (?:very |so |really )?helpful|it (?:just )?arrived|just arrived)\b",
    re.IGNORECASE,
)
_EXPLICIT_THANKS = re.compile(
    r"\b(?:thanks?|thank (?:you|u)|thx|thnx|thanx|tks|ty|tysm|cheers|merci|danke|gracias|appreciate\w*"
    r"|that(?:'s| is| was) (?:all|everything)|nothing else|no more questions)\b",
    re.IGNORECASE,
)
_NOT_OVER = re.compile(
    r"\?|\b(?:but|however|though|although|except|still|yet|again|another|also|else(?!\W*$)|one more|actually|wait|only|unfortunately|instead|what about"
    r"|and the|in advance|for nothing|no thanks to|not (?:help\w*|what|really|working|right|true|good|great|perfect|ok)|n't (?!worry|need anything|mind)"
    r"|can (?:you|i|u)|could (?:you|i|u)|please|pls|i (?:need|want|would like)|i'd like|waiting|when|where|why|how (?:do|can|long|much))\b",
    re.IGNORECASE,
)
_NO_THANKS_LEFT = re.compile(r"\b(?:nothing else|no more questions|that(?:'s| is) (?:all|everything))\b", re.IGNORECASE)
_DISSATISFIED = re.compile(
    r"\b(?:(?:does|did|do|has|is|was)(?: not|n'?t)(?: really| actually)? (?:help|helpful|answer|answered|work|worked|solve|solved|what i (?:asked|meant|wanted)|useful|true|right|correct)\w*"
    r"|not (?:what i (?:asked|meant|wanted|said)|helpful|an answer|answering|my question|true|correct|good enough)|no help|unhelpful|useless"
    r"|you(?:'re| are)? (?:not|n't) (?:listening|understand\w*|answering|helping|getting)|you (?:do not|don'?t|didn'?t|did not) (?:understand|listen|get it|read|answer|help)"
    r"|that(?:'s| is) (?:wrong|nonsense|rubbish|incorrect|no use|not it|a lie|bs|not right)|wrong answer|makes no sense|i (?:already|just) (?:said|told|tried|did|know|read)"
    r"|(?:still|again) (?:doesn'?t|does not|isn'?t|is not|not|the same|no) ?\w*|same (?:thing|answer|text) again|stop repeating|thanks for nothing|waste of time|try again"
    r"|not satisfied|dissatisfied|already tried)\b",
    re.IGNORECASE,
)
_NEW_MATTER = re.compile(
    r"\b(?:another|different|separate|unrelated|second|other|one more) (?:question|thing|issue|matter|problem|topic|request)"
    r"|\b(?:on another note|by the way|btw|while i(?:'m| am) here|something else|also wanted|totally different)\b",
    re.IGNORECASE,
)

_FAMILIES: tuple[frozenset[IssueType], ...] = (
    frozenset({IssueType.ORDER_STATUS, IssueType.DELIVERY, IssueType.CHANGE_ORDER, IssueType.CANCEL_ORDER}),
    frozenset({IssueType.RETURN, IssueType.EXCHANGE, IssueType.REFUND, IssueType.DAMAGED_WRONG}),
    frozenset({IssueType.CANCEL_ORDER, IssueType.REFUND, IssueType.BILLING}),
    frozenset({IssueType.BILLING, IssueType.SUBSCRIPTION, IssueType.PROMO}),
    frozenset({IssueType.ACCOUNT, IssueType.SITE_ISSUE, IssueType.BILLING}),
    frozenset({IssueType.DELIVERY, IssueType.DAMAGED_WRONG, IssueType.REFUND}),
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
    return bool(_ONLY_GREETING.match(text) and _GREETING_WORD.search(text))


def is_thanks(text: str, answer: Turn | None) -> bool:
    """Whether the text only confirms that the matter is settled.

    After a question back, only plain thanks or `that's all` close it: `great` may be the answer to the question.
    """
    if answer is None or len(text.split()) > 25 or not _THANKS.search(text):
        return False
    if _NO_THANKS_LEFT.search(text) and "?" not in text:
        return True
    if _NOT_OVER.search(text):
        return False
    return not answer.text.rstrip().endswith("?") or bool(_EXPLICIT_THANKS.search(text) and len(text.split()) <= 6)


def is_dissatisfied(text: str, answer: Turn | None) -> bool:
    """Whether the text says that the last answer did not help."""
    return answer is not None and bool(_DISSATISFIED.search(text))


def opens_another(text: str, case: Case, issue: IssueType, *, sure: bool) -> bool:
    """Whether the text is about another problem than the one that was being answered."""
    if case.previous is None or answered_before(case) is None or not sure or issue in _NEVER_ANOTHER:
        return False
    before = case.previous.issue
    if before in (IssueType.OTHER, IssueType.SPAM):
        return False
    return issue != before and (bool(_NEW_MATTER.search(text)) or not akin(before, issue))


def relation_by_rule(text: str, case: Case) -> Relation | None:
    """Greeting, thanks or dissatisfaction, where the wording settles it."""
    answer = answered_before(case)
    if is_greeting(text):
        return Relation.GREETING
    if is_dissatisfied(text, answer):
        return Relation.DISSATISFIED
    return Relation.THANKS if is_thanks(text, answer) else None

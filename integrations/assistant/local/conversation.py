"""Reading the conversation so far: what the new turns belong to, what was told already, what is asked again."""

import re

from domain.case import Case, Turn
from domain.parties import AuthorKind
from integrations.assistant.local.relation import earlier_turns
from integrations.assistant.local.texts import TEXTS, Texts

_FIELD = re.compile(r"\{\w+\}")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_SAME = 0.8
"""Share of words in common from which a message counts as asked again."""
_ENOUGH = 3
"""Words below which two messages being alike says nothing: `ok` comes often."""


def is_question(text: str) -> bool:
    """Whether something that we said was a question back."""
    return text.rstrip().endswith("?") or any(_says(text, ask) for ask in _QUESTIONS)


def asked_which_of_two(text: str, texts: Texts) -> bool:
    """Whether something that we said offered two issues to choose from."""
    return _says(text, texts.ask.which_of_two)


def asked_which_order(text: str, texts: Texts) -> bool:
    """Whether something that we said offered orders to choose from."""
    return _says(text, texts.ask.which_order)


def last_said(case: Case) -> Turn | None:
    """The last thing that the AI or a person said before the unanswered turns."""
    return next((turn for turn in reversed(earlier_turns(case)) if turn.author is not AuthorKind.CUSTOMER), None)


def matter(case: Case) -> str:
    """What the customer has said since the last real answer: the new turns, and what our questions back interrupted."""
    said = [case.unanswered]
    earlier = list(earlier_turns(case))
    last = last_said(case)
    while earlier:
        turn = earlier.pop()
        if turn.author is AuthorKind.CUSTOMER:
            said.append(turn.text)
        elif turn.author is not AuthorKind.SYSTEM and not (is_question(turn.text) or (case.asked and turn is last)):
            break
    return "\n".join(reversed(said))


def told(case: Case, text: str) -> bool:
    """Whether the AI has said exactly this before."""
    spoken = (turn.text for turn in case.turns if turn.author is AuthorKind.AI)
    return any(_even(text) in _even(said) for said in spoken)


def asked_again(case: Case) -> bool:
    """Whether the customer says once more what was answered already."""
    new = _words(case.unanswered)
    if len(new) < _ENOUGH:
        return False
    earlier = earlier_turns(case)
    return any(
        turn.author is AuthorKind.CUSTOMER and _alike(new, _words(turn.text)) and _was_answered(earlier[index + 1 :])
        for index, turn in enumerate(earlier)
    )


def _was_answered(after: tuple[Turn, ...]) -> bool:
    """Whether an AI's answer, rather than a question back, came next."""
    first = next((turn for turn in after if turn.author is not AuthorKind.CUSTOMER), None)
    return first is not None and first.author is AuthorKind.AI and not is_question(first.text)


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= _SAME * len(one | other)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _even(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _says(text: str, template: str) -> bool:
    """Whether the text holds all that a template says beside its fields."""
    return all(part.strip() in text for part in _FIELD.split(template))


_QUESTIONS = tuple(ask for texts in TEXTS.values() for ask in texts.ask.model_dump().values())

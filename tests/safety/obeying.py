"""A model that obeys the attacker: it looks up whatever it can, says what is wanted, and finds another way if it must.

It reads nothing by itself: each attack says what the attacker wants. So it obeys in every case, whether or not the
attack's text has reached it, and what holds against it holds against any model.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard

from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    RetryPromptPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

from domain.case import Brief, Case
from domain.proposal import Handoff, HandoffReason, Proposal
from domain.triage import IssueType, Triage
from tests.safety.attacks import Attack, Move, Wants

_SOURCE = re.compile(r"^\[([^\]]+)\]$", re.MULTILINE)
_ORDER = re.compile(r"BT-\d{5}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_COURTESY = "Thank you for your message."

Calls = list[tuple[str, dict[str, Any]]]


class Credulous:
    """Implements `Assistant` beside the model, and sees no warning sign in anything."""

    async def triage(self, case: Case) -> Triage:  # noqa: ARG002 - it hears nothing
        """Nothing that would stand in the model's way."""
        return Triage(issue=IssueType.OTHER, confidence=0.5)

    async def compose(self, case: Case) -> Proposal:  # noqa: ARG002
        """The model does not greet and thank by itself."""
        return Handoff(reason=HandoffReason.LOW_CONFIDENCE)

    async def brief(self, case: Case) -> Brief:  # noqa: ARG002
        """Nothing."""
        return Brief(summary="", statements=())


class ObeyingModel:
    """Plays one attack after the other; `turn` says which message of the customer is being answered."""

    def __init__(self) -> None:
        self.attack: Attack | None = None
        self.turn = 0
        self.given: list[str] = []
        """Everything that it was given to read. What is sent back to it quotes its own words, and is left out."""
        self.looked_up: list[str] = []
        """What its tools have returned."""
        self.asked = 0
        """How often it was asked for an answer."""
        self.model = FunctionModel(self._play, model_name="obeying")

    def begin(self, attack: Attack) -> None:
        """Obey another attacker."""
        self.attack, self.turn, self.asked = attack, -1, 0
        self.given, self.looked_up = [], []

    def _play(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        assert self.attack is not None
        newest = messages[-1].parts
        found = [str(part.content) for part in newest if _is_found(part)]
        self.looked_up += found
        self.given += found + [str(part.content) for part in newest if isinstance(part, UserPromptPart)]
        outputs = {tool.name: tool.parameters_json_schema["properties"] for tool in info.output_tools}
        calls = self._calls(self.attack, messages, outputs)
        return ModelResponse(parts=[ToolCallPart(name, given) for name, given in calls])

    def _calls(self, attack: Attack, messages: list[ModelMessage], outputs: dict[str, Any]) -> Calls:
        fields = {field for properties in outputs.values() for field in properties}
        if "relation" in fields:
            return [(next(iter(outputs)), self._reading(attack))]
        if "summary" in fields:
            return [(next(iter(outputs)), {"summary": attack.obeys[0].words})]
        if not _found(messages) and not _sent_back(messages):
            self.asked += 1
            return list(self._looked_up(attack))
        return [self._answer(attack, messages)]

    def _reading(self, attack: Attack) -> dict[str, Any]:
        """Sure of what lets the AI answer; every order and address that is named is read."""
        words = "\n".join(self.given[-1:])
        return {
            "issue": attack.issue.value,
            "confidence": 1.0,
            "language": attack.language,
            "order_numbers": list(dict.fromkeys(_ORDER.findall(words)))[:10],
            "emails": list(dict.fromkeys(_EMAIL.findall(words)))[:5],
        }

    def _looked_up(self, attack: Attack) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "search_knowledge", {"question": " ".join(attack.turns)[:400]}
        yield "my_orders", {}
        yield "open_flows", {}
        named = _ORDER.findall(" ".join([attack.text, *attack.turns, *(move.words for move in attack.obeys)]))
        for number in dict.fromkeys(named[:4]):
            yield "order_details", {"number": number}
        for tool, given in attack.calls.items():
            yield from ((tool, one) for one in given)

    def _answer(self, attack: Attack, messages: list[ModelMessage]) -> tuple[str, dict[str, Any]]:
        """What is wanted; where it was sent back, in another form."""
        move = attack.obeys[min(max(self.turn, 0), len(attack.obeys) - 1)]
        tried, results = _sent_back(messages), _found(messages)
        found = [*dict.fromkeys(_SOURCE.findall("\n".join(results)))]
        if move.action is not None and tried == 0:
            name = f"propose_{move.action['kind']}"
            return name, {key: value for key, value in move.action.items() if key != "kind"}
        ways = [_cited(move, [*found, *attack.cites]), _as_courtesies(move, found), _asked(move)]
        if move.question:
            ways = [_asked(move), *ways[:2]]
        if move.action is not None:
            tried -= 1
        if attack.wants is Wants.DISCLOSURE and not attack.honest and (told := _told(attack, results)):
            ways.insert(0, told)
        return ways[tried % len(ways)]


def _cited(move: Move, sources: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """With everything as its source that was found."""
    return "reply", {"statements": [{"text": move.words, "sources": list(sources)[:6]}]}


def _as_courtesies(move: Move, sources: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Sentence by sentence without a source, beside a courtesy that has one."""
    sentences = [one for one in re.split(r"(?<=[.!?])\s+", move.words) if one][:10]
    said = [{"text": _COURTESY, "sources": list(sources)[:1]}, *({"text": one, "sources": []} for one in sentences)]
    return "reply", {"statements": said}


def _asked(move: Move) -> tuple[str, dict[str, Any]]:
    return "ask_back", {"text": move.words[:800]}


def _told(attack: Attack, results: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
    """Whatever was found of the orders that are wanted, as it stands there."""
    wanted = _ORDER.findall(f"{attack.text} {attack.calls}".upper())
    orders = [found.split("\n", 1) for found in results if found.startswith("[order:") and found[7:15] in wanted]
    said = [{"text": words[:1500], "sources": [source]} for source, words in orders[:10]]
    return ("reply", {"statements": said}) if said else None


def _found(messages: Sequence[ModelMessage]) -> list[str]:
    """What tools have returned."""
    parts = [part for message in messages for part in message.parts]
    return [str(part.content) for part in parts if _is_found(part)]


def _is_found(part: object) -> TypeGuard[ToolReturnPart]:
    """Output that is sent back looks like a tool's result too."""
    return isinstance(part, ToolReturnPart) and part.outcome == "success"


def _sent_back(messages: Sequence[ModelMessage]) -> int:
    """How often an answer was refused."""
    rejected = [
        message
        for message in messages
        if any(isinstance(p, RetryPromptPart) or getattr(p, "outcome", "") == "retried" for p in message.parts)
    ]
    return len(rejected)

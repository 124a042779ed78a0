"""An attack: where its text stands, who sends it, what it wants, and what a model does that obeys it."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, model_validator

from domain.flows.kinds import FlowKind
from domain.triage import IssueType
from domain.values import Value


class Place(StrEnum):
    """Where the attacker's text stands."""

    MESSAGE = "message"
    EARLIER_TURN = "earlier_turn"
    MAIL_SUBJECT = "mail_subject"
    DISPLAY_NAME = "display_name"
    QUOTED = "quoted"
    FILE_NAME = "file_name"
    ORDER_NOTE = "order_note"
    ARTICLE = "article"


class Standing(StrEnum):
    """What the attacker has proven."""

    NOBODY = "nobody"
    VERIFIED = "verified"
    """A customer of the shop, by a proof of the channel."""
    PROVEN = "proven"
    """For one order, by its number and its email address."""


class Wants(StrEnum):
    """What would be a breach."""

    MONEY = "money"
    DISCLOSURE = "disclosure"
    LINK = "link"
    PROMISE = "promise"
    NAME = "name"
    """A person's name under the AI's words."""
    SECRET = "secret"
    """A question for card data, passwords or codes."""
    INSTRUCTIONS = "instructions"
    """What the model was told."""
    BATON = "baton"
    """A word of the AI while a person holds the baton."""
    LOOP = "loop"
    """Answers to a machine."""
    STORED = "stored"
    """A card number or a secret that is kept, logged or shown to a model."""


class Move(Value):
    """What the model answers to one turn of the customer; exactly one of the three."""

    reply: str = ""
    question: str = ""
    action: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(map(bool, (self.reply, self.question, self.action))) != 1:
            raise ValueError("a move is a reply, a question or an action")
        return self

    @property
    def words(self) -> str:
        """What it says; an action is told as done where it cannot be proposed."""
        return self.reply or self.question or "It is done: the money is on its way back to you."


class Attack(Value):
    """One attack text with the conversation around it."""

    id: str
    place: Place = Place.MESSAGE
    language: Literal["en", "de", "es", "fr"] = "en"
    standing: Standing = Standing.NOBODY
    customer: str = "sam.3@example.com"
    """Who attacks, as the demo shop knows them; nobody knows it where they are `nobody`."""
    wants: Wants
    text: str = Field(min_length=1)
    """The attack."""
    says: tuple[str, ...] = ()
    """What the attacker writes beside it: before it (`earlier_turn`, `message`: after it), or around it."""
    issue: IssueType = IssueType.ORDER_STATUS
    """How the obeying model reads it, so that the AI may answer."""
    calls: dict[str, list[dict[str, str]]] = {}
    """Tools that are called with these arguments, beside those that every obeying model calls."""
    cites: tuple[str, ...] = ()
    """Made-up ids of sources."""
    obeys: Annotated[tuple[Move, ...], Field(min_length=1)]
    """Turn by turn; the last one goes on."""
    must_not: tuple[str, ...] = ()
    """What nobody may say; the words of the obeying model if nothing is named."""
    may_begin: tuple[FlowKind, ...] = ()
    """Flows on the attacker's own order that a yes of theirs may begin."""
    automatic: bool = False
    """A machine writes, and says so in the header."""
    honest: bool = False
    """No attack: what the model says is to reach the customer."""
    agent_holds: bool = False
    """A person holds the baton from the beginning."""

    @property
    def turns(self) -> tuple[str, ...]:
        """What the customer's messages say, oldest first."""
        match self.place:
            case Place.MESSAGE | Place.EARLIER_TURN:
                return (self.text, *self.says)
            case _:
                return self.says or (_NEUTRAL[self.language],)

    @property
    def forbidden(self) -> tuple[str, ...]:
        """What must be in no word that goes out."""
        said = (move.words for move in self.obeys if not move.action and not self.honest)
        return self.must_not or tuple(said)


_NEUTRAL: Mapping[str, str] = {
    "en": "Hello, can you tell me more about this please?",
    "de": "Hallo, können Sie mir dazu bitte mehr sagen?",
    "es": "Hola, ¿me puede decir algo más sobre esto?",
    "fr": "Bonjour, pouvez-vous m'en dire plus à ce sujet ?",
}


class _Loader(yaml.SafeLoader):
    """Texts are texts: `yes` too."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if "bool" not in tag or first in "tTfF"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_attacks(path: Path) -> list[Attack]:
    """The attacks of a file, each with an id of its own."""
    attacks = [Attack.model_validate(entry) for entry in yaml.load(path.read_text("utf-8"), _Loader)]  # noqa: S506
    assert len({attack.id for attack in attacks}) == len(attacks), "two attacks have one id"
    return attacks


ATTACKS = read_attacks(Path(__file__).with_name("attacks.yaml"))
TWINS = read_attacks(Path(__file__).with_name("twins.yaml"))
"""Honest messages that look like attacks: the model says what an honest one would."""

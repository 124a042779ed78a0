"""The right to speak to a customer: exactly one holder, and an epoch that grows with each passing."""

from enum import StrEnum

from domain.values import Value


class HolderKind(StrEnum):
    """Who may hold the baton. `NOBODY` is free for the taking."""

    NOBODY = "nobody"
    AI = "ai"
    FLOW = "flow"
    AGENT = "agent"


class Baton(Value):
    """The baton of one customer. `holder_id` is the agent's or the flow's id."""

    kind: HolderKind = HolderKind.NOBODY
    holder_id: str = ""
    epoch: int = 0

    def passed_to(self, kind: HolderKind, holder_id: str = "") -> "Baton":
        """The baton after it was passed; passing it to its holder changes nothing."""
        if (self.kind, self.holder_id) == (kind, holder_id):
            return self
        return Baton(kind=kind, holder_id=holder_id, epoch=self.epoch + 1)

    def open_to_ai(self) -> bool:
        """May the AI speak, or must it hand its words to the holder as a suggestion?"""
        return self.kind in {HolderKind.NOBODY, HolderKind.AI}

    def taken_over_by(self, kind: HolderKind) -> bool:
        """Does passing it to `kind` silence what was said before and is not sent yet?

        A person who takes the baton always starts from silence. Putting it down, or picking it up when nobody held it,
        leaves a former holder's last words in force.
        """
        return kind is HolderKind.AGENT or HolderKind.NOBODY not in {self.kind, kind}

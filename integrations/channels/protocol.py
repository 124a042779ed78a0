"""What Baton asks of a channel that sends."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from domain.message import InboundMessage, OutboundMessage, Receipt, SendOutcome

Receive = Callable[[InboundMessage], Awaitable[Receipt]]
"""Records an inbound message; returns after the commit. Raises `StoreUnavailable` while the store is down."""


class Outbound(Protocol):
    """The sending side of a channel."""

    by_commit: bool
    """The store itself is the provider: a message is sent when the transaction that says so commits."""
    resend_when_unknown: bool
    """The policy for a message whose fate stays unknown: send it again, marked as such, or leave it to people."""

    def provider_id(self, message: OutboundMessage) -> str:
        """The provider's id of a message, known before it is sent; an answer to the message names it."""
        ...

    async def send(self, message: OutboundMessage) -> SendOutcome:
        """Send once. Raises `ChannelUnavailable` if the provider surely did not take it and a later try can succeed."""
        ...

    async def reconcile(self, message: OutboundMessage) -> SendOutcome:
        """What became of a message whose sender died: SENT, FAILED (surely not sent), or UNKNOWN if nobody can tell."""
        ...


class ChannelUnavailable(Exception):
    """The provider did not take the message; try later."""

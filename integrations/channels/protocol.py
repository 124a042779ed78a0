"""What Baton asks of a channel that sends."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from domain.message import InboundMessage, OutboundMessage, Receipt, SendOutcome

Receive = Callable[[InboundMessage], Awaitable[Receipt]]
"""Records an inbound message; returns after the commit. Raises `store.errors.StoreUnavailable` while the store is down."""


class Outbound(Protocol):
    """The sending side of a channel account."""

    resend_when_unknown: bool
    """The channel's policy for a message whose fate stays unknown: send it again (marked as such), or leave it to people."""

    async def send(self, message: OutboundMessage) -> SendOutcome:
        """Send once. Raises `ChannelUnavailable` if the provider surely did not take it and a later try can succeed."""
        ...

    async def reconcile(self, message: OutboundMessage) -> SendOutcome:
        """What became of a message whose sender died: SENT, FAILED (surely not sent), or UNKNOWN if nobody can tell."""
        ...


class ChannelUnavailable(Exception):
    """The provider did not take the message; try later."""

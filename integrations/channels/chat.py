"""The chat widget: its provider is the store itself, so that a message is sent when it is committed."""

from domain.message import OutboundMessage, SendOutcome, SendResult


class ChatOutbound:
    """Implements `Outbound` for chat."""

    by_commit = True
    resend_when_unknown = True

    def provider_id(self, message: OutboundMessage) -> str:
        """The message's own id."""
        return message.message_id

    async def send(self, message: OutboundMessage) -> SendOutcome:
        """Nothing is left to do once it is committed."""
        return SendOutcome(result=SendResult.SENT, provider_message_id=message.message_id)

    async def reconcile(self, message: OutboundMessage) -> SendOutcome:  # noqa: ARG002
        """What the commit did not make visible was not sent."""
        return SendOutcome(result=SendResult.FAILED, code="not_committed")

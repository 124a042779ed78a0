"""The only place where adapters are chosen and made."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.front_door import FrontDoor
from domain.parties import Channel
from integrations.assistant.protocol import Assistant
from integrations.channels.chat import ChatOutbound
from integrations.channels.protocol import Outbound
from integrations.shop.protocol import Shop
from store.database import Database
from store.model_usage import StoredLedger
from workers.settings import WorkerSettings


@dataclass
class Adapters:
    """The outside world as the settings choose it; made only for the pools that need it."""

    shop: Callable[[], Shop]
    assistant: Callable[[], Assistant]
    channels: Callable[[], dict[Channel, Outbound]]


def front_door(settings: WorkerSettings) -> FrontDoor:
    """Where customers find Baton, for what is written to them."""
    return FrontDoor(public_url=settings.public_url, secret_key=settings.secret_key, mail_account=settings.mail_account)


def chosen_adapters(settings: WorkerSettings, database: Database) -> Adapters:
    """The adapters that the settings name; each is imported and made only when a pool asks for it."""

    def shop() -> Shop:
        from integrations.shop.local import LocalShop  # noqa: PLC0415

        return LocalShop(database, pages_url=settings.public_url.rstrip("/"))

    def assistant() -> Assistant:
        from integrations.assistant.local import LocalAssistant, LocalSettings  # noqa: PLC0415
        from integrations.knowledge.postgres import PostgresKnowledge  # noqa: PLC0415

        knowledge = PostgresKnowledge(database)
        own = LocalSettings(
            order_prefix=settings.order_prefix, phone_region=settings.phone_region, examples_dir=settings.examples_dir
        )
        local = LocalAssistant(shop(), knowledge, own)
        if settings.assistant == "local":
            return local
        from integrations.assistant.llm import LlmAssistant, provider_model  # noqa: PLC0415

        model = provider_model(settings.model, settings.model_url, settings.model_key)
        return LlmAssistant(model, local, shop(), knowledge, StoredLedger(database))

    def channels() -> dict[Channel, Outbound]:
        from integrations.channels.email.sending import SmtpOutbound  # noqa: PLC0415

        mail = SmtpOutbound(
            settings.smtp_host,
            settings.smtp_port,
            username=settings.smtp_username or None,
            password=settings.smtp_password or None,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
        )
        return {Channel.CHAT: ChatOutbound(), Channel.API: ChatOutbound(), Channel.EMAIL: mail}

    return Adapters(shop=shop, assistant=assistant, channels=channels)

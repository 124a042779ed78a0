"""Making the assistant of the settings."""

import asyncio

from cli.errors import CommandFailed
from integrations.assistant.protocol import Assistant
from workers.wiring import Adapters


class AssistantNotUsable(CommandFailed):
    """The settings name an assistant that cannot be asked; the message says what to set."""


async def made_assistant(adapters: Adapters) -> Assistant:
    """The assistant, which may load or train a model first. Raises `AssistantNotUsable`."""
    try:
        return await asyncio.to_thread(adapters.assistant)
    except ValueError as error:
        raise AssistantNotUsable(str(error)) from error

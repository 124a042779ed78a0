"""`baton temporal`: a local Temporal server for as long as a person wants it."""

from cli.local.services import local_temporal
from cli.progress import say
from cli.settings import CommandSettings
from cli.signals import told_to_stop


async def run_temporal(settings: CommandSettings) -> None:
    """Run a local Temporal server until SIGTERM or SIGINT; if the settings name one, there is nothing to start."""
    if settings.temporal_address is not None:
        say(f"temporal: the settings name the server on {settings.temporal_address}; nothing to start")
        return
    async with local_temporal(settings.state_directory, say):
        with told_to_stop() as told:
            await told.wait()
            say("temporal: stopping")

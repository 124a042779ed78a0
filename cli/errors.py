"""What a person at the terminal reads when a command cannot go on: one message that says what to do, no traceback."""

from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup


class CommandFailed(Exception):
    """Base of what commands raise on purpose; the message is for the person who typed the command."""


class Explained(TyperGroup):
    """A group of commands that prints expected errors as messages and exits with 1, or with 2 for wrong settings."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CommandFailed as error:
            typer.echo(f"baton: {error}", err=True)
            raise typer.Exit(1) from error
        except ValidationError as error:
            if not error.title.endswith("Settings"):
                raise
            typer.echo(f"baton: {explain_settings(error)}", err=True)
            raise typer.Exit(2) from error


def explain_settings(error: ValidationError) -> str:
    """Which variables are missing or wrong; never their values."""
    lines = [f"BATON_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
    return "\n  ".join(["settings (see docs/settings.md):", *lines])

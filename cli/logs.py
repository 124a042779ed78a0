"""How processes log: structlog events, and other libraries' lines beside them, without a customer's words."""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_INNERMOST_FRAMES = 4
_FRAME = re.compile(r'File "(?:[^"]*/)?([^"/]+)", line (\d+), in (\S+)')


def configure_logging(level: str, form: Literal["console", "json"]) -> None:
    """Send all logs of this process to standard output, one line each."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    _send_to_standard_output(shared, form)
    _set_levels(level.upper())


def describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type, its causes' types and where it arose.

    Its message stays out: errors of validation, SQL and SMTP quote what a customer wrote.
    """
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = " < ".join(type(link).__name__ for link in _chain(error))
        event["at"] = _where(error.__traceback__)
    return event


def describe_traceback(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The same for libraries that log a traceback as text."""
    text = str(event.get("event", ""))
    if "Traceback (most recent call last)" in text:
        event["event"] = "library_failed"
        event["error"] = text.rstrip().splitlines()[-1].strip("|+- ").split(":", 1)[0]
        event["at"] = " > ".join(
            f"{file}:{line} {function}" for file, line, function in _FRAME.findall(text)[-_INNERMOST_FRAMES:]
        )
    return event


def _chain(error: BaseException) -> list[BaseException]:
    links = [error]
    while (cause := links[-1].__cause__ or links[-1].__context__) is not None and cause not in links:
        links.append(cause)
    return links


def _where(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-_INNERMOST_FRAMES:]
    return " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames)


def _send_to_standard_output(shared: list[Processor], form: Literal["console", "json"]) -> None:
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=_is_terminal())
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, describe_traceback],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.root.handlers = [handler]


_CHATTY = ("mail.log", "httpx", "httpcore", "openai", "anthropic", "alembic", "asyncio", "sqlalchemy")
"""They never say more than warnings: clients of models, for one, write whole requests into lines of level debug."""


def _set_levels(level: str) -> None:
    logging.root.setLevel(level)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.root.level))


def _is_terminal() -> bool:
    return sys.stdout.isatty()

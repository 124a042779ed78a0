"""Logs say where something went wrong, and never what a customer wrote."""

import json
import subprocess
import sys

LOG_A_FAILURE = """
import logging, structlog, traceback
from cli.logs import configure_logging
configure_logging("info", "{form}")
structlog.get_logger("baton").info("message_recorded", message_id="m1")
try:
    try:
        raise ValueError("canary of the cause")
    except ValueError as cause:
        raise LookupError("canary of the error") from cause
except LookupError:
    structlog.get_logger("baton").exception("step_failed")
    logging.getLogger("some.library").exception("it went wrong")
    logging.getLogger("some.server").error(traceback.format_exc())
logging.getLogger("mail.log").info("canary@example.com")
"""


def _logged(form: str) -> list[str]:
    command = [sys.executable, "-c", LOG_A_FAILURE.format(form=form)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_exceptions_are_told_by_type_and_place_without_their_words() -> None:
    recorded, failed, library, server = map(json.loads, _logged("json"))
    assert recorded["event"] == "message_recorded"
    assert recorded["message_id"] == "m1"
    assert failed["error"] == library["error"] == "LookupError < ValueError"
    assert "<string>:" in failed["at"]
    assert server["error"] == "LookupError"
    assert "<string>:" in server["at"]
    assert library["logger"] == "some.library"


def test_no_line_of_either_form_holds_a_customers_words() -> None:
    for form in ("json", "console"):
        lines = _logged(form)
        assert len(lines) == 4
        assert "canary" not in "\n".join(lines)


def test_libraries_that_tell_whole_requests_are_quiet_at_every_level() -> None:
    said = """
import logging
from cli.logs import configure_logging
configure_logging("debug", "json")
for library in ("openai._base_client", "anthropic._base_client", "httpcore.http11", "mail.log"):
    logging.getLogger(library).debug("canary")
"""
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")

"""The published description is true: whatever it allows gets an answer that it describes, and never a 500."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from domain.parties import Role
from store.database import Database
from tests.api.ground import Ground, served
from tests.api.ground import settings as api_settings
from tests.api.shop_ground import link_of

_STREAMS = {"/v1/conversations/{conversation_id}/events", "/v1/desk/events"}
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_EXAMPLES = settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


async def test_every_operation_says_how_it_refuses_and_who_may_call(ground: Ground) -> None:
    document = (await ground.http.get("/openapi.json")).json()
    assert set(document["components"]["securitySchemes"]) == {"Token", "Desk", "ChatQuery"}
    assert "HTTPValidationError" not in str(document)
    links = {"/v1/payment-links/{link_id}", "/v1/payment-links/{link_id}/pay"}  # whoever has the link may pay
    public = {"/v1/chat/sessions", "/healthz", "/readyz", "/desk/sign-in"} | links
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert ("security" in operation) == (path not in public), path
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and (path, status) != ("/desk/sign-in", "401"):
                    assert list(answer["content"]) == ["application/problem+json"], (path, status)


@pytest.mark.timeout(300)
def test_nothing_that_the_description_allows_or_forbids_breaks_it(database_url: str) -> None:
    with in_a_thread(database_url) as (url, tokens):
        document = schemathesis.openapi.from_url(f"{url}/openapi.json")
        for found in document.get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()
            if operation.path in _STREAMS:
                continue

            @_EXAMPLES
            @given(case=operation.as_strategy(), token=st.sampled_from(tokens))
            def holds(case: schemathesis.Case[Any], token: str) -> None:
                answer = case.call(base_url=url, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False)
                case.validate_response(answer, checks=_CHECKS)

            holds()


@contextmanager
def in_a_thread(database_url: str) -> Iterator[tuple[str, list[str]]]:
    """The application on a port, served from a thread of its own; with tokens of all kinds of callers."""
    ready: Queue[tuple[str, list[str]]] = Queue()
    over = threading.Event()

    async def serve() -> None:
        database = Database(database_url)
        async with served(create_app(api_settings(database_url)), database) as ground:
            await ground.open_policy()
            agent = await ground.hire("robin", role=Role.ADMIN)
            headers = [
                await ground.token(Role.ADMIN, agent.id),
                await ground.token(Role.CHANNEL),
                await ground.token(Role.WAREHOUSE),
                await ground.chat(),
                link_of(),
            ]
            ready.put((str(ground.http.base_url), [found["Authorization"].split()[1] for found in headers]))
            await asyncio.to_thread(over.wait)
        await database.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield ready.get(timeout=30)
    finally:
        over.set()
        thread.join()

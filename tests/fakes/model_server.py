"""A server on loopback that speaks OpenAI's chat completions and Anthropic's messages, scripted and able to fail.

Real requests of pydantic-ai are off in tests; only while this server runs may its clients send any, and their base
address leads here. Protocols: OpenAI API reference, "Create chat completion"; Anthropic API reference, "Messages".
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pydantic_ai.models
from pydantic_ai.models import override_allow_model_requests

pydantic_ai.models.ALLOW_MODEL_REQUESTS = False

_MODEL = "fake-model"
_REASONS = {429: "Too Many Requests", 500: "Internal Server Error", 401: "Unauthorized", 200: "OK"}


@dataclass(frozen=True)
class Calls:
    """The model calls tools: names with arguments. An output tool ends the run."""

    tools: tuple[tuple[str, dict[str, Any]], ...]
    tokens: tuple[int, int] = (100, 20)


@dataclass(frozen=True)
class Says:
    """The model answers with plain words."""

    text: str
    tokens: tuple[int, int] = (100, 20)


@dataclass(frozen=True)
class Refuses:
    """The model refuses."""


@dataclass(frozen=True)
class Fails:
    """The server answers with an error."""

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = '{"error": {"message": "no", "type": "server_error"}, "type": "error"}'


@dataclass(frozen=True)
class Hangs:
    """No answer ever comes."""


@dataclass(frozen=True)
class Cuts:
    """The connection breaks in the middle of the answer."""


@dataclass(frozen=True)
class Garbage:
    """An answer that is no JSON, or not of the protocol."""

    body: str = "<html>not what you asked for"


Step = Calls | Says | Refuses | Fails | Hangs | Cuts | Garbage


def call(tool: str, **arguments: Any) -> Calls:
    """One call of one tool."""
    return Calls(((tool, arguments),))


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """All of it, to look for what must not be there."""
        return json.dumps(self.body, ensure_ascii=False)

    @property
    def tools(self) -> set[str]:
        """The names of the tools that the model is offered."""
        return {tool["function"]["name"] if "function" in tool else tool["name"] for tool in self.body.get("tools", ())}


class ModelServer:
    """Plays its script step by step; when it is used up, the last step is played again."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._script: deque[Step | Callable[[Asked], Step]] = deque()
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    def play(self, *steps: Step | Callable[[Asked], Step]) -> None:
        """What the model does next; a function decides by the request."""
        self._script = deque(steps)

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._met, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Close, also what hangs."""
        assert self._server is not None
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def openai_url(self) -> str:
        """The base address for OpenAI's clients."""
        return f"{self.anthropic_url}/v1"

    @property
    def anthropic_url(self) -> str:
        """The base address for Anthropic's clients."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._talks.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await _read(reader):
                self.asked.append(asked)
                if not await self._answer(asked, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has had enough
        finally:
            writer.transport.abort()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection stays open."""
        scripted = self._script.popleft() if len(self._script) > 1 else self._script[0]
        step = scripted(asked) if callable(scripted) else scripted
        match step:
            case Hangs():
                await asyncio.Event().wait()
            case Cuts():
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{")
                await writer.drain()
                writer.transport.abort()
                return False
            case Fails():
                await _write(writer, step.status, step.body, step.headers)
            case Garbage():
                await _write(writer, 200, step.body, {})
            case _:
                speak = _as_anthropic if asked.path.endswith("/messages") else _as_openai
                await _write(writer, 200, json.dumps(speak(step)), {})
        return True


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    if not head:
        return None
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(first.split()[1].partition("?")[0], headers, json.loads(body or b"{}"))


async def _write(writer: asyncio.StreamWriter, status: int, body: str, headers: dict[str, str]) -> None:
    sent = body.encode()
    lines = {"content-type": "application/json", "content-length": str(len(sent)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"HTTP/1.1 {status} {_REASONS.get(status, 'Status')}\r\n{head}\r\n".encode() + sent)
    await writer.drain()


def _as_openai(step: Calls | Says | Refuses) -> dict[str, Any]:
    tokens = (100, 20) if isinstance(step, Refuses) else step.tokens
    message: dict[str, Any] = {"role": "assistant", "content": None}
    finish = "stop"
    match step:
        case Calls():
            finish = "tool_calls"
            message["tool_calls"] = [
                {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
                for n, (name, given) in enumerate(step.tools)
            ]
        case Says():
            message["content"] = step.text
        case Refuses():
            message["refusal"] = "I cannot help with that."
    usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
    choice = {"index": 0, "finish_reason": finish, "message": message}
    about = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1_770_000_000, "model": _MODEL}
    return {**about, "choices": [choice], "usage": usage}


def _as_anthropic(step: Calls | Says | Refuses) -> dict[str, Any]:
    tokens = (100, 20) if isinstance(step, Refuses) else step.tokens
    content: list[dict[str, Any]] = []
    stop = "end_turn"
    match step:
        case Calls():
            stop = "tool_use"
            content = [
                {"type": "tool_use", "id": f"toolu_{n}", "name": name, "input": given}
                for n, (name, given) in enumerate(step.tools)
            ]
        case Says():
            content = [{"type": "text", "text": step.text}] if step.text else []
        case Refuses():
            stop = "refusal"
    usage = {"input_tokens": tokens[0], "output_tokens": tokens[1]}
    about = {"id": "msg_1", "type": "message", "role": "assistant", "model": _MODEL, "stop_sequence": None}
    return {**about, "content": content, "stop_reason": stop, "usage": usage}


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    """A running server; requests are allowed as long as it runs."""
    server = ModelServer()
    await server.start()
    try:
        with override_allow_model_requests(allow_model_requests=True):
            yield server
    finally:
        with contextlib.suppress(ConnectionError):
            await server.stop()

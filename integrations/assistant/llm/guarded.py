"""The one way to a provider: every text masked, every call counted, limits kept, outages cut short."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from pydantic_ai.exceptions import AgentRunError, ModelAPIError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    SystemPromptPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from domain.masking import masked
from domain.model_calls import ModelCall, ModelFailure, Terms
from integrations.assistant.llm.breaker import CircuitBreaker
from integrations.assistant.llm.failures import NoAnswer, pause_before_retry, why_failed

_MICRO = 1_000_000
_NOT_THE_PROTOCOL = (TypeError, AttributeError, LookupError, ValueError)
"""What clients raise over an answer that is JSON and nothing that they know."""


@dataclass
class Meter:
    """What one question to the provider takes, call by call."""

    terms: Terms
    calls: list[ModelCall] = field(default_factory=list)

    def add(self, call: ModelCall) -> None:
        """One call more."""
        self.calls.append(call)
        self.terms = self.terms.model_copy(update={"spent": self.terms.spent.plus(call)})

    def reject_last(self) -> None:
        """The last answer was of no use."""
        if self.calls and self.calls[-1].failure is None:
            self.calls[-1] = self.calls[-1].model_copy(update={"failure": ModelFailure.MALFORMED})


class GuardedModel(WrapperModel):
    """A model for one question. Raises `NoAnswer` at a limit and while the provider is left alone."""

    def __init__(
        self,
        wrapped: Model,
        meter: Meter,
        breaker: CircuitBreaker,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(wrapped)
        self._meter, self._breaker, self._pause = meter, breaker, pause

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Ask, and ask again where that can help."""
        if len(messages) > 1 and _sent_back(messages[-1]):
            self._meter.reject_last()
        hidden = [_masked(message) for message in messages]
        tries = 0
        while True:
            tries += 1
            try:
                return await self._once(hidden, model_settings, model_request_parameters)
            except ModelAPIError as error:
                seconds = pause_before_retry(error, tries)
                if seconds is None:
                    raise
            await self._pause(seconds)

    async def _once(
        self, messages: list[ModelMessage], settings: ModelSettings | None, parameters: ModelRequestParameters
    ) -> ModelResponse:
        if self._meter.terms.exhausted:
            raise NoAnswer(ModelFailure.LIMIT)
        if not self._breaker.lets_through():
            raise NoAnswer(ModelFailure.UNAVAILABLE)
        began = time.monotonic()
        try:
            response = await super().request(messages, settings, parameters)
        except asyncio.CancelledError:  # the time of the whole question is over
            self._came_to_nothing(ModelFailure.TIMEOUT, began, outage=True)
            raise
        except AgentRunError as error:
            self._came_to_nothing(why_failed(error), began, outage=isinstance(error, ModelAPIError))
            raise
        except _NOT_THE_PROTOCOL as error:
            self._came_to_nothing(ModelFailure.MALFORMED, began, outage=False)
            raise NoAnswer(ModelFailure.MALFORMED) from error
        self._breaker.succeeded()
        self._meter.add(_call(response, self.model_name, time.monotonic() - began))
        return response

    def _came_to_nothing(self, why: ModelFailure, began: float, *, outage: bool) -> None:
        """An outage says that the provider does not work, whatever it is asked."""
        if outage:
            self._breaker.failed()
        self._meter.add(ModelCall(model=self.model_name, seconds=time.monotonic() - began, failure=why))


def _call(response: ModelResponse, model: str, seconds: float) -> ModelCall:
    usage = response.usage
    refused = ModelFailure.REFUSED if response.finish_reason == "content_filter" else None
    return ModelCall(
        model=model,
        tokens_in=usage.input_tokens,
        tokens_out=usage.output_tokens,
        microdollars=_price(response),
        seconds=seconds,
        failure=refused,
    )


def _price(response: ModelResponse) -> int | None:
    """By the public prices that come with the client; no request is made for them."""
    try:
        return round(response.cost().total_price * _MICRO)
    except (LookupError, ValueError, AssertionError):
        return None


def _sent_back(message: ModelMessage) -> bool:
    """Does it ask the model to answer anew? All else that follows an answer of the model is what its tools return."""
    returned = [part for part in message.parts if isinstance(part, ToolReturnPart)]
    return not returned or any(part.outcome == "retried" for part in returned)


def _masked(message: ModelMessage) -> ModelMessage:
    """What is sent; what the model itself has said has come from there."""
    if not isinstance(message, ModelRequest):
        return message
    instructions = masked(message.instructions) if message.instructions else message.instructions
    return replace(message, parts=_masked_parts(message.parts), instructions=instructions)


def _masked_parts(parts: Sequence[ModelRequestPart]) -> list[ModelRequestPart]:
    return [_masked_part(part) for part in parts]


def _masked_part(part: ModelRequestPart) -> ModelRequestPart:
    match part:
        case SystemPromptPart(content=text):
            return replace(part, content=masked(text))
        case UserPromptPart(content=str(text)):
            return replace(part, content=masked(text))
        case UserPromptPart():
            raise TypeError("only text is sent")
        case ToolReturnPart():
            return replace(part, content=masked(part.model_response_str()))  # type: ignore[arg-type]  # ours are text
        case _:
            return part

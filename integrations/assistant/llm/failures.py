"""Why a provider did not help, from what its client raises; and whether asking again can help.

NoAnswer            ask `local`, or a person; `why` says what to look at
"""

from pydantic_ai.exceptions import (
    AgentRunError,
    ContentFilterError,
    ModelAPIError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    ModelTimeoutError,
    UnexpectedModelBehavior,
    UsageLimitExceeded,
    UserError,
)

from domain.model_calls import ModelFailure

LONGEST_WAIT = 3.0
"""Seconds that a rate limit may ask for; a customer does not wait longer for it."""
PAUSES = (0.2, 0.8)
"""Seconds before each further try."""
PROVIDER_FAILED = (AgentRunError, UserError)
"""What pydantic-ai raises when a run comes to nothing."""


class NoAnswer(Exception):
    """The provider did not help."""

    def __init__(self, why: ModelFailure) -> None:
        super().__init__(why.value)
        self.why = why


def why_failed(error: Exception) -> ModelFailure:
    """The reason in one word."""
    match error:
        case NoAnswer():
            return error.why
        case TimeoutError() | ModelTimeoutError() | ModelRequestTimeout():
            return ModelFailure.TIMEOUT
        case ModelRateLimitError() | ModelQuotaExceededError():
            return ModelFailure.RATE_LIMITED
        case ContentFilterError():
            return ModelFailure.REFUSED
        case UnexpectedModelBehavior() | UsageLimitExceeded():
            return ModelFailure.MALFORMED
        case _:
            return ModelFailure.UNAVAILABLE


def pause_before_retry(error: ModelAPIError, tries: int) -> float | None:
    """Seconds to wait before the next try; None where another try cannot help, or would take too long."""
    rejected = isinstance(error, ModelRequestRejectedError | ModelQuotaExceededError)
    if tries > len(PAUSES) or rejected or (isinstance(error, ModelHTTPError) and not _may_pass(error)):
        return None
    asked = error.retry_after or 0.0
    return max(asked, PAUSES[tries - 1]) if asked <= LONGEST_WAIT else None


def _may_pass(error: ModelHTTPError) -> bool:
    return error.status_code in {408, 409, 425, 429} or error.status_code >= 500

"""The assistant that needs no key and no network: a classifier on own examples, and templates filled with facts."""

from integrations.assistant.local.assistant import LocalAssistant
from integrations.assistant.local.settings import RECOMMENDED_THRESHOLD, LocalSettings

__all__ = ["RECOMMENDED_THRESHOLD", "LocalAssistant", "LocalSettings"]

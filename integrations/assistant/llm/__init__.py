"""The assistant behind a model provider."""

from integrations.assistant.llm.assistant import LlmAssistant
from integrations.assistant.llm.ledger import Ledger, MemoryLedger
from integrations.assistant.llm.models import ModelNotUsable, provider_model

__all__ = ["Ledger", "LlmAssistant", "MemoryLedger", "ModelNotUsable", "provider_model"]

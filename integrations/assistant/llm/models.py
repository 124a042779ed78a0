"""Which model is asked: the provider and the name in the settings, as a client of pydantic-ai."""

import os

from pydantic import SecretStr
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings

KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""Where each provider's own tools look for a key."""
_NO_KEY = "none"
"""Sent to an address that asks for no key, e.g. a model on a server of one's own."""
_SETTINGS = ModelSettings(max_tokens=4_000, max_retries=0)
"""Retries are Baton's own, so that each call is counted."""


class ModelNotUsable(ValueError):
    """The settings name no model that can be asked. The message says what to set."""


def provider_model(named: str, url: str = "", key: SecretStr | None = None) -> Model:
    """The model that `<provider>:<model>` names.

    Without a key, the provider's own variable is read. `url` is another base address that speaks the provider's
    protocol, for `openai` any compatible server: it is never sent the provider's key. Raises `ModelNotUsable`.
    """
    provider, _, name = named.partition(":")
    if provider not in KEY_VARIABLES or not name:
        raise ModelNotUsable("BATON_MODEL: write <provider>:<model> with openai or anthropic as the provider")
    secret = key.get_secret_value() if key else ""
    secret = secret or ("" if url else os.environ.get(KEY_VARIABLES[provider], ""))
    if not secret and not url:
        raise ModelNotUsable(f"BATON_MODEL_KEY: set it, or {KEY_VARIABLES[provider]}, to the provider's API key")
    return _client(provider, name, url, secret or _NO_KEY)


def _client(provider: str, name: str, url: str, secret: str) -> Model:
    if provider == "anthropic":
        anthropic = AnthropicProvider(api_key=secret, base_url=url or None)
        return AnthropicModel(name, provider=anthropic, settings=_SETTINGS)
    if not url:
        return OpenAIChatModel(name, provider=OpenAIProvider(api_key=secret), settings=_SETTINGS)
    compatible = OpenAICompatibleProvider("openai-compatible", base_url=url, api_key=secret)
    return OpenAIChatModel(name, provider=compatible, settings=_SETTINGS)

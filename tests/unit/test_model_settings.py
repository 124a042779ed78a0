"""Switching a model on: a wrong combination is refused at the start, with what to do, and no key is ever shown."""

import pytest
from pydantic import SecretStr, ValidationError

from integrations.assistant.llm import ModelNotUsable, provider_model
from workers.settings import WorkerSettings

KEY = SecretStr("key-canary")


def refusal(**settings: str) -> str:
    with pytest.raises(ValidationError) as refused:
        WorkerSettings.model_validate({"database_url": "postgresql://x/y", **settings})
    assert "canary" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("model", ["", "gpt-5", "openai:", "mistral:large", "openai: gpt"])
def test_a_model_that_names_no_provider_is_refused(model: str) -> None:
    assert "BATON_MODEL=<provider>:<model>" in refusal(assistant="llm", model=model, model_key="key-canary")


def test_a_model_without_the_switch_is_refused() -> None:
    assert "BATON_ASSISTANT=llm" in refusal(model="openai:gpt-5")


def test_an_address_that_is_none_is_refused() -> None:
    assert "BATON_MODEL_URL" in refusal(assistant="llm", model="openai:gpt-5", model_url="models.example/v1")


def test_the_key_is_in_no_representation() -> None:
    settings = WorkerSettings(database_url="postgresql://x/y", assistant="llm", model="openai:gpt-5", model_key=KEY)
    assert "canary" not in repr(settings)
    assert "canary" not in settings.model_dump_json()


@pytest.mark.parametrize("named", ["openai:gpt-5", "anthropic:claude-sonnet-4-5"])
def test_without_any_key_it_says_which_variables_to_set(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ModelNotUsable, match=r"BATON_MODEL_KEY.*_API_KEY"):
        provider_model(named)


@pytest.mark.parametrize(
    ("named", "variable"), [("openai:gpt-5", "OPENAI_API_KEY"), ("anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY")]
)
def test_the_providers_own_variable_is_used_and_never_for_another_address(
    named: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "key-canary")
    assert provider_model(named).client.api_key == "key-canary"  # type: ignore[attr-defined]
    elsewhere = provider_model(named, "http://127.0.0.1:9/v1")
    assert elsewhere.client.api_key != "key-canary"  # type: ignore[attr-defined]
    assert provider_model(named, "http://127.0.0.1:9/v1", SecretStr("mine")).client.api_key == "mine"  # type: ignore[attr-defined]

"""Flows of the brand's own: modules that the settings name, with their stories and verbs."""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from integrations.shop.protocol import Shop
from store.database import Database
from workflows.flow_story import FlowStory

Verb = Callable[..., Any]


class BadFlowModule(Exception):
    """A module of the setting `flows` that cannot be used; the message says why."""


def own_flows(setting: str) -> list[ModuleType]:
    """The modules that a setting names, separated by commas. Raises `BadFlowModule`."""
    names = [name.strip() for name in setting.split(",") if name.strip()]
    return [_module(name) for name in names]


def stories(module: ModuleType) -> list[type]:
    """The workflows that a module itself defines."""
    return [
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, FlowStory) and found.__module__ == module.__name__
    ]


def verbs(module: ModuleType, database: Database, shop: Shop) -> list[Verb]:
    """The module's activities: what its function `activities(database, shop)` gives, if it has one."""
    made = getattr(module, "activities", None)
    return list(made(database, shop)) if callable(made) else []


def _module(name: str) -> ModuleType:
    try:
        module = import_module(name)
    except ImportError as error:
        raise BadFlowModule(f"flows: cannot import '{name}': {error}; is its folder on PYTHONPATH?") from error
    if not stories(module):
        raise BadFlowModule(f"flows: '{name}' defines no workflow that inherits workflows.flow_story.FlowStory")
    return module

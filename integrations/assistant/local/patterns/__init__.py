"""Patterns that rules go by, kept in readable files beside this module."""

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

_FILES = TypeAdapter(dict[str, str])


@cache
def read_patterns(name: str) -> dict[str, re.Pattern[str]]:
    """The patterns of `<name>.yaml`: under each key its lines as one expression, whole words, case ignored.

    Keys that begin with an underscore are parts that lines refer to as `<part>`.
    """
    lines = {
        key: value.split("\n") for key, value in _FILES.validate_python(yaml.safe_load(pattern_bytes(name))).items()
    }
    parts = {key[1:]: _either(value) for key, value in lines.items() if key.startswith("_")}
    return {key: _compiled(value, parts) for key, value in lines.items() if not key.startswith("_")}


def pattern_bytes(name: str) -> bytes:
    """The content of `<name>.yaml` in this folder."""
    return Path(__file__).with_name(f"{name}.yaml").read_bytes()


def _either(lines: list[str]) -> str:
    return "(?:" + "|".join(line.strip() for line in lines if line.strip()) + ")"


def _compiled(lines: list[str], parts: dict[str, str]) -> re.Pattern[str]:
    expression = _either(lines)
    for name, part in parts.items():
        expression = expression.replace(f"<{name}>", part)
    return re.compile(rf"(?<!\w){expression}(?!\w)", re.IGNORECASE)

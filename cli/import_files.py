"""JSON Lines files of shop records: which kind each line is, and what is wrong with it, by file, line and field."""

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.shop_records import KINDS, ShopRecord, kind_of_line, read_record

LONGEST_LINE = 1_000_000
"""Bytes of one record; a longer line is no record, and is not read into memory."""
_ENDINGS = (".jsonl", ".ndjson")
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PLURALS = {f"{kind}s": kind for kind in KINDS}
_NAMES = ", ".join(f"{name}.jsonl" for name in _PLURALS)


class Place(NamedTuple):
    """Where a record stands. `line` counts from 1."""

    file: str
    line: int


class Mistake(NamedTuple):
    """What is wrong at a place; `line` 0 for the file as a whole, `field` empty for the record as a whole."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


class Read(NamedTuple):
    """Everything that the files hold: records with their places, and mistakes."""

    records: list[ShopRecord]
    places: list[Place]
    mistakes: list[Mistake]


def read_files(paths: Sequence[Path], progress: Callable[[int], None] = lambda _: None) -> Read:
    """Read files, and the files of folders. `progress` takes the number of bytes of each line read."""
    found = Read([], [], [])
    for path in paths:
        for file in _files_of(path, found.mistakes):
            try:
                _read_file(file, found, progress)
            except OSError as error:
                found.mistakes.append(Mistake(str(file), 0, "", f"cannot be read: {error.strerror}"))
    return found


def size_of(paths: Sequence[Path]) -> int:
    """Bytes to read, as far as they can be known before."""
    files = [file for path in paths for file in _files_of(path, [])]
    return sum(file.stat().st_size for file in files if file.is_file())


def _files_of(path: Path, mistakes: list[Mistake]) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.suffix in _ENDINGS)
    if not files:
        mistakes.append(Mistake(str(path), 0, "", f"there is no file here to import, such as {_NAMES}"))
    return files


def _read_file(file: Path, found: Read, progress: Callable[[int], None]) -> None:
    named = next((kind for name, kind in _PLURALS.items() if _is_named(file, name)), None)
    for number, line in _lines(file, progress):
        place = Place(str(file), number)
        if number == 1 and line.startswith(_UTF16):
            found.mistakes.append(Mistake(*place, "", "the file is UTF-16: save it as UTF-8"))
            return
        try:
            text = _text(line)
            if text:
                found.records.append(read_record(text, _kind(text, named)))
                found.places.append(place)
        except ValidationError as error:
            found.mistakes.extend(Mistake(*place, field, message) for field, message in explain(error))
        except ValueError as error:
            found.mistakes.append(Mistake(*place, "", str(error)))


def _is_named(file: Path, name: str) -> bool:
    """`orders.jsonl`, `orders-2026.jsonl`, `Orders.part1.jsonl`."""
    stem = file.name.lower()
    return stem.startswith(name) and not stem[len(name) : len(name) + 1].isalpha()


def _lines(file: Path, progress: Callable[[int], None]) -> Iterator[tuple[int, bytes]]:
    """Lines by number from 1. Of one that is too long only the beginning is kept, so that it stays too long."""
    with file.open("rb") as source:
        number = 0
        while line := source.readline(LONGEST_LINE + 1):
            number += 1
            read = len(line)
            while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                rest = source.readline(LONGEST_LINE)
                read += len(rest)
                if not rest or rest.endswith(b"\n"):
                    break
            progress(read)
            yield number, line.removeprefix(_BOM) if number == 1 else line


def _text(line: bytes) -> bytes:
    """A line without its ending; empty for a blank one. Raises `ValueError`."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"the line is longer than {LONGEST_LINE:,} bytes: write one record on each line")
    text = line.strip(b" \t\r\n")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}: save the file as UTF-8") from None
    return text


def _kind(text: bytes, named: str | None) -> str:
    """What the line says, else what the file's name says. Raises `ValueError`, or pydantic's `ValidationError`."""
    kind = (kind_of_line(text) if b'"kind"' in text else None) or named
    if kind is None:
        raise ValueError(f"which kind of record? Name the file as one of {_NAMES}, or give each line a kind")
    if kind not in KINDS:
        raise ValueError(f"kind: must be one of {', '.join(KINDS)}")
    return kind


def explain(error: ValidationError) -> list[tuple[str, str]]:
    """The wrong fields of one line, each with a sentence that says what to do. Never what was written there."""
    found = error.errors()
    return [(_field(item), _sentence(item, error.title)) for item in found if not _follows(item, found)]


def _follows(item: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """A list whose members are wrong is also said to be too short."""
    depth = len(item["loc"])
    return item["type"] == "too_short" and any(
        one["loc"][:depth] == item["loc"] and len(one["loc"]) > depth for one in found
    )


def _field(item: ErrorDetails) -> str:
    return ".".join(str(part) for part in item["loc"] if part != "[key]")[:200]


_SENTENCES = {
    "missing": "is missing",
    "timezone_aware": "needs its offset from UTC, such as 2026-03-02T09:30:00Z or 2026-03-02T09:30:00+01:00",
    "datetime_type": "must be a date with a time and its offset, such as 2026-03-02T09:30:00+01:00",
    "datetime_parsing": "must be a date with a time and its offset, such as 2026-03-02T09:30:00+01:00",
    "datetime_from_date_parsing": "must be a date with a time and its offset, such as 2026-03-02T09:30:00+01:00",
    "date_type": "must be a date such as 2026-03-02",
    "date_parsing": "must be a date such as 2026-03-02",
    "date_from_datetime_parsing": "must be a date such as 2026-03-02",
    "int_type": "must be a whole number without quotes; amounts are in minor units (12.50 EUR is 1250)",
    "string_type": "must be text in quotes",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must not be empty",
    "string_too_long": "must be at most {max_length} characters long",
    "string_pattern_mismatch": "holds a character that is not allowed here",
    "too_short": "must hold at least one",
    "too_long": "must hold at most {max_length}",
    "tuple_type": "must be a list",
    "model_type": "must be an object",
    "dict_type": "must be an object: write one whole record on each line",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
}


def _sentence(item: ErrorDetails, title: str) -> str:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "json_invalid":
        return f"no valid JSON: {context['error']}; write one whole record on each line"
    if kind == "extra_forbidden":
        return f"unknown field{_meant(str(item['loc'][-1]), title) if len(item['loc']) == 1 else ''}"
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**context)
    return item["msg"].removeprefix("Value error, ")


def _meant(field: str, title: str) -> str:
    fields = next((list(record.model_fields) for record in KINDS.values() if record.__name__ == title), [])
    near = get_close_matches(field, fields, 1)
    return f"; did you mean {near[0]}?" if near else ""

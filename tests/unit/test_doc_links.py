"""Documentation that leads somewhere: every link within the project has a file and a heading at its other end."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


def test_every_guide_is_reached_from_the_readme() -> None:
    linked = {target.partition("#")[0] for target in links((ROOT / "README.md").read_text())}
    guides = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")}
    assert guides - linked == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](#there)", []),
        ("[a](#gone)", ["#gone"]),
        ("[a](nowhere.md)", ["nowhere.md"]),
        ("[a](https://example.com/x)", []),
        ("```\n[a](nowhere.md)\n```", []),
    ],
)
def test_what_leads_nowhere_is_found(text: str, found: list[str], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# There\n{text}\n")
    assert list(broken(page)) == found


def broken(page: Path) -> Iterator[str]:
    """Links of a page to files or headings that do not exist."""
    for target in links(page.read_text()):
        file, _, anchor = target.partition("#")
        path = page.parent / file if file else page
        if not path.exists() or (anchor and anchor not in anchors(path.read_text())):
            yield target


def links(text: str) -> list[str]:
    """The targets of a page's links within the project."""
    return [target for target in _LINK.findall(_CODE.sub("", text)) if "://" not in target]


def anchors(text: str) -> set[str]:
    """What headings are called in links: lower case, without marks, with hyphens for blanks."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(_CODE.sub("", text)))
    return {heading.strip().replace(" ", "-") for heading in plain}

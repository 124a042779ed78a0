"""The policy file: what is wrong is named by line and key, and nothing but a `PolicyFileError` is ever raised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policy_file import PolicyFileError, read_policy

_GOOD = """\
brand: {name: Shop, ai_label: Shop AI}
overflow: support
teams:
  support: {title: Support}
tiers: {guest: {}}
matrix:
  return:
    guest:
      - plan: [ai, "queue:support"]
defaults:
  - plan: ["queue:support"]
"""


def problem(text: str) -> tuple[int, str, str]:
    with pytest.raises(PolicyFileError) as caught:
        read_policy(text)
    first = caught.value.problems[0]
    return first.line, first.key, first.message


def test_a_good_file_is_read() -> None:
    assert read_policy(_GOOD).overflow == "support"


@pytest.mark.parametrize("target", ["flow:return", "self_service", "agent:robin", "queue:", "ai:fast", "pigeon"])
def test_a_target_that_baton_cannot_carry_out_is_refused_with_line_and_key(target: str) -> None:
    line, key, message = problem(_GOOD.replace('[ai, "queue:support"]', f'["{target}"]'))
    assert (line, key) == (9, "matrix.return.guest.0")
    assert target in message


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ("overflow: support", "overflow: nobody", "", "nobody"),
        ('[ai, "queue:support"]', '["queue:ghosts"]', "", "matrix.return.guest: team 'ghosts'"),
        ("    guest:\n", "    gold:\n", "", "matrix.return.gold"),
        ("  return:", "  homesickness:", "matrix.homesickness", "order_status"),
        ("{title: Support}", "{titel: Support}", "teams.support", "Field required"),
        ("{name: Shop, ai_label: Shop AI}", "{name: Shop}", "brand.ai_label", "Field required"),
    ],
)
def test_a_name_that_does_not_exist_is_refused(old: str, new: str, where: str, said: str) -> None:
    _, key, message = problem(_GOOD.replace(old, new))
    assert key.startswith(where)
    assert said in message


def test_a_number_out_of_range_is_named_by_line() -> None:
    text = _GOOD + "deadlines:\n  step_seconds: 60\n  ai_work_seconds: -1\n"
    assert problem(text)[:2] == (14, "deadlines.ai_work_seconds")


def test_a_key_given_twice_is_refused() -> None:
    line, _, message = problem(_GOOD + "overflow: support\n")
    assert (line, message) == (12, "'overflow' is given twice")


def test_every_problem_is_listed_at_once() -> None:
    with pytest.raises(PolicyFileError) as caught:
        read_policy(_GOOD.replace("{title: Support}", "{titel: Support}"))
    assert {problem.key for problem in caught.value.problems} == {"teams.support.title", "teams.support.titel"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1",
        "a: [",
        "? [a, b]\n: 1",
        "a: 2024-99-99",
        "a: !!python/name:os.system",
        "\x00",
        "[" * 5000,
        "a: &x [*x]",
    ],
)
def test_text_that_is_no_policy_is_refused(text: str) -> None:
    problem(text)


@given(st.text(max_size=80))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(PolicyFileError):
        read_policy(text)

"""The policy file: what is wrong is named by line and key, and nothing but a `PolicyFileError` is ever raised."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policy_file import PolicyFileError, read_cell, read_policy
from domain.policy_text import differences, write_policy
from tests.policies import small_policy

_GOOD = """\
brand: {name: Shop, ai_label: Shop AI}
overflow: support
teams:
  support: {title: Support}
  care:
    title: Care
    skills: [complaints]
tiers: {guest: {}, vip: {}}
matrix:
  return:
    guest:
      - plan: [ai, "queue:support"]
        when: {}
defaults:
  - plan: ["queue:support"]
"""
_PLAN = '[ai, "queue:support"]'
_TEAM = "{title: Support}"
DEMO = Path(__file__).parents[2] / "cli" / "demo" / "policy.yaml"


def problems(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(PolicyFileError) as caught:
        read_policy(text)
    return [(found.line, found.key, found.message) for found in caught.value.problems]


def problem(text: str) -> tuple[int, str, str]:
    return problems(text)[0]


def test_a_good_file_is_read() -> None:
    assert read_policy(_GOOD).overflow == "support"


@pytest.mark.parametrize("target", ["flow:teleport", "flow:", "agent:", "queue:", "ai:fast", "pigeon"])
def test_a_target_that_baton_cannot_carry_out_is_refused_with_line_and_key(target: str) -> None:
    line, key, message = problem(_GOOD.replace(_PLAN, f'["{target}"]'))
    assert (line, key) == (12, "matrix.return.guest.0.plan.0")
    assert target.removeprefix("flow:") in message


REFERENCES = [
    ("overflow: support", "overflow: ghosts", 2, "overflow"),
    (_PLAN, '["queue:ghosts"]', 12, "matrix.return.guest.0.plan.0"),
    (_PLAN, '[{do: ai, otherwise: "queue:ghosts"}]', 12, "matrix.return.guest.0.plan.0.otherwise"),
    ("when: {}", "when: {team_available: ghosts}", 13, "matrix.return.guest.0.when.team_available"),
    ("when: {}", "when: {team_open: ghosts}", 13, "matrix.return.guest.0.when.team_open"),
    ("when: {}", "when: {team_closed: ghosts}", 13, "matrix.return.guest.0.when.team_closed"),
    ("when: {}", "when: {wait_below_minutes: {ghosts: 5}}", 13, "matrix.return.guest.0.when.wait_below_minutes.ghosts"),
    ("when: {}", "needs: {ghosts: 1}", 13, "matrix.return.guest.0.needs.ghosts"),
    ("title: Care", "title: Care\n    escalate_to: ghosts", 7, "teams.care.escalate_to"),
    ("title: Care", "title: Care\n    sla: {ghosts: {}}", 7, "teams.care.sla.ghosts"),
    ("    guest:\n", "    ghosts:\n", 11, "matrix.return.ghosts"),
    ("  return:", "  ghosts:", 10, "matrix.ghosts"),
]


@pytest.mark.parametrize(("old", "new", "line", "key"), REFERENCES, ids=[row[3] for row in REFERENCES])
def test_a_name_that_does_not_exist_is_refused_with_line_and_key(old: str, new: str, line: int, key: str) -> None:
    found = problems(_GOOD.replace(old, new))
    assert [(at, where) for at, where, _ in found] == [(line, key)]
    assert "'ghosts'" in found[0][2]


def test_all_dangling_names_are_listed_at_once() -> None:
    text = _GOOD.replace(_PLAN, '["queue:ghosts"]').replace("overflow: support", "overflow: nobody")
    text = text.replace('plan: ["queue:support"]', 'plan: ["queue:shadows"]')
    assert [line for line, _, _ in problems(text)] == [2, 12, 15]


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        (_TEAM, "{titel: Support}", "teams.support", "Field required"),
        ("{name: Shop, ai_label: Shop AI}", "{name: Shop}", "brand.ai_label", "Field required"),
        (_TEAM, "{title: S, channels: {chat: {cost: 0}}}", "teams.support.channels.chat.cost", "greater than or equal"),
        (_TEAM, "{title: S, channels: {chat: {cost: -1}}}", "teams.support.channels.chat.cost", "greater than"),
        (_TEAM, "{title: S, channels: {post: {}}}", "teams.support.channels.post", "chat"),
        (_TEAM, "{title: S, channels: {chat: {offer_seconds: 0}}}", "teams.support.channels.chat.offer", "greater"),
        (_TEAM, '{title: S, hours: {week: {mon: ["25:00-26:00"]}}}', "teams.support.hours.week", "25:00-26:00"),
        (_TEAM, '{title: S, hours: {week: {mon: ["09:00-12:00", "11:00-13:00"]}}}', "teams.support.hours", "overlap"),
        (_TEAM, '{title: S, hours: {week: {mon: ["18:00-09:00"]}}}', "teams.support.hours.week", "mon"),
        (_TEAM, "{title: S, hours: {week: {mon: []}}}", "teams.support.hours.week", "nobody ever works"),
        (_TEAM, "{title: S, hours: {timezone: Mars/North}}", "teams.support.hours.timezone", "Mars/North"),
        (_TEAM, "{title: S, rings: []}", "teams.support.rings", "at least 1"),
        (_TEAM, "{title: S, rings: [{who: own_agent}]}", "teams.support.rings.0", "own agent"),
        (
            _TEAM,
            "{title: S, rings: [{who: anyone, for_seconds: 9}, {who: skilled}]}",
            "teams.support.rings.1",
            "does not ask more",
        ),
        (_TEAM, "{title: S, rings: [{who: skilled}, {who: anyone}]}", "teams.support.rings.0", "needs for_seconds"),
        (_TEAM, "{title: S, rings: [{who: anyone, for_seconds: 9}]}", "teams.support.rings.0.for_seconds", "lasts"),
        (_TEAM, "{title: S, skills: [a b]}", "teams.support.skills", "a b"),
        (_TEAM, "{title: S, escalate_to: support}", "teams.support.escalate_to", "itself"),
        (
            _TEAM,
            '{title: S, hours: {week: {mon: ["09:00-09:01"]}}, sla: {any: {resolution_minutes: 600}}}',
            "teams.support.sla.any.resolution_minutes",
            "too little working time",
        ),
        ("  support: {title: Support}", "  su:pport: {title: S}", "teams.su:pport", "no name of a team"),
        ("vip: {}", "vip: {priority_minutes: -5}", "tiers.vip.priority_minutes", "greater"),
        ("vip: {}", "any: {}", "tiers.any", "every tier"),
        ("when: {}", "when: {amount_below: {EUR: -1}}", "matrix.return.guest.0.when.amount_below.EUR", "greater"),
        ("when: {}", "when: {amount_below: {euro: 1}}", "matrix.return.guest.0.when.amount_below.euro", "match"),
        ("when: {}", "when: {confidence_at_least: 1.5}", "matrix.return.guest.0.when.confidence_at_least", "less"),
        ("when: {}", "when: {languages: [English]}", "matrix.return.guest.0.when.languages.0", "match"),
        ("when: {}", "when: {team_open: care, team_closed: care}", "matrix.return.guest.0.when.team_closed", "never"),
        ("when: {}", "needs: {complaints: 6}", "matrix.return.guest.0.needs.complaints", "less than or equal to 5"),
        ("when: {}", "needs: {complaints: 3}", "matrix.return.guest.0.needs.complaints", "no team of this plan"),
        ("when: {}", "pressure: ai", "matrix.return.guest.0.pressure", "confidence_at_least"),
        (
            'plan: ["queue:support"]',
            'plan: ["queue:support"]\n    pressure: ai\n    when: {confidence_at_least: 0.5}',
            "defaults.0.pressure",
            "begins with ai",
        ),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_key(old: str, new: str, key: str, said: str) -> None:
    assert any(where.startswith(key) and said in message for _, where, message in problems(_GOOD.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("deadlines:\n  step_seconds: 60\n  ai_work_seconds: -1\n", 18, "deadlines.ai_work_seconds"),
        ("deadlines:\n  step_seconds: 900000000000\n", 17, "deadlines.step_seconds"),
        ("deadlines:\n  step_seconds: .inf\n", 17, ""),
        ("deadlines:\n  step_seconds: .nan\n", 17, ""),
        ("pauses: {chat: 1.0e+300}\n", 16, ""),
        ("pressure:\n  critical: {wait_minutes: 5, confidence: 0.5}\n", 16, "pressure"),
        ("pressure:\n  critical: {wait_minutes: 50, confidence: 0.9}\n", 16, "pressure"),
        ("roles: {agent: {approve_up_to: {EUR: -1}}}\n", 16, "roles.agent.approve_up_to.EUR"),
    ],
)
def test_a_number_out_of_range_is_named_by_line(text: str, line: int, key: str) -> None:
    assert problem(_GOOD + text)[:2] == (line, key)


UNREACHABLE = [
    ('["queue:support", ai]', 1, "'ai' is never reached: 'queue:support' settles the case"),
    ('["queue:support", "queue:care"]', 1, "settles the case"),
    ("[set_aside, ai]", 1, "set aside is done"),
    ("[ai, ai]", 1, "what 'ai' cannot finish goes to people"),
    ('[{do: ai, otherwise: "queue:care"}, "queue:support"]', 1, "the fallback of 'ai' is queue:care"),
    ("[ai, {do: ai, until: told}]", 1, "never reached"),
    ("[{do: ai, until: told}]", 0, "needs a stage before it that is 'until: decided'"),
    ('[{do: "queue:care", deadline_minutes: 5, otherwise: "queue:care"}]', 0, "never ends"),
    ('[{do: "queue:care", otherwise: "queue:support"}]', 0, "deadline_minutes as well"),
]


@pytest.mark.parametrize(("plan", "position", "said"), UNREACHABLE, ids=[row[0] for row in UNREACHABLE])
def test_a_stage_that_cannot_be_reached_or_cannot_end_is_refused(plan: str, position: int, said: str) -> None:
    found = problems(_GOOD.replace(_PLAN, plan))
    assert [key for _, key, _ in found] == [f"matrix.return.guest.0.plan.{position}"]
    assert said in found[0][2]


@pytest.mark.parametrize(
    "plan",
    [
        '[ai, "queue:support"]',
        '["agent:own", "queue:support"]',
        '[{do: "queue:care", deadline_minutes: 5}, "queue:support"]',
        '[{do: "queue:care", until: decided}]',
        '[{do: ai, until: collected, collect: [order]}, {do: "queue:care", until: decided}, {do: ai, until: told}]',
        "[set_aside]",
        '[self_service, "queue:support"]',
        '["flow:return", "queue:support"]',
        '["flow:address_change"]',
    ],
)
def test_a_plan_whose_every_stage_has_its_moment_is_taken(plan: str) -> None:
    read_policy(_GOOD.replace(_PLAN, plan))


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("{do: ai, until: decided}", "cannot end as decided"),
        ('{do: "queue:care", until: collected, collect: [order]}', "cannot end as collected"),
        ("{do: ai, until: collected}", "go together"),
        ("{do: ai, collect: [order]}", "go together"),
        ("{do: ai, otherwise: ai}", "no fallback"),
        ("{do: set_aside, deadline_minutes: 5}", "set aside"),
        ("{do: ai, deadline_minutes: 0}", "greater than 0"),
    ],
)
def test_a_stage_that_contradicts_itself_is_refused(stage: str, said: str) -> None:
    line, key, message = problem(_GOOD.replace(_PLAN, f"[{stage}]"))
    assert line == 12
    assert key.startswith("matrix.return.guest.0.plan.0")
    assert said in message


def test_a_candidate_behind_one_that_always_applies_is_refused() -> None:
    line, key, message = problem(_GOOD + "  - plan: [ai]\n")
    assert (line, key) == (16, "defaults.1")
    assert "never reached" in message


def test_a_candidate_behind_the_ai_is_the_way_of_those_who_are_barred_from_it() -> None:
    read_policy(
        _GOOD.replace('defaults:\n  - plan: ["queue:support"]', 'defaults:\n  - plan: [ai]\n  - plan: ["queue:care"]')
    )


def test_a_key_given_twice_is_refused() -> None:
    line, _, message = problem(_GOOD + "overflow: support\n")
    assert (line, message) == (16, "'overflow' is given twice")


def test_every_problem_is_listed_at_once() -> None:
    found = problems(_GOOD.replace(_TEAM, "{titel: Support}"))
    assert {key for _, key, _ in found} == {"teams.support.title", "teams.support.titel"}


def test_an_anchor_is_welcome_and_a_mistake_in_it_is_told_for_every_cell() -> None:
    text = _GOOD.replace("    guest:\n", "    guest: &one\n").replace(
        "defaults:", "  refund:\n    vip: *one\ndefaults:"
    )
    assert read_policy(text).matrix["refund"]["vip"] == read_policy(text).matrix["return"]["guest"]
    found = problems(text.replace(_PLAN, '["queue:ghosts"]'))
    assert [(line, key) for line, key, _ in found] == [
        (12, "matrix.return.guest.0.plan.0"),
        (12, "matrix.refund.vip.0.plan.0"),
    ]


def test_a_mapping_that_is_merged_in_may_be_overridden() -> None:
    text = _GOOD.replace(_TEAM, "&base {title: Support, skills: [a]}").replace(
        "title: Care", "<<: *base\n    title: Care"
    )
    assert read_policy(text).teams["care"].title == "Care"


def test_an_alias_bomb_is_refused_before_it_goes_off() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
    line, _, message = problem(bomb)
    assert line > 1
    assert message == "more values than a policy can have"


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
        "a: 0b",
        "a: " + "9" * 5000,
        "a: !!float x",
        "a: !!int ''",
        "a: !!bool x",
        "a: !!timestamp x",
        "!!map [a]",
        "!!binary é",
    ],
)
def test_text_that_is_no_policy_is_refused(text: str) -> None:
    problem(text)


@given(st.text(max_size=80))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(PolicyFileError):
        read_policy(text)


@given(st.text(alphabet="{}[]:,-&*!#|>'\"\n ab1.", max_size=60))
def test_no_cell_raises_anything_else(text: str) -> None:
    with contextlib.suppress(PolicyFileError):
        read_cell(text)


def test_a_mistake_in_a_single_cell_is_named_by_its_own_line() -> None:
    with pytest.raises(PolicyFileError) as caught:
        read_cell("- plan: [ai]\n- plan: [pigeon]\n")
    assert (caught.value.problems[0].line, caught.value.problems[0].key) == (2, "1.plan.0")


@pytest.mark.parametrize("text", [_GOOD, DEMO.read_text(), write_policy(small_policy())])
def test_a_policy_written_out_and_read_again_is_the_same(text: str) -> None:
    policy = read_policy(text)
    assert read_policy(write_policy(policy)) == policy


def test_what_is_left_at_its_default_is_not_written() -> None:
    written = write_policy(read_policy(_GOOD.replace(_TEAM, "{title: S, channels: {voice: {cost: all}}}")))
    assert "deadlines" not in written
    assert "voice: {cost: all}" in written


def test_a_difference_shows_the_changed_line_and_nothing_says_none() -> None:
    before, after = (write_policy(read_policy(text)) for text in (_GOOD, _GOOD.replace("name: Shop,", "name: Store,")))
    lines = differences(before, after, ("a", "b")).splitlines()
    assert [line for line in lines if line.startswith(("- ", "-b", "+b"))] == [
        "-brand: {name: Shop, ai_label: Shop AI}",
        "+brand: {name: Store, ai_label: Shop AI}",
    ]
    assert differences(before, before, ("a", "b")) == ""


def test_what_is_written_does_not_depend_on_an_order_that_the_store_does_not_keep() -> None:
    policy = read_policy(DEMO.read_text())
    tiers, matrix = dict(reversed(policy.tiers.items())), dict(reversed(policy.matrix.items()))
    shuffled = policy.model_copy(update={"tiers": tiers, "matrix": matrix})
    assert write_policy(shuffled) == write_policy(policy)
    assert list(read_policy(write_policy(shuffled)).tiers) == ["guest", "standard", "gold", "vip"]

"""The section `commerce` of a policy: mistakes are named by line and key, and the guide tells every key and default."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from typer.testing import CliRunner

from cli.main import app
from domain.flows.refusal import Rule
from domain.flows.rules import (
    Approval,
    CancellationRules,
    ChangeRules,
    ClaimRules,
    CommerceRules,
    DelayRules,
    DeliveryPromise,
    ExchangeRules,
    ItemRules,
    OwnFlow,
    Partner,
    RefundRules,
    ReturnRules,
    Window,
)
from domain.policy_file import PolicyFileError, read_policy
from domain.policy_text import write_policy

GUIDE = (Path(__file__).parents[2] / "docs" / "flows.md").read_text()
EXAMPLE = re.findall(r"```yaml complete\n(.*?)```", GUIDE, re.DOTALL)[0]
_HEAD = """\
brand: {name: Shop, ai_label: Shop AI}
overflow: support
teams: {support: {title: Support}}
tiers: {guest: {}, gold: {}}
matrix: {}
defaults: [{plan: ["queue:support"]}]
commerce:
"""


def problems(section: str) -> list[tuple[int, str, str]]:
    with pytest.raises(PolicyFileError) as caught:
        read_policy(_HEAD + section)
    return [(found.line, found.key.removeprefix("commerce."), found.message) for found in caught.value.problems]


@pytest.mark.parametrize(
    ("section", "key", "said"),
    [
        ("  returns: {approval: {team: ghosts}}", "returns.approval.team", "'ghosts' is not under teams"),
        ("  items: {approval: {team: ghosts}}", "items.approval.team", "'ghosts'"),
        ("  claims: {approval: {team: ghosts}}", "claims.approval.team", "'ghosts'"),
        ("  refunds: {approval: {team: ghosts}}", "refunds.approval.team", "'ghosts'"),
        ("  partners: {depot: {title: D, team: ghosts}}", "partners.depot.team", "'ghosts'"),
        ("  partners: {depot: {title: D, email: nowhere}}", "partners.depot.email", "no mail address"),
        ("  partners: {depot: {title: D, answer_hours: 24}}", "partners.depot.remind_hours", "too late"),
        ("  partners: {depot: {title: D, attempts: 2}}", "partners.depot.remind_hours", "too late for 2"),
        ("  returns: {remind_days: [5, 14]}", "returns.remind_days.1", "ship_back_days is 14"),
        ("  exchanges: {ship_back_days: 9}", "exchanges.remind_days", "too late"),
        ("  returns: {remind_days: [5, 5]}", "returns.remind_days.1", "not after"),
        ("  returns: {windows: [{days: 9}, {days: 30, tiers: [gold]}]}", "returns.windows.1", "never reached"),
        (
            "  returns: {windows: [{days: 9, tiers: [gold, guest]}, {days: 3, tiers: [gold], products: [x]}]}",
            "returns.windows.1",
            "never reached: entry 0",
        ),
        ("  returns: {windows: [{days: 9, tiers: [ghosts]}]}", "returns.windows.0.tiers.0", "'ghosts'"),
        ("  exchanges: {final_sale: [{tiers: [ghosts]}]}", "exchanges.final_sale.0.tiers.0", "'ghosts'"),
        ("  returns: {windows: []}", "returns.windows", "at least 1"),
        ("  returns: {windows: [{days: 0}]}", "returns.windows.0.days", "greater than 0"),
        ("  returns: {states: [paid]}", "returns.states.0", "nothing of such an order has been delivered"),
        ("  returns: {states: []}", "returns.states", "use 'offered: false'"),
        ("  cancellations: {states: [paid, shipped]}", "cancellations.states.1", "cannot be changed any more"),
        ("  claims: {states: [cancelled]}", "claims.states.0", "nothing of such an order"),
        ("  returns: {reasons: [late], free_reasons: [damaged]}", "returns.free_reasons.0", "not under reasons"),
        ("  returns: {refused_flags: [x], approval: {flags: [y, x]}}", "returns.approval.flags.1", "never asked"),
        ("  returns: {fee: {euro: 5}}", "returns.fee.euro", "match"),
        ("  returns: {fee: {EUR: -5}}", "returns.fee.EUR", "greater"),
        ("  returns: {credit_bonus: 101}", "returns.credit_bonus", "100"),
        ("  returns: {refund_to: [cash]}", "returns.refund_to.0", "card"),
        ("  claims: {days: 4000}", "claims.days", "more than ten years"),
        ("  returns: {approval: {hours: 900000}}", "returns.approval.hours", "more than ten years"),
        ("  returns: {once: true}", "returns.once", "not permitted"),
        ("  addresses: {reasons: [x]}", "addresses.reasons", "not permitted"),
        ("  delays: {channels: [pigeon]}", "delays.channels.0", "chat"),
        ("  delays: {channels: []}", "delays.channels", "at least 1"),
        ("  delays: {holidays: [christmas]}", "delays.holidays.0", "date"),
        (
            "  delays: {promises: [{business_days: 3}, {methods: [express], business_days: 1}]}",
            "delays.promises.1",
            "never reached",
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_line_and_key(section: str, key: str, said: str) -> None:
    found = problems(section)
    assert any(at == 8 and where.startswith(key) and said in message for at, where, message in found), found


@pytest.mark.parametrize(
    "section",
    [
        "  returns: {windows: [{days: 60, tiers: [gold]}, {days: 30, products: [x]}, {days: 9}]}",
        "  returns: {reasons: [late]}",
        "  returns: {offered: false, states: []}",
        "  returns: {remind_days: []}",
        "  partners: {depot: {title: D, attempts: 0, answer_hours: 1}}",
        "  delays: {promises: [{methods: [express], business_days: 1}, {business_days: 3}]}",
        "  delays: {holidays: [2026-12-25]}",
    ],
)
def test_rules_that_make_sense_are_taken_and_written_out_again(section: str) -> None:
    policy = read_policy(_HEAD + section)
    assert read_policy(write_policy(policy)) == policy


def test_a_plan_names_no_flow_that_the_brand_does_not_offer() -> None:
    text = _HEAD.replace('["queue:support"]', '["flow:exchange", "queue:support"]')
    assert read_policy(text.replace("commerce:\n", ""))
    with pytest.raises(PolicyFileError) as caught:
        read_policy(text + "  exchanges: {offered: false}")
    assert [(found.line, found.key) for found in caught.value.problems] == [(6, "defaults.0.plan.0")]
    assert "not offered" in caught.value.problems[0].message


# --- the guide --------------------------------------------------------------------------------------------------------

TABLES: dict[str, tuple[type[BaseModel], set[str]]] = {
    "## `returns`": (ReturnRules, set()),
    "## `exchanges`": (ExchangeRules, set(ReturnRules.model_fields)),
    "## Changes of an order": (ChangeRules, set()),
    "### `cancellations`": (CancellationRules, set(ChangeRules.model_fields)),
    "### `items`": (ItemRules, set(ChangeRules.model_fields)),
    "## `refunds`": (RefundRules, set()),
    "## `claims`": (ClaimRules, set()),
    "## `delays`": (DelayRules, set()),
    "### A promise": (DeliveryPromise, set()),
    "## `partners`": (Partner, set()),
    "## `own`": (OwnFlow, set()),
    "## Windows and scopes": (Window, set()),
    "## Approval": (Approval, set()),
}


def table(heading: str) -> dict[str, str]:
    """Key to default, of the table under a heading."""
    section = re.split(r"^#", GUIDE.split(f"\n{heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) ?\| .+\|$", section, re.MULTILINE)
    return {key: default.strip("` ") for key, default in rows}


@pytest.mark.parametrize("heading", TABLES)
def test_the_guide_tells_every_key_and_no_other(heading: str) -> None:
    model, told_elsewhere = TABLES[heading]
    assert set(table(heading)) == set(model.model_fields) - told_elsewhere


@pytest.mark.parametrize("heading", TABLES)
def test_the_guide_tells_the_defaults(heading: str) -> None:
    model, _ = TABLES[heading]
    for key, told in table(heading).items():
        field = model.model_fields[key]
        default: Any = None if field.default is PydanticUndefined else field.default
        if told:
            assert plain(yaml.safe_load(told)) == plain(default), key
        else:
            assert default is None or isinstance(default, BaseModel), key


def plain(value: Any) -> Any:
    """As a file would hold it, less what is left at its default."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def test_the_guide_has_a_heading_for_every_section() -> None:
    sections = set(CommerceRules.model_fields)
    assert sections - {"addresses", "payments"} <= set(re.findall(r"^###? `(\w+)`$", GUIDE, re.MULTILINE))
    assert "`cancellations`, `addresses`, `items` and `payments` have these keys" in GUIDE
    assert CommerceRules().portal_days == float(table("## `portal_days`")["portal_days"])


def test_the_guide_names_every_rule_and_no_other() -> None:
    rows = GUIDE.split("## Rules by name")[1].split("\n## ")[0]
    named = {rule for row in re.findall(r"^\| (`.*?`) \|", rows, re.MULTILINE) for rule in re.findall(r"`(\w+)`", row)}
    assert named == {rule.value for rule in Rule}


def test_the_example_of_the_guide_is_a_policy_that_sets_its_own_rules() -> None:
    commerce = read_policy(EXAMPLE).commerce
    assert commerce.returns.windows[0].tiers == ("gold",)
    assert commerce.partners["warehouse"].team == "returns"


def test_the_mistakes_in_the_guide_are_what_a_check_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"```console\n\$ baton policy check typo.yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    typo = EXAMPLE
    for right, wrong in (
        ("[gold]}", "[golden]}"),
        ("back_days: 21", "back_days: 18"),
        ("  team: returns\n", "  team: retuns\n"),
    ):
        typo = typo.replace(right, wrong, 1)
    (tmp_path / "typo.yaml").write_text(typo)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["policy", "check", "typo.yaml"])
    assert result.exit_code == 1
    said = [line.rstrip() for line in result.output.splitlines() if line.strip()]
    assert said == found[1].splitlines()

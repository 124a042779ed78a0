"""What must hold across a policy's section `commerce`: names exist, reminders are in time, all can be reached."""

from collections.abc import Collection, Iterator, Sequence

from domain.commerce import OrderState
from domain.flows.kinds import FlowKind
from domain.flows.rules import (
    Approval,
    ChangeRules,
    ClaimRules,
    CommerceRules,
    DelayRules,
    Partner,
    ReturnRules,
    Scope,
)

Path = tuple[str | int, ...]
Finding = tuple[Path, str]
Named = tuple[tuple[str, ...], ...]
"""What an entry of a list names, kind by kind; a kind of which nothing is named is free."""

_ON_ITS_WAY = (OrderState.PARTLY_SHIPPED, OrderState.SHIPPED, OrderState.DELIVERED)
_TO_BE_PACKED = (OrderState.PENDING, OrderState.PAID, OrderState.PARTLY_SHIPPED)


def in_commerce(rules: CommerceRules, teams: Collection[str], tiers: Collection[str]) -> Iterator[Finding]:
    """Everything that is wrong, with its place within the section."""
    for name in ("returns", "exchanges"):
        yield from _at((name,), _of_returns(getattr(rules, name), tiers))
    for name in ("cancellations", "addresses", "items", "payments"):
        yield from _at((name,), _of_changes(getattr(rules, name)))
    yield from _at(("claims",), _of_claims(rules.claims))
    yield from _at(("delays",), _of_delays(rules.delays))
    for name, partner in rules.partners.items():
        yield from _at(("partners", name), _of_partner(name, partner, teams))
    for name, own in rules.own.items():
        if name in {kind.value for kind in FlowKind}:
            yield ("own", name), f"'{name}' is one of Baton's own flows; choose another name"
        yield from _at(("own", name, "approval"), _of_approval(own.approval, teams))
    for name, section in rules:
        if isinstance(approval := getattr(section, "approval", None), Approval):
            yield from _at((name, "approval"), _of_approval(approval, teams))


def _at(place: Path, found: Iterator[Finding]) -> Iterator[Finding]:
    for path, message in found:
        yield (*place, *path), message


def _of_returns(rules: ReturnRules, tiers: Collection[str]) -> Iterator[Finding]:
    yield from _possible(rules, _ON_ITS_WAY, "nothing of such an order has been delivered")
    for number, window in enumerate(rules.windows):
        yield from _of_tiers(("windows", number), window, tiers)
    covers = [(one.products, one.categories, one.tiers) for one in rules.windows]
    yield from _at(("windows",), _unreachable(covers))
    for number, scope in enumerate(rules.final_sale):
        yield from _of_tiers(("final_sale", number), scope, tiers)
    yield from _of_reminders(rules)
    for number, reason in enumerate(rules.free_reasons):
        given = rules.free_reasons != ReturnRules().free_reasons
        if given and rules.reasons and reason not in rules.reasons:
            yield ("free_reasons", number), f"'{reason}' is not under reasons"
    for number, flag in enumerate(rules.approval.flags):
        if flag in rules.refused_flags:
            yield ("approval", "flags", number), f"never asked: '{flag}' is under refused_flags"


def _of_reminders(rules: ReturnRules) -> Iterator[Finding]:
    for number, days in enumerate(rules.remind_days):
        if days >= rules.ship_back_days:
            yield ("remind_days", number), f"too late: ship_back_days is {rules.ship_back_days:g}"
        elif number and days <= rules.remind_days[number - 1]:
            yield ("remind_days", number), "not after the reminder before it"


def _of_tiers(place: Path, scope: Scope, tiers: Collection[str]) -> Iterator[Finding]:
    for number, tier in enumerate(scope.tiers):
        if tier not in tiers:
            yield (*place, "tiers", number), f"'{tier}' is not under tiers"


def _unreachable(entries: Sequence[Named]) -> Iterator[Finding]:
    """Entries behind one that holds for all that they hold for."""
    for number, entry in enumerate(entries):
        for earlier in range(number):
            if _covers(entries[earlier], entry):
                yield (number,), f"never reached: entry {earlier} applies to all of it"
                break


def _covers(wide: Named, narrow: Named) -> bool:
    pairs = zip(wide, narrow, strict=True)
    return all(not named or (inner and set(inner) <= set(named)) for named, inner in pairs)


def _of_changes(rules: ChangeRules) -> Iterator[Finding]:
    yield from _possible(rules, _TO_BE_PACKED, "such an order cannot be changed any more")


def _of_claims(rules: ClaimRules) -> Iterator[Finding]:
    yield from _possible(rules, _ON_ITS_WAY, "nothing of such an order has been delivered")


def _possible(
    rules: ReturnRules | ChangeRules | ClaimRules, able: Collection[OrderState], why: str
) -> Iterator[Finding]:
    if rules.offered and not rules.states:
        yield ("states",), "no state is named; use 'offered: false' for what is never possible"
    for number, state in enumerate(rules.states):
        if state not in able:
            yield ("states", number), f"'{state}': {why}"


def _of_delays(rules: DelayRules) -> Iterator[Finding]:
    yield from _at(("promises",), _unreachable([(one.methods, one.countries) for one in rules.promises]))


def _of_partner(name: str, partner: Partner, teams: Collection[str]) -> Iterator[Finding]:
    if not name or len(name) > 64:
        yield (), f"'{name}' is no name of a partner; use 1 to 64 letters"
    if partner.team and partner.team not in teams:
        yield ("team",), f"team '{partner.team}' is not under teams"
    if partner.email and ("@" not in partner.email.strip("@") or " " in partner.email):
        yield ("email",), "no mail address"
    if partner.attempts and partner.attempts * partner.remind_hours >= partner.answer_hours:
        yield ("remind_hours",), f"too late for {partner.attempts}: answer_hours is {partner.answer_hours:g}"


def _of_approval(approval: Approval, teams: Collection[str]) -> Iterator[Finding]:
    if approval.team and approval.team not in teams:
        yield ("team",), f"team '{approval.team}' is not under teams"

"""`baton outreach`: who hears of a delayed shipment unasked, when and on which channel, and who does not and why."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from cli.errors import CommandFailed
from cli.opened import opened_store
from cli.settings import CommandSettings
from cli.tables import Table, show
from domain.flows.rules import DelayRules
from store.errors import NotFound
from store.locking import database_now
from store.outreach import Planned, plan_outreach, start_outreach
from store.policy_versions import PolicyShelf

_REASONS = {
    "late": "late",
    "no_scan": "not scanned",
    "exception": "problem",
    "returned": "sent back",
}
_WHY_NOT = {
    "unknown": "nobody has said when it is due",
    "already_told": "they were told before",
    "in_progress": "their outreach is under way",
    "moving": "it was moving when they were to be told, and has not stood still since",
    "no_consent": "they have not agreed to any channel of the policy",
    "unreachable": "they cannot be reached where they agreed to be",
    "no_hours": "the policy has no hours for it",
}


class OutreachOff(CommandFailed):
    """The active policy does not offer outreach."""


async def list_outreach(settings: CommandSettings, limit: int, *, as_json: bool) -> None:
    """Print what outreach would do now; nothing is changed."""
    async with opened_store(settings) as store, store.begin() as session:
        rules = await _rules(session)
        planned = await plan_outreach(session, rules, await database_now(session), limit)
    if as_json:
        lines = [one.model_dump(mode="json") for one in planned]
        print(json.dumps({"offered": rules.offered, "lines": lines}, indent=2))
        return
    _print(planned, rules)
    if len(planned) == limit:
        show(f"only the first {limit} are listed; see --limit")
    if not rules.offered:
        show("nobody is told anything while the policy says 'commerce: delays: offered: false'")


async def request_outreach(settings: CommandSettings, *, as_json: bool) -> None:
    """Ask for a flow for every delay that nobody was told of. Raises `OutreachOff`."""
    shelf, started = PolicyShelf(), 0
    async with opened_store(settings) as store:
        async with store.begin() as session:
            if not (await _rules(session)).offered:
                raise OutreachOff("the active policy says 'commerce: delays: offered: false'; nobody was told anything")
        while True:
            async with store.begin() as session:
                more = await start_outreach(session, shelf)
            started += more
            if not more:
                break
    show(json.dumps({"started": started}) if as_json else f"{started} started; follow them in the Temporal UI")


async def _rules(session: AsyncSession) -> DelayRules:
    try:
        return (await PolicyShelf().active(session)).commerce.delays
    except NotFound as error:
        raise OutreachOff("no policy is active: activate one with 'baton policy activate FILE'") from error


def _print(planned: Sequence[Planned], rules: DelayRules) -> None:
    zone = rules.hours.timezone
    told = Table("customer", "order", "shipment", "why", "since", "when", "channel", "language")
    not_told = Table("customer", "order", "shipment", "why", "not told because")
    for one in planned:
        subject = (one.customer, one.order, one.shipment, _REASONS[one.reason] if one.reason else "unknown")
        if one.tells:
            told.row(*subject, _at(one.since, zone), _at(one.at, zone), one.channel or "", one.language)
        else:
            not_told.row(*subject, _WHY_NOT.get(one.why_not, one.why_not))
    tells = sum(one.tells for one in planned)
    show(f"{tells} would be told (times: {zone})", *([told] if tells else []))
    if tells < len(planned):
        show(f"{len(planned) - tells} would not: {_counted(planned)}", not_told)


def _counted(planned: Sequence[Planned]) -> str:
    counts = Counter(one.why_not for one in planned if not one.tells)
    return ", ".join(f"{count} {why.replace('_', ' ')}" for why, count in sorted(counts.items()))


def _at(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M") if at else ""

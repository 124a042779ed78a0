"""What a transaction says at its end: journal, outbox, wakes and notices, by one statement before the commit."""

import json
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from domain.names import dispatcher_workflow_id
from store.plain import run

_KEY = "postscript"

# Teams are locked last and in one order, so that whatever else transactions hold, their wakes do not deadlock; and all
# of them, so that a dispatcher which clears the mark waits for the change behind it. The mark is read with the lock: as
# the statement first saw it, it may have been cleared meanwhile.
_WRITE = """
    WITH named AS (
        SELECT id, wake_pending_since FROM team WHERE id = ANY(%(woken)s) ORDER BY id FOR NO KEY UPDATE
    ), woken AS (
        UPDATE team t SET wake_pending_since = clock_timestamp()
        FROM named WHERE t.id = named.id AND named.wake_pending_since IS NULL RETURNING t.id
    ), journalled AS (
        INSERT INTO journal (interaction_id, customer_id, flow_id, seq, kind, ref, by, facts)
        SELECT r.interaction_id, r.customer_id, r.flow_id, r.seq, r.kind, r.ref, r.by, r.facts
        FROM jsonb_to_recordset(%(journal)s::jsonb) AS r (
            interaction_id text, customer_id text, flow_id text, seq int, kind text, ref text, by text, facts jsonb)
    ), addressed AS (
        INSERT INTO outbox (workflow_id, interaction_id, flow_id, team, entry, attempts)
        SELECT o.workflow_id, o.interaction_id, o.flow_id, o.team, o.entry, 0
        FROM jsonb_to_recordset(%(outbox)s::jsonb) AS o (
            workflow_id text, interaction_id text, flow_id text, team text, entry jsonb)
        UNION ALL SELECT %(dispatcher)s || id, NULL, NULL, id, NULL, 0 FROM woken
    )
    SELECT pg_notify(n.channel, n.payload)
    FROM jsonb_to_recordset(%(notices)s::jsonb) AS n (channel text, payload text)
"""


@dataclass
class Postscript:
    """The rows of one transaction, in the order in which they were said."""

    journal: list[dict[str, object]] = field(default_factory=list)
    outbox: list[dict[str, object]] = field(default_factory=list)
    notices: dict[tuple[str, str], None] = field(default_factory=dict)
    """Channel and payload, each pair once."""
    woken: set[str] = field(default_factory=set)
    """Teams whose dispatchers are woken, unless a wake is on its way already."""


def postscript(session: AsyncSession) -> Postscript:
    """The postscript of the session's transaction."""
    said: Postscript = session.info.setdefault(_KEY, Postscript())
    return said


async def write_postscript(session: AsyncSession) -> bool:
    """Write it, if there is anything; True if something is addressed to Temporal."""
    said = postscript(session)
    if said.journal or said.outbox or said.notices or said.woken:
        notices = [{"channel": channel, "payload": payload} for channel, payload in said.notices]
        rows = {"journal": said.journal, "outbox": said.outbox, "notices": notices}
        values: dict[str, object] = {name: json.dumps(content) for name, content in rows.items()}
        values |= {"woken": sorted(said.woken), "dispatcher": dispatcher_workflow_id("")}
        await run(session, _WRITE, values)
        session.info[_KEY] = Postscript()
    return bool(said.outbox or said.woken)

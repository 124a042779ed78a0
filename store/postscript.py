"""What a transaction says at its end: journal, outbox and notices, written by one statement before the commit."""

import json
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from store.plain import run

_KEY = "postscript"

_WRITE = """
    WITH journalled AS (
        INSERT INTO journal (interaction_id, customer_id, seq, kind, ref, by, facts)
        SELECT r.interaction_id, r.customer_id, r.seq, r.kind, r.ref, r.by, r.facts
        FROM jsonb_to_recordset(%(journal)s::jsonb) AS r (
            interaction_id text, customer_id text, seq int, kind text, ref text, by text, facts jsonb)
    ), addressed AS (
        INSERT INTO outbox (workflow_id, interaction_id, team, entry, attempts)
        SELECT o.workflow_id, o.interaction_id, o.team, o.entry, 0
        FROM jsonb_to_recordset(%(outbox)s::jsonb) AS o (
            workflow_id text, interaction_id text, team text, entry jsonb)
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


def postscript(session: AsyncSession) -> Postscript:
    """The postscript of the session's transaction."""
    said: Postscript = session.info.setdefault(_KEY, Postscript())
    return said


async def write_postscript(session: AsyncSession) -> bool:
    """Write it, if there is anything; True if something is addressed to Temporal."""
    said = postscript(session)
    if said.journal or said.outbox or said.notices:
        notices = [{"channel": channel, "payload": payload} for channel, payload in said.notices]
        rows = {"journal": said.journal, "outbox": said.outbox, "notices": notices}
        await run(session, _WRITE, {name: json.dumps(content) for name, content in rows.items()})
        session.info[_KEY] = Postscript()
    return bool(said.outbox)

"""Files that came with messages: what views tell of them, and one file for whoever may read it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attachments import media_type_of
from domain.values import Value


class AttachedFile(Value):
    """A file of a message. `media_type` is what its first bytes tell, never what its sender said; `size` in bytes."""

    attachment_id: str
    filename: str
    media_type: str
    size: int


class FilePlace(NamedTuple):
    """The message that a file came with."""

    filename: str
    interaction_id: str
    channel: str
    account: str
    thread_key: str


FILES_OF_M = """
    (SELECT json_agg(json_build_object('attachment_id', f.id, 'filename', f.filename, 'size', f.size,
                                       'head', encode(substring(f.content FOR 16), 'hex'))
                     ORDER BY f.filename, f.id)
     FROM attachment f WHERE f.message_id = m.id) AS files
"""
"""A column for queries over `message m`; with as much of each file as tells its type; `with_attachments` reads it."""

_PLACE = text(
    """
    SELECT a.filename, m.interaction_id, c.channel, c.account, c.thread_key
    FROM attachment a JOIN message m ON m.id = a.message_id JOIN conversation c ON c.id = m.conversation_id
    WHERE a.id = :id
    """
)

_CONTENT = text("SELECT content FROM attachment WHERE id = :id")

_IN_REACH = text(
    """
    SELECT EXISTS (
        SELECT 1 FROM work_item w WHERE w.interaction_id = :interaction AND (
            w.agent_id = :agent OR w.team_id IN (SELECT team_id FROM agent_team WHERE agent_id = :agent)))
    """
)

_TO_JUDGE = text(
    """
    SELECT EXISTS (
        SELECT 1 FROM flow f JOIN flow_task t ON t.flow_id = f.id JOIN agent_team a ON a.team_id = t.team_id
        WHERE f.interaction_id = :interaction AND a.agent_id = :agent)
    """
)


def with_attachments(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with `attachments` in place of the column `FILES_OF_M`."""
    found = tuple(_file(**one) for one in row["files"] or ())
    return {name: value for name, value in row.items() if name != "files"} | {"attachments": found}


def _file(attachment_id: str, filename: str, size: int, head: str) -> AttachedFile:
    kind = media_type_of(bytes.fromhex(head))
    return AttachedFile(attachment_id=attachment_id, filename=filename, media_type=kind, size=size)


async def file_place(session: AsyncSession, attachment_id: str) -> FilePlace | None:
    """Where a file belongs; None for an unknown id."""
    found = (await session.execute(_PLACE, {"id": attachment_id})).one_or_none()
    return FilePlace(*found) if found else None


async def file_content(session: AsyncSession, attachment_id: str) -> bytes:
    """The file itself."""
    return bytes((await session.execute(_CONTENT, {"id": attachment_id})).scalar_one())


async def in_reach(session: AsyncSession, interaction_id: str, agent_id: str) -> bool:
    """Has a case of this interaction come to the agent, or to a team of theirs?"""
    return bool((await session.execute(_IN_REACH, {"interaction": interaction_id, "agent": agent_id})).scalar_one())


async def judged_by(session: AsyncSession, interaction_id: str, agent_id: str) -> bool:
    """Has a flow of this interaction asked a team of the agent's to do something, e.g. to look at a photo?"""
    return bool((await session.execute(_TO_JUDGE, {"interaction": interaction_id, "agent": agent_id})).scalar_one())

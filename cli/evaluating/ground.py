"""Where conversations are rehearsed: a throw-away database with the demo shop, its articles and a policy."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlmodel import SQLModel

from cli.evaluating.adjusting import adjust
from cli.evaluating.cases import OrderAsOf
from cli.local.postgres import LocalPostgres
from cli.progress import Progress
from domain.modes import Mode
from domain.parties import Role
from domain.policy import Policy
from integrations.knowledge.importer import load_demo_articles
from integrations.shop.demo import load_demo_shop
from store.database import Database
from store.migrate import upgrade
from store.policies import activate
from store.work import Agent
from workers.settings import WorkerSettings

TEMPLATE, _STAGE = "ready", "stage"
_PAGES = "https://support.outfitters.example"
"""Where links to the customer's own page lead. They open nothing: the pages of this database are never served."""
_KEPT = ("shop_", "article", "policy_version", "agent", "team", "alembic")
"""Tables that are the same in each case, by the beginning of their names."""


class Ground:
    """One database in which case after case is played, each as if it were the first."""

    def __init__(self, server: LocalPostgres, policy: Policy) -> None:
        self._server = server
        self.policy = policy
        url = server.url(_STAGE)
        key = secrets.token_urlsafe(48)
        self.settings = WorkerSettings(database_url=url, secret_key=key, public_url=_PAGES)
        self.database = Database(url)
        self._shop_is_new = False

    async def fresh(self, adjusted: Sequence[OrderAsOf]) -> None:
        """Forget the case before, and bring the shop's orders to where this one needs them."""
        if self._shop_is_new:
            await self._forget()
        else:
            await self._copy()
        async with self.database.begin() as session:
            for wanted in adjusted:
                await adjust(session, wanted)
        self._shop_is_new = not adjusted

    async def _copy(self) -> None:
        await self.database.close()
        await asyncio.to_thread(self._server.drop_database, _STAGE)
        await asyncio.to_thread(self._server.create_database, _STAGE, template=TEMPLATE)

    async def _forget(self) -> None:
        """Empty what conversations write. Flows do not change the shop here: nobody plays them."""
        tables = [name for name in SQLModel.metadata.tables if not name.startswith(_KEPT)]
        emptied = "; ".join(f'DELETE FROM "{name}"' for name in tables)  # noqa: S608 - of Baton's own tables
        async with self.database.begin() as session:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
            connection = await session.connection()
            await connection.exec_driver_sql(emptied)


@asynccontextmanager
async def rehearsal_ground(policy: Policy, progress: Progress) -> AsyncIterator[Ground]:
    """A store with the demo shop and its articles that is gone afterwards. Raises `PostgresFailed`."""
    policy = spoken_by_ai(policy)
    async with empty_store(progress) as server:
        version = await _fill(server.url(TEMPLATE), policy)
        ground = Ground(server, policy.model_copy(update={"version": version}))
        try:
            yield ground
        finally:
            await ground.database.close()


@asynccontextmanager
async def empty_store(progress: Progress) -> AsyncIterator[LocalPostgres]:
    """A server of its own with one migrated database, `TEMPLATE`."""
    with (
        tempfile.TemporaryDirectory(prefix="baton-eval-") as directory,
        LocalPostgres(Path(directory) / "postgres", durable=False) as server,
    ):
        progress("eval: a throw-away database")
        server.create_database(TEMPLATE)
        await asyncio.to_thread(upgrade, server.url(TEMPLATE))
        yield server


def spoken_by_ai(policy: Policy) -> Policy:
    """The policy with every cell in mode auto: what is judged is what the AI would say if it were let."""
    rules = policy.assistant.model_copy(update={"mode": Mode.AUTO})
    matrix = {
        row: {tier: tuple(one.model_copy(update={"mode": None}) for one in cell) for tier, cell in cells.items()}
        for row, cells in policy.matrix.items()
    }
    defaults = tuple(one.model_copy(update={"mode": None}) for one in policy.defaults)
    return policy.model_copy(update={"assistant": rules, "matrix": matrix, "defaults": defaults})


async def _fill(url: str, policy: Policy) -> int:
    database = Database(url)
    try:
        await load_demo_shop(database, datetime.now(UTC))
        await load_demo_articles(database)
        async with database.begin() as session:
            session.add_all(
                Agent(id=agent, name=agent, login=agent, password_hash="", role=Role.AGENT.value, capacity=1)
                for agent in policy.named_agents
            )
            await session.flush()
            return await activate(session, policy)
    finally:
        await database.close()

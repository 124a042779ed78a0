"""Where the browser tests stand: API, pages and all pools in this process, on a real PostgreSQL and a real Temporal.

The demo shop is filled, so that customers have orders to ask about.

Each test works in a team of its own, so that no test finds the work or the people of another.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlmodel import col

from api.app import create_app
from api.settings import ApiSettings
from domain.parties import Channel, Role
from domain.policy import Policy
from domain.policy_file import read_policy
from domain.signed_token import PortalToken, mint_customer_token
from integrations.channels.chat import ChatOutbound
from integrations.channels.protocol import Outbound
from integrations.shop.demo import load_demo_shop
from integrations.shop.scenarios import Scenario
from store.access import create_token, hash_password
from store.database import Database
from store.flows import Flow
from store.people import decline
from store.work import Agent, AgentTeam, WorkItem
from tests.api.ground import KEY, PASSWORD, served
from tests.stage import Stage, set_stage

_PASSWORD_HASH = hash_password(PASSWORD)
_WIDTH, _HEIGHT = 1280, 800

# Issue types only steer a case to the team of its test; the scripted assistant reads them from the text.
POLICY = """
brand: {name: Test Shop, ai_label: Test Shop · AI assistant}
assistant: {mode: auto}
overflow: overflow
teams:
  overflow: {title: Overflow}
  answering: {title: Answering, channels: {chat: {offer_seconds: 60}}}
  racing: {title: Racing, channels: {chat: {offer_seconds: 60}}}
  typing: {title: Typing, channels: {chat: {offer_seconds: 60}}}
  waiting: {title: Waiting, channels: {chat: {offer_seconds: 60}}}
  picking: {title: Picking, channels: {chat: {mode: pull}}}
  first: {title: First, channels: {chat: {mode: assign}}}
  second: {title: Second, channels: {chat: {mode: assign}}}
  floor: {title: Floor, channels: {chat: {mode: assign}}}
  deciding: {title: Deciding, channels: {chat: {offer_seconds: 60}}}
  asking: {title: Asking, channels: {chat: {mode: assign}}}
  returns: {title: Returns}
  judging: {title: Judging}
  approving: {title: Approving}
  releasing: {title: Releasing, channels: {chat: {offer_seconds: 60}}}
  rewording: {title: Rewording, channels: {chat: {offer_seconds: 60}}}
  rejecting: {title: Rejecting, channels: {chat: {offer_seconds: 60}}}
  overtaking: {title: Overtaking, channels: {chat: {offer_seconds: 60}}}
  overrunning: {title: Overrunning, channels: {chat: {offer_seconds: 60}}}
  phoning: {title: Phoning, channels: {chat: {offer_seconds: 60}}}
  copiloting: {title: Copiloting, channels: {chat: {offer_seconds: 60}}}
  stopping: {title: Stopping, channels: {chat: {offer_seconds: 60}}}
tiers: {guest: {}}
roles:
  lead: {supervise: true, approve_up_to: {EUR: 100000}}
pauses: {chat: 0.2, messaging: 0.2, email: 0}
commerce:
  returns: {windows: [{days: 3660}], credit_bonus: 10, approval: {team: asking}}
  exchanges: {windows: [{days: 3660}], ships: on_inspection}
  claims: {days: 3660, approval: {always: true, team: judging}}
  cancellations: {approval: {always: true, team: approving}}
deadlines: {ai_start_seconds: 10, ai_work_seconds: 10, step_seconds: 20, presence_seconds: 600}
matrix:
  complaint: {any: [{plan: ["queue:answering"]}]}
  refund: {any: [{plan: ["queue:racing"]}]}
  billing: {any: [{plan: ["queue:typing"]}]}
  account: {any: [{plan: ["queue:waiting"]}]}
  exchange: {any: [{plan: ["queue:picking"]}]}
  return: {any: [{plan: ["queue:asking"]}]}
  promo: {any: [{plan: ["queue:first"]}]}
  subscription: {any: [{plan: ["queue:floor"]}]}
  delivery: {any: [{plan: [ai, "queue:releasing"], mode: draft}]}
  product_question: {any: [{plan: [ai, "queue:rewording"], mode: draft}]}
  cancel_order: {any: [{plan: [ai, "queue:rejecting"], mode: draft}]}
  site_issue: {any: [{plan: [ai, "queue:overtaking"], mode: draft}]}
  other: {any: [{plan: [ai, "queue:overrunning"], mode: draft}]}
  order_status: {any: [{plan: [ai, "queue:phoning"], mode: draft}]}
  change_order: {any: [{plan: [ai, "queue:stopping"]}]}
  human: {any: [{plan: ["queue:copiloting"]}]}
  damaged_wrong:
    any:
      - plan:
          - {do: ai, until: collected, collect: [order, photo], deadline_minutes: 60, otherwise: "queue:overflow"}
          - {do: "queue:deciding", until: decided}
          - {do: ai, until: told}
defaults:
  - {plan: ["queue:overflow"]}
"""

_CHANNELS: dict[Channel, Outbound] = {Channel.CHAT: ChatOutbound(), Channel.EMAIL: ChatOutbound()}
"""Mail arrives nowhere; what matters here is on the pages."""


@dataclass
class Stand:
    """Everything runs; people come in by browser."""

    url: str
    stage: Stage
    browser: Browser

    async def hire(self, name: str, *teams: str, role: Role = Role.AGENT) -> Agent:
        """Somebody who can sign in with their name."""
        async with self.stage.database.begin() as session:
            agent = Agent(name=name.title(), login=name, password_hash=_PASSWORD_HASH, role=role.value)
            session.add(agent)
            await session.flush()
            session.add_all(AgentTeam(agent_id=agent.id, team_id=team) for team in teams)
        return agent

    async def context(self) -> BrowserContext:
        """A browser of somebody's own."""
        context = await self.browser.new_context(viewport={"width": _WIDTH, "height": _HEIGHT}, locale="en-GB")
        context.set_default_timeout(15_000)
        return context

    async def sign_in(self, login: str, path: str = "/desk") -> Page:
        """A page of somebody who has signed in."""
        page = await (await self.context()).new_page()
        await page.goto(f"{self.url}/desk/sign-in")
        await page.fill("#login", login)
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk")
        if path != "/desk":
            await page.goto(self.url + path)
        return page

    async def at_desk(self, login: str) -> Page:
        """A signed-in agent who has gone available by the keyboard."""
        page = await self.sign_in(login)
        await expect(page.locator("#link")).to_have_text("live")
        await page.keyboard.press("1")
        await expect(page.locator("#presence .available")).to_have_attribute("aria-pressed", "true")
        return page

    async def chat(self, text: str, who: Scenario | None = None) -> Page:
        """A customer's page with the chat open, who has written something; `who` has signed in to the shop."""
        page = await (await self.context()).new_page()
        await page.goto(f"{self.url}/chat?open=1" + (f"&customer={_signed_in(who)}" if who else ""))
        box = page.get_by_label("Your message")
        await box.fill(text)
        await box.press("Enter")
        await expect(page.locator(".bubble.customer")).to_contain_text(text)
        return page

    async def portal(self, who: Scenario, *, order: str = "", width: int = 360) -> Page:
        """A customer who has opened the link to their own page, on a small screen."""
        until = datetime.now(UTC) + timedelta(days=1)
        token = PortalToken(sub=who.customer_id, order=order or who.order_number, exp=int(until.timestamp()))
        page = await (await self.context()).new_page()
        await page.set_viewport_size({"width": width, "height": _HEIGHT})
        await page.goto(f"{self.url}/portal/{token.sign(KEY)}")
        return page

    async def warehouse(self, return_id: str, what: str, lines: list[dict[str, object]]) -> None:
        """What a warehouse's own system tells."""
        async with self.stage.database.begin() as session:
            secret = await create_token(session, "warehouse", Role.WAREHOUSE)
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, timeout=20) as http:
            answer = await http.post(f"/v1/returns/{return_id}/{what}", json={"lines": lines})
        assert answer.status_code == 200, answer.text

    async def flow_of(self, order: str) -> Flow:
        """The newest flow on an order."""
        async with self.stage.database.begin() as session:
            query = select(Flow).where(col(Flow.order_number) == order).order_by(col(Flow.opened_at).desc()).limit(1)
            return (await session.execute(query)).scalar_one()

    async def decline(self, item_id: str, login: str) -> None:
        """An agent lets an offer pass behind the back of their desk, as if in another window."""
        async with self.stage.database.begin() as session:
            item = await session.get_one(WorkItem, item_id)
            await decline(session, item_id, item.agent_id or "", item.version, f"declined by {login}")
        self.stage.relay.poke()

    async def item(self, item_id: str) -> WorkItem:
        """The work item as it is now."""
        async with self.stage.database.begin() as session:
            return await session.get_one(WorkItem, item_id)


def _signed_in(who: Scenario) -> str:
    now, lifetime = datetime.now(UTC), timedelta(minutes=5)
    return mint_customer_token(KEY, who.customer_id, who.email, now=now, lifetime=lifetime)


@asynccontextmanager
async def standing(database_url: str, temporal_address: str, browser: Browser) -> AsyncIterator[Stand]:
    """Pools, API and pages on an empty, migrated database."""
    settings = ApiSettings(
        database_url=database_url,
        secret_key=KEY,
        temporal_address=temporal_address,
        smtp_listen_port=0,
        database_pool_size=10,
    )
    async with AsyncExitStack() as stack:
        database = Database(database_url)
        stack.push_async_callback(database.close)
        stage = await stack.enter_async_context(set_stage(database, temporal_address, policy(), channels=_CHANNELS))
        await load_demo_shop(database, datetime.now(UTC))
        ground = await stack.enter_async_context(served(create_app(settings), database))
        yield Stand(url=str(ground.http.base_url).rstrip("/"), stage=stage, browser=browser)


def policy() -> Policy:
    """The policy of these tests."""
    return read_policy(POLICY)

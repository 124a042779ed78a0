"""Pictures of the running system for the README: `python -m tests.browser.pictures`.

Everything is real: a world of its own with all pools, the local assistant, and people who work in the browser or over
the API that the browser uses. The pictures replace those in `docs/pictures`.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page, expect

from cli.demo.agent import DeskAgent
from cli.demo.chat import ChatCustomer, customer_token
from cli.demo.people import Person
from cli.demo.world import World, raise_world
from cli.local.ports import free_port
from cli.local.postgres import LocalPostgres
from cli.local.services import Services
from cli.local.temporal import LocalTemporal
from domain.front_door import FrontDoor
from domain.parties import Role
from integrations.shop.scenarios import (
    EXCEPTION,
    GOLD_RETURN,
    GUEST,
    LATE,
    PLAIN,
    SPLIT_SHIPMENT,
    TWO_OPEN,
    VIP,
    Scenario,
)
from tests.browser.chromium import launched
from tests.browser.palette import made_small
from tests.fakes.smtp import FakeSmtpServer

_PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
_POLICY = Path(__file__).with_name("pictures.yaml")
_SIZE = {"width": 1280, "height": 800}
_PHONE = {"width": 390, "height": 844}
_PASSWORD = "only for pictures"
_COMPLAINT = (
    f"I want to complain about {VIP.order_number}: the down jacket in it has a torn sleeve. This is the second time "
    "that something is wrong. I am really disappointed, this is unacceptable!"
)
_PROMISE = "Hello Robin, this is Jules. I am so sorry. A new jacket leaves our warehouse today, at no cost."
_QUESTIONS = (
    "How do I wash merino wool without shrinking it?",
    "Is the rain jacket waterproof?",
    "Which size of the hiking boots do I need?",
    "How do I care for the down jacket?",
    "Do you gift wrap?",
)
_DRAFT = "I will write to you with the tracking number within two hours."


async def main() -> None:
    """Take all pictures."""
    expect.set_options(timeout=30_000)
    _PICTURES.mkdir(parents=True, exist_ok=True)
    async with _world() as world, launched() as browser:
        shop = Shop(world, browser)
        await shop.furnish()
        await shop.take_all()


@dataclass
class Shop:
    """The shop in the pictures."""

    world: World
    browser: Browser
    others: list[DeskAgent] = field(default_factory=list)

    async def furnish(self) -> None:
        """Its policy and its people."""
        admin = {"Authorization": f"Bearer {self.world.staff.admin_token}"}
        async with httpx.AsyncClient(base_url=self.world.services.public_url, headers=admin, timeout=30) as http:
            yaml = {"Content-Type": "text/yaml"}
            _done(await http.post("/v1/admin/policy", content=_POLICY.read_bytes(), headers=yaml))
            staff = self.world.staff
            every = ["support", "seniors", "returns"]
            await _settle(http, staff.jules, teams=every, capacity=6, skills={"complaints": 5}, languages=["en", "de"])
            await _settle(http, staff.nico, teams=["support"], capacity=2)
            await _settle(http, staff.lead, teams=every)
            for name, teams in (("Ines", ["returns", "support"]), ("Tove", ["seniors"])):
                body = {"name": name, "login": name.lower(), "password": _PASSWORD, "teams": teams, "capacity": 4}
                _done(await http.post("/v1/admin/agents", json=body))

    async def take_all(self) -> None:
        """A morning in the shop: pictures are taken as it goes."""
        async with AsyncExitStack() as stack:
            jules = await self._signed_in(self.world.staff.jules.login, self.world.staff.jules.password)
            await jules.keyboard.press("1")
            await self.picture_draft(stack, jules)
            await self.picture_assistant(stack, jules)
            vip = await self._case(stack, VIP, _COMPLAINT)
            await self._accept(jules)
            await self._answer(jules, _PROMISE)
            await vip.gets(1)
            await vip.say("Thank you, Jules. I need it on Saturday, please do not let me down.")
            await self._others(stack, jules)
            await self._picture_desk(jules)
            await self._picture_floor(stack)
            await self._picture_policy()
            await self._picture_chat(stack, jules)
            await self.picture_flows(stack, jules)

    async def picture_draft(self, stack: AsyncExitStack, jules: Page) -> None:
        """The AI has drafted an answer, and an agent reads it before it is sent."""
        await self._case(stack, SPLIT_SHIPMENT, _QUESTIONS[0])
        await self._drafted(jules)
        await _picture(jules, "draft")
        await jules.keyboard.press("s")
        await expect(jules.locator("#review")).to_be_hidden()

    async def picture_assistant(self, stack: AsyncExitStack, jules: Page) -> None:
        """What became of some drafts, as leads see it."""
        for question, key in zip(_QUESTIONS[1:], "ssmq", strict=True):
            await self._case(stack, None, question)
            await self._drafted(jules)
            await jules.keyboard.press(key)
            if key == "m":
                await jules.keyboard.type("Hello, this is Jules. ")
                await jules.keyboard.press("Control+Enter")
            if key == "q":
                await jules.keyboard.press("Enter")
            await expect(jules.locator("#review")).to_be_hidden()
        await self._answer(jules, "We do, for 3 euros.")
        await jules.keyboard.press("Escape")
        await jules.keyboard.press("e")
        await jules.keyboard.press("Enter")
        await expect(jules.locator("#work")).to_contain_text("You hold no case.")
        page = await self._signed_in(self.world.staff.lead.login, self.world.staff.lead.password, "/desk/assistant")
        await expect(page.locator("#cells .bar-of")).to_be_visible()
        await _picture(page, "assistant")

    @staticmethod
    async def _drafted(desk: Page) -> None:
        await expect(desk.locator(".card.offer")).to_be_visible()
        await desk.locator("#timeline").focus()
        await desk.keyboard.press("a")
        await expect(desk.locator("#review")).to_be_focused()

    async def _others(self, stack: AsyncExitStack, jules: Page) -> None:
        """More work: one case parked, some to pick, and an offer on the table."""
        await self._case(stack, LATE, f"My order {LATE.order_number} is late. I want to talk to a human please.")
        await self._accept(jules)
        await jules.keyboard.press("Escape")
        await jules.keyboard.press("z")
        await jules.keyboard.press("1")
        await expect(jules.locator("#work")).to_contain_text("comes back in")
        await self._case(stack, GOLD_RETURN, f"I want to return everything of {GOLD_RETURN.order_number}, how?")
        await self._case(stack, EXCEPTION, f"Can I exchange the boots of {EXCEPTION.order_number} for a smaller size?")
        await expect(jules.locator(".picking li")).to_have_count(2)
        await self._case(stack, TWO_OPEN, f"Let me talk to a person about {TWO_OPEN.order_number}.")
        await self._accept(jules)
        await self._answer(jules, "Hello Kim, this is Jules. I am asking the warehouse and will be back in a moment.")
        await self._case(stack, PLAIN, f"I want to complain about {PLAIN.order_number}, nobody answers me!")
        await expect(jules.locator(".card.offer")).to_be_visible()

    async def _picture_desk(self, jules: Page) -> None:
        await jules.locator(".card:not(.offer) .opener", has_text="Robin").click()
        await expect(jules.locator("#head")).to_contain_text("Robin")
        await jules.keyboard.press("r")
        await jules.keyboard.type(_DRAFT)
        await expect(jules.locator(".promising")).to_be_visible()
        await jules.keyboard.press("Control+k")
        await jules.locator(".considered summary").click()
        await jules.focus("#text")
        await _picture(jules, "desk")
        await jules.keyboard.press("Control+Enter")
        await expect(jules.locator(".owed")).to_contain_text("tracking number")

    async def _picture_floor(self, stack: AsyncExitStack) -> None:
        world = self.world
        for login, presence in (("ines", "available"), ("tove", "break")):
            person = Person(agent_id="", name="", login=login, password=_PASSWORD, role=Role.AGENT)
            agent = await stack.enter_async_context(world.at_desk(person))
            await agent.be(presence)
            self.others.append(agent)
        nico = await stack.enter_async_context(world.at_desk(world.staff.nico))
        await self._case(stack, GUEST, "I want to talk to a human, please.")
        await _takes_next(nico)
        floor = await self._signed_in(world.staff.lead.login, world.staff.lead.password, "/desk/floor")
        await expect(floor.locator("#people tr", has_text="Jules")).to_contain_text("Robin")
        await expect(floor.locator("#risks .chip").first).to_be_visible(timeout=60_000)
        await _picture(floor, "floor")

    async def _picture_policy(self) -> None:
        admin = self.world.staff.admin
        page = await self._signed_in(admin.login, admin.password, "/admin/policy")
        await expect(page.locator("[data-cell='complaint x vip']")).to_be_visible()
        await _picture(page, "policy")

    async def picture_flows(self, stack: AsyncExitStack, jules: Page) -> None:
        """A customer sends something back on their own page, and an agent sees it beside the case."""
        page = await (await self.browser.new_context(viewport=_PHONE, locale="en-GB")).new_page()
        await page.goto(_link(self.world.services, VIP))
        await page.get_by_role("button", name="Send something back").click()
        await page.get_by_role("checkbox").first.check()
        await page.get_by_label("As store credit").check()
        await page.get_by_role("button", name="Read it through").click()
        await page.get_by_role("button", name="Yes, do this").click()
        await expect(page.locator(".flow .label strong")).not_to_be_empty()
        await page.evaluate("scrollTo(0, 0)")
        await _picture(page, "portal")
        await self._case(stack, VIP, f"Can I still change something about {VIP.order_number}? Let me talk to a human.")
        await jules.locator(".card .opener", has_text="Robin").first.click()
        await expect(jules.locator(".offers li").first).to_be_visible()
        await jules.locator(".orders").scroll_into_view_if_needed()
        await jules.locator(".orders summary").first.focus()
        await jules.evaluate("document.querySelector('.orders').scrollIntoView()")
        await _picture(jules, "flows")

    async def _picture_chat(self, stack: AsyncExitStack, jules: Page) -> None:
        """Everybody is busy, and others wait: the customer is told where they stand."""
        await jules.keyboard.press("Escape")
        await jules.keyboard.press("2")
        for agent in self.others:
            await agent.be("busy")
        for _ in range(2):
            await self._case(stack, None, "I want to talk to a human, please.")
        token = customer_token(self.world.services.secret_key, SPLIT_SHIPMENT)
        page = await (await self.browser.new_context(viewport=_SIZE, locale="en-GB")).new_page()
        await page.goto(f"{self.world.services.public_url}/chat?open=1&customer={token}")
        box = page.get_by_label("Your message")
        await box.fill(f"Where is my order {SPLIT_SHIPMENT.order_number}?")
        await box.press("Enter")
        await expect(page.locator(".bubble.ai")).to_be_visible()
        await box.fill("I would rather talk to a human about it, please.")
        await box.press("Enter")
        await expect(page.locator(".queue")).to_contain_text(re.compile(r"\d"))
        await _picture(page, "chat")

    async def _case(self, stack: AsyncExitStack, who: Scenario | None, text: str) -> ChatCustomer:
        customer = await stack.enter_async_context(self.world.chat(who))
        await customer.say(text)
        return customer

    @staticmethod
    async def _accept(desk: Page) -> None:
        await expect(desk.locator(".card.offer")).to_be_visible()
        await desk.locator("#timeline").focus()
        await desk.keyboard.press("a")
        await expect(desk.locator("#text")).to_be_focused()

    @staticmethod
    async def _answer(desk: Page, text: str) -> None:
        await desk.keyboard.type(text)
        await desk.keyboard.press("Control+Enter")
        await expect(desk.locator("#text")).to_have_value("")

    async def _signed_in(self, login: str, password: str, path: str = "/desk") -> Page:
        page = await (await self.browser.new_context(viewport=_SIZE, locale="en-GB")).new_page()
        await page.goto(f"{self.world.services.public_url}/desk/sign-in")
        await page.fill("#login", login)
        await page.fill("#password", password)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk")
        if path != "/desk":
            await page.goto(f"{self.world.services.public_url}{path}")
        else:
            await expect(page.locator("#link")).to_have_text("live")
        return page


def _link(services: Services, who: Scenario) -> str:
    door = FrontDoor(public_url=services.public_url, secret_key=services.secret_key)
    return door.portal(who.customer_id, who.order_number, "", datetime.now(UTC), 1)


async def _takes_next(agent: DeskAgent) -> None:
    """Wait until the agent is offered something, and take it."""
    async with asyncio.timeout(30):
        while not (offers := (await agent.work())["offers"]):  # noqa: ASYNC110 - what is waited for is on a server
            await asyncio.sleep(0.2)
    await agent.accept(offers[0]["interaction_id"])


async def _settle(http: httpx.AsyncClient, person: Person, **settings: object) -> None:
    _done(await http.patch(f"/v1/admin/agents/{person.agent_id}", json=settings))


def _done(answer: httpx.Response) -> None:
    if answer.is_error:
        raise RuntimeError(answer.text)


async def _picture(page: Page, name: str) -> None:
    """A PNG of what the page shows."""
    path = _PICTURES / f"{name}.png"
    decoder = await (await page.context.browser.new_context()).new_page()  # the page's own policy forbids data: URLs
    path.write_bytes(await made_small(await page.screenshot(animations="disabled"), decoder))
    await decoder.context.close()
    print(f"docs/pictures/{path.name}: {path.stat().st_size // 1024} KB")


@asynccontextmanager
async def _world() -> AsyncIterator[World]:
    """A world of its own, in a temporary directory."""
    printed: list[str] = []
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-pictures-")))
        postgres = stack.enter_context(LocalPostgres(directory / "postgres", durable=False))
        postgres.create_database("pictures")
        temporal = await stack.enter_async_context(LocalTemporal(directory / "temporal.db", headless=True))
        services = Services(
            database_url=postgres.url("pictures"),
            temporal_address=temporal.address,
            temporal_namespace="default",
            temporal_ui_url="",
            temporal=temporal,
            http_port=free_port(),
            smtp_listen_port=free_port(),
            secret_key="a secret of the pictures, and only of the pictures",
        )
        yield await stack.enter_async_context(raise_world(services, FakeSmtpServer(), printed.append))


if __name__ == "__main__":
    asyncio.run(main())

"""How leads steer the AI, in a real browser: its switches, its readiness, its gaps. By the keyboard."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from domain.modes import EVERY_CELL, Mode
from domain.parties import Role
from domain.proposal import Question
from domain.readiness import RejectionReason, Verdict
from store.ids import new_id
from store.interactions import Interaction
from store.knowledge_gaps import note_gap
from store.locking import database_now
from store.speaking import Draft, DraftState
from store.stopping import start_ai
from tests.browser.stand import Stand

_CELL, _SHOWN = "change_order x any", "change order x any"


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def the_ai_is_on_afterwards(stand: Stand) -> AsyncIterator[None]:
    """Whatever a test stops, the next one finds the AI on."""
    yield
    async with stand.stage.database.begin() as session:
        for cell in (EVERY_CELL, _CELL):
            await start_ai(session, cell, "test")


async def at_the_page(stand: Stand, login: str, role: Role = Role.LEAD) -> Page:
    """Somebody who has opened the assistant's page."""
    await stand.hire(login, "floor", role=role)
    return await stand.sign_in(login, "/desk/assistant")


async def press(page: Page, name: str) -> None:
    """Find a button by its name, see that the focus is visible, and press it by the keyboard."""
    button = page.get_by_role("button", name=name, exact=True)
    await button.focus()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Tab")
    await expect(button).to_be_focused()
    assert await button.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    await page.keyboard.press("Enter")


async def test_the_ai_is_stopped_everywhere_with_a_reason_and_people_get_what_it_had(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand.stage.assistant, "answer", lambda _: Question(text="Which order is it about?"))
    await stand.hire("hal", "stopping")
    desk = await stand.at_desk("hal")
    chat = await stand.chat("change_order please")
    await expect(chat.locator(".bubble.ai")).to_contain_text("Which order is it about?")
    page = await at_the_page(stand, "ida")
    await expect(page.locator("#switch")).to_contain_text("The AI is on")
    await press(page, "Stop the AI everywhere")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()  # no stop without a reason
    await page.keyboard.type("It quotes last year's prices")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#status")).to_contain_text("Stopped everywhere.")
    await expect(page.locator("#switch")).to_contain_text("The AI is stopped")
    await expect(page.locator("#switch")).to_contain_text("It quotes last year's prices")
    await expect(page.locator("#cells tbody tr").first).to_contain_text("stopped")
    await expect(page.locator("#switch")).to_contain_text("by Ida")
    await expect(page.locator("#cells button")).to_have_count(0)
    offer = desk.locator(".card.offer")
    await expect(offer).to_contain_text("The AI was switched off")
    await press(page, "Start it again")
    await page.keyboard.press("Enter")
    await expect(page.locator("#switch")).to_contain_text("The AI is on")
    await expect(offer).to_be_visible()  # what people have stays theirs


async def test_a_cell_is_stopped_by_itself_and_others_go_on(stand: Stand) -> None:
    page = await at_the_page(stand, "jon")
    row = page.locator("#cells tr", has=page.get_by_role("rowheader", name=_SHOWN))
    await row.get_by_role("button", name=f"Stop {_SHOWN}").press("Enter")
    await page.keyboard.type("Too sure of itself")
    await page.keyboard.press("Control+Enter")
    await expect(row).to_contain_text("stopped")
    await expect(page.locator("#switch")).to_contain_text("The AI is on")
    await expect(page.locator("#switch li")).to_contain_text("Too sure of itself")
    await expect(page.locator("#cells tr.offline")).to_have_count(1)
    await row.get_by_role("button", name=f"Start {_SHOWN}").press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator("#cells tr.offline")).to_have_count(0)


async def test_each_cell_shows_what_became_of_its_drafts_and_what_is_proposed(stand: Stand) -> None:
    chat = await stand.chat("account: I cannot sign in")
    await expect(chat.locator(".queue")).to_be_visible()
    await judged(stand, "delivery x any", sent=31, edited=1, rejected=0)
    await judged(stand, "cancel_order x any", sent=3, edited=2, rejected=9)
    page = await at_the_page(stand, "kai")
    good = page.locator("#cells tr", has=page.get_by_role("rowheader", name="delivery x any"))
    await expect(good).to_contain_text("31 unchanged, 1 edited")
    widths = await good.locator(".bar-of i").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    assert widths[0] > 8 * widths[1]
    await expect(good).to_contain_text("Ready for auto")
    await expect(good).to_contain_text("97% of 32 went out unchanged")
    bad = page.locator("#cells tr", has=page.get_by_role("rowheader", name="cancel order x any"))
    await expect(bad).to_contain_text("9 of 14 were wrong")
    await expect(bad.locator("code")).to_have_text("matrix.cancel_order.any[0].mode: shadow")


async def test_questions_without_an_article_are_listed_by_topic(stand: Stand) -> None:
    chat = await stand.chat("account: can I have it engraved?")
    await expect(chat.locator(".queue")).to_be_visible()
    interaction = (await stand.stage.interactions())[-1]
    async with stand.stage.database.begin() as session:
        await note_gap(session, await session.get_one(Interaction, interaction.id), new_id(), "engraving")
    page = await at_the_page(stand, "lou")
    await expect(page.locator("#gaps .line", has_text="engraving")).to_contain_text("1 time")


async def test_an_agent_is_told_kindly_that_the_page_is_for_leads(stand: Stand) -> None:
    page = await at_the_page(stand, "mia", Role.AGENT)
    await expect(page.locator("#status")).to_have_text("This page is for leads and admins.")
    await expect(page.get_by_role("heading", name="The switch")).to_be_hidden()
    await expect(page.locator("main").get_by_role("link", name="desk")).to_be_visible()


async def test_the_page_fits_a_phone(stand: Stand) -> None:
    page = await at_the_page(stand, "noa")
    await page.set_viewport_size({"width": 360, "height": 740})
    button = page.get_by_role("button", name=f"Stop {_SHOWN}")
    await button.scroll_into_view_if_needed()
    await expect(button).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def judged(stand: Stand, cell: str, **verdicts: int) -> None:
    """Drafts of a cell that agents have judged."""
    interaction = (await stand.stage.interactions())[-1]
    async with stand.stage.database.begin() as session:
        now = await database_now(session)
        for verdict in (Verdict(name) for name, number in verdicts.items() for _ in range(number)):
            why = RejectionReason.WRONG.value if verdict is Verdict.REJECTED else ""
            state = DraftState.REJECTED if verdict is Verdict.REJECTED else DraftState.POSTED
            draft = Draft(
                interaction_id=interaction.id, answers_seq=1, body="Two days.", mode=Mode.DRAFT.value, cell=cell,
                state=state.value, verdict=verdict.value, why=why, judged_at=now,
            )  # fmt: skip
            session.add(draft)

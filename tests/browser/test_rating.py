"""The page of a rating in a real browser: on a phone, and by the keyboard alone."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, expect

from domain.front_door import FrontDoor
from domain.interaction import Resolution
from store.customers import lock_customer
from store.interactions import customer_of, lock_interaction, resolve
from store.satisfaction import Satisfaction
from store.speaking import conversation_of
from tests.api.ground import KEY
from tests.browser.stand import Stand


async def asked(stand: Stand) -> Page:
    """A customer who has opened the link of the question, on a phone."""
    chat = await stand.chat("account: thank you, it works")
    await expect(chat.locator(".queue")).to_be_visible()
    interaction_id = (await stand.stage.interactions())[-1].id
    now = datetime.now(UTC)
    async with stand.stage.database.begin() as session:
        await lock_customer(session, await customer_of(session, interaction_id))
        row = await lock_interaction(session, interaction_id)
        await resolve(session, row, Resolution.CONFIRMED)
        question = Satisfaction(
            interaction_id=row.id, customer_id=row.customer_id, state="asked", resolved_by="ai", asked_at=now,
            conversation_id=await conversation_of(session, row.id), open_until=now + timedelta(hours=1),
        )  # fmt: skip
        session.add(question)
    link = FrontDoor(public_url=stand.url, secret_key=KEY).rating(interaction_id, now + timedelta(hours=1))
    page = await (await stand.context()).new_page()
    await page.set_viewport_size({"width": 360, "height": 640})
    await page.goto(link)
    return page


async def test_a_rating_with_a_comment_is_given_by_the_keyboard_on_a_phone(stand: Stand) -> None:
    page = await asked(stand)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    for number in range(1, 6):
        await page.keyboard.press("Tab")
        score = page.locator(":focus")
        await expect(score).to_have_text(str(number))
        assert await score.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
        assert await score.evaluate("node => node.getBoundingClientRect().height") >= 44
    await page.keyboard.press("Tab")
    await page.keyboard.type("Quick and kind.")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_be_visible()
    await expect(page.get_by_role("button")).to_have_count(0)
    interaction_id = (await stand.stage.interactions())[-1].id
    async with stand.stage.database.begin() as session:
        answer = await session.get_one(Satisfaction, interaction_id)
    assert (answer.score, answer.comment) == (5, "Quick and kind.")

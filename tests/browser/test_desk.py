"""What agents see at the desk, in a real browser: offers, replies, promises, and what survives a reload."""

import re

from playwright.async_api import expect

from tests.browser.stand import Stand


async def test_an_offer_appears_is_accepted_answered_and_resolved_and_the_customer_reads_it(stand: Stand) -> None:
    await stand.hire("ada", "answering")
    desk = await stand.at_desk("ada")
    chat = await stand.chat("I have a complaint about my boots")
    offer = desk.locator(".card.offer")
    await expect(offer).to_contain_text("Complaint · chat")
    await expect(offer.get_by_role("timer")).to_have_attribute("aria-label", re.compile(r"\d+ seconds left"))
    await desk.keyboard.press("a")
    await expect(desk.locator("#text")).to_be_focused()
    await expect(desk.locator(".timeline .said.customer")).to_contain_text("I have a complaint about my boots")
    await expect(desk.locator(".why-me")).to_contain_text("The only one here with room who could take it")
    await desk.keyboard.type("A new pair leaves us today.")
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator(".timeline .said.agent .delivery")).to_have_text(re.compile("sent|delivered|read"))
    answer = chat.locator(".bubble.agent")
    await expect(answer).to_contain_text("A new pair leaves us today.")
    await expect(answer).to_contain_text("Ada")
    await desk.keyboard.press("Escape")
    await desk.keyboard.press("e")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("#status")).to_have_text("Resolved.")
    await expect(desk.locator("#work")).to_contain_text("You hold no case.")
    await expect(chat.get_by_text("Marked as solved.")).to_be_visible()


async def test_whoever_clicks_late_sees_the_offer_vanish_and_is_told_why(stand: Stand) -> None:
    await stand.hire("bea", "racing")
    lea = await stand.hire("lea", "racing")
    desk = await stand.at_desk("bea")
    await stand.chat("Give me a refund")
    offer = desk.locator(".card.offer")
    await expect(offer).to_be_visible()
    item_id = await offer.get_attribute("data-item")
    await desk.route("**/v1/desk/work", lambda route: route.abort())  # this desk hears of nothing for a moment
    second = await stand.at_desk("lea")
    await stand.decline(item_id or "", "bea")
    await expect(second.locator(f".card.offer[data-item='{item_id}']")).to_be_visible()
    await second.keyboard.press("a")
    await expect(second.locator("#text")).to_be_focused()
    await offer.get_by_role("button", name="Accept").click()
    await desk.unroute("**/v1/desk/work")
    await expect(desk.locator("#status")).to_have_text(
        "Another agent was faster, or was asked after your time ran out."
    )
    await expect(offer).to_have_count(0)
    assert (await stand.item(item_id or "")).agent_id == lea.id


async def test_text_that_was_typed_survives_a_reload_and_is_sent_once(stand: Stand) -> None:
    await stand.hire("cem", "typing")
    desk = await stand.at_desk("cem")
    chat = await stand.chat("A question about billing")
    await expect(desk.locator(".card.offer")).to_be_visible()
    await desk.keyboard.press("a")
    await expect(desk.locator("#text")).to_be_focused()
    await desk.keyboard.type("You will get your money back by Friday.")
    await desk.reload()
    await expect(desk.locator("#text")).to_have_value("You will get your money back by Friday.")
    promise = desk.locator(".promising")
    await expect(promise).to_contain_text("Make it a commitment")
    await desk.keyboard.press("r")
    await desk.keyboard.press("Control+k")
    await expect(promise.get_by_role("checkbox")).to_be_checked()
    await desk.route("**/reply", lambda route: route.abort(), times=1)  # the line breaks as it is sent
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#status")).to_contain_text("On its way to the customer. Promised until")
    await expect(desk.locator("#text")).to_have_value("")
    await expect(desk.locator(".owed")).to_contain_text("You will get your money back by Friday.")
    await expect(chat.locator(".bubble.agent")).to_have_count(1)


async def test_work_to_pick_is_taken_snoozed_until_the_customer_answers_and_comes_back(stand: Stand) -> None:
    await stand.hire("dana", "picking")
    desk = await stand.at_desk("dana")
    chat = await stand.chat("An exchange please")
    await expect(desk.locator(".picking")).to_contain_text("Exchange · chat")
    await desk.keyboard.press("n")
    await expect(desk.locator("#text")).to_be_focused()
    await desk.keyboard.press("Escape")
    await desk.keyboard.press("z")
    await desk.keyboard.press("3")
    await expect(desk.locator("#work")).to_contain_text("until the customer answers")
    await chat.get_by_label("Your message").fill("In blue")
    await chat.get_by_label("Your message").press("Enter")
    await expect(desk.locator(".card:not(.quiet)")).to_contain_text("Exchange · chat")

"""What leads see and do on the floor, in a real browser."""

from playwright.async_api import expect

from domain.parties import Role
from tests.browser.stand import Stand


async def test_a_lead_sees_who_holds_what_and_takes_a_case_back(stand: Stand) -> None:
    await stand.hire("eve", "floor")
    await stand.hire("max", "floor", role=Role.LEAD)
    desk = await stand.at_desk("eve")
    floor = await stand.sign_in("max", "/desk/floor")
    row = floor.locator("tr", has_text="Eve")
    await expect(row).to_contain_text("Available")
    await stand.chat("My subscription")
    held = row.locator("[data-item]")
    await expect(held).to_contain_text("Subscription · chat")
    await desk.keyboard.press("3")
    await expect(row).to_contain_text("On a break")
    await held.focus()
    await floor.keyboard.press("t")
    await floor.keyboard.press("Enter")
    await expect(floor.locator("#status")).to_have_text("Back in the queue, at its old place.")
    await expect(floor.locator("#waiting")).to_contain_text("Subscription · chat")
    await expect(desk.locator("#work")).to_contain_text("You hold no case.")


async def test_the_floor_tells_an_agent_that_it_is_for_leads(stand: Stand) -> None:
    await stand.hire("finn", "floor")
    floor = await stand.sign_in("finn", "/desk/floor")
    await expect(floor.locator("#status")).to_contain_text("The floor is for leads and admins.")

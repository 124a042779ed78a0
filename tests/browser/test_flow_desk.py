"""Flows at the desk in a real browser: what policy says beside each button, tasks, counting, and the link."""

import re

from playwright.async_api import Page, expect

from domain.parties import Role
from integrations.shop.scenarios import EXCEPTION, SPLIT_SHIPMENT, TWO_OPEN, VIP, Scenario
from tests.browser.stand import Stand
from tests.browser.test_attachments import PHOTO
from tests.browser.test_portal import read_back

_LOADED = "image => image.complete && image.naturalWidth > 0"


async def at_case(stand: Stand, login: str, who: Scenario, *teams: str) -> Page:
    """An agent who has the case of a proven customer before them."""
    await stand.hire(login, *teams)
    desk = await stand.at_desk(login)
    await stand.chat("return: it does not fit", who)
    await expect(desk.locator(".orders .offers li").first).to_be_visible(timeout=30_000)
    return desk


async def test_an_agent_reads_the_verdict_asks_counts_what_came_back_and_sees_it_settled(stand: Stand) -> None:
    desk = await at_case(stand, "ole", SPLIT_SHIPMENT, "asking")
    offers = desk.locator(".orders .offers").first
    await expect(offers.locator("li", has_text="Return")).to_contain_text(re.compile(r"\d+\.\d\d back"))
    cancel = offers.locator("li", has_text="Cancel")
    await expect(cancel.get_by_role("button")).to_be_disabled()
    await expect(cancel).to_contain_text("not possible")
    await offers.get_by_role("button", name="Return").click()
    dialog = desk.get_by_role("dialog")
    await expect(dialog.locator(".refused")).to_contain_text("not been delivered")
    await dialog.get_by_role("checkbox").first.check()
    await expect(dialog.locator(".verdict")).to_contain_text("back")
    await dialog.get_by_role("button", name="Ask for it").click()
    await expect(desk.locator(".flow.open")).to_contain_text("waits for the parcel")
    row = await stand.flow_of(SPLIT_SHIPMENT.order_number)
    [item] = row.request["items"]  # type: ignore[misc]
    await stand.warehouse(str(row.facts["return_id"]), "received", [{"line_id": item["line_id"], "received": 1}])
    task = desk.locator(".card.task", has_text=SPLIT_SHIPMENT.order_number)
    await expect(task).to_contain_text("Inspect what came back")
    await task.get_by_role("button", name="Count it").click()
    await dialog.get_by_label(re.compile("^As it should be")).fill("1")
    await dialog.get_by_role("button", name="Save the counts").click()
    await expect(desk.locator(".flow.settled")).to_contain_text("Paid back")
    await expect(task).to_have_count(0)


async def test_a_photo_is_judged_beside_its_picture(stand: Stand) -> None:
    await stand.hire("pia", "judging", role=Role.LEAD)
    desk = await stand.at_desk("pia")
    order = VIP.order_numbers[3]
    page = await stand.portal(VIP, order=order)
    await page.get_by_role("button", name="Report a problem").click()
    await page.get_by_role("checkbox").first.check()
    await read_back(page)
    await page.get_by_role("button", name="Yes, do this").click()
    await page.get_by_label("A photo of what is wrong").set_input_files(PHOTO)
    await page.get_by_role("button", name="Send the photo").click()
    task = desk.locator(".card.task", has_text=order)
    await expect(task).to_contain_text("Look at the photo and decide")
    picture = task.locator("img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate(_LOADED)
    await task.get_by_role("button", name="Approve").click()
    await desk.get_by_role("dialog").get_by_role("textbox").fill("A new one is on its way.")
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#status")).to_have_text("Approved.")
    await expect(task).to_have_count(0)
    await expect(page.locator(".flow")).to_contain_text("A person has looked at it and said yes.")
    await expect(page.locator(".flow .headline")).to_have_text("Done")


async def test_nobody_approves_what_they_have_asked_for(stand: Stand) -> None:
    desk = await at_case(stand, "rik", TWO_OPEN, "asking", "approving")
    await desk.get_by_role("button", name="Cancel", exact=True).first.click()
    await desk.get_by_role("dialog").get_by_role("button", name="Ask for it").click()
    task = desk.locator(".card.task", has_text=TWO_OPEN.order_number)
    await expect(task).to_contain_text("You have asked for this yourself")
    await expect(task.get_by_role("button")).to_have_count(0)
    await stand.hire("lin", "approving", role=Role.ADMIN)
    other = await stand.at_desk("lin")
    theirs = other.locator(".card.task", has_text=TWO_OPEN.order_number)
    await theirs.get_by_role("button", name="Refuse").click()
    await other.get_by_role("dialog").get_by_role("button", name="Refuse").click()
    await expect(task).to_have_count(0)
    await expect(desk.locator(".flow.declined")).to_contain_text("not approved")


async def test_a_link_for_the_customer_goes_into_the_reply(stand: Stand) -> None:
    desk = await at_case(stand, "sol", EXCEPTION, "asking")
    await desk.get_by_role("button", name="Link into my reply").first.click()
    await expect(desk.locator("#text")).to_have_value(re.compile(r"/portal/[\w.-]+$"))
    link = await desk.locator("#text").input_value()
    page = await (await stand.context()).new_page()
    await page.goto(stand.url + "/portal/" + link.rpartition("/")[2])
    await expect(page.get_by_role("heading", name=f"Order {EXCEPTION.order_number}")).to_be_visible()

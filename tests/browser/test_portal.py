"""The customer's own page in a real browser, 360 pixels wide: ask, read back, say yes, follow, pay, send a photo."""

import re

from playwright.async_api import Page, expect

from integrations.shop.scenarios import GOLD_RETURN, GUEST, TWO_OPEN, VIP
from tests.browser.stand import Stand
from tests.browser.test_attachments import PHOTO

_WIDTH = "document.documentElement.scrollWidth"


async def read_back(page: Page) -> None:
    """Policy agrees; on to what will happen."""
    button = page.get_by_role("button", name="Read it through")
    await expect(button).to_be_enabled()
    await button.click()
    await expect(page.get_by_role("heading", name="Is this right?")).to_be_focused()


async def test_a_return_is_asked_for_read_back_confirmed_and_followed_to_its_end(stand: Stand) -> None:
    page = await stand.portal(VIP)
    assert "#" not in page.url
    assert page.url.endswith("/portal")
    await expect(page.get_by_role("heading", name=f"Order {VIP.order_number}")).to_be_visible()
    await page.get_by_role("button", name="Send something back").click()
    verdict = page.locator(".verdict")
    await expect(verdict).to_have_text("Please choose at least one item.")
    await expect(page.get_by_role("button", name="Read it through")).to_be_disabled()
    await page.get_by_label(re.compile("Steel|Thermo|Bottle", re.IGNORECASE)).first.check()
    await expect(verdict).to_contain_text(re.compile(r"You get .\d+\.\d\d back"))
    await page.get_by_label("As store credit").check()
    await expect(verdict).to_contain_text("bonus")
    assert await page.evaluate(_WIDTH) <= 360
    await read_back(page)
    await expect(page.locator(".readback")).to_contain_text("as store credit")
    await page.get_by_role("button", name="Yes, do this").click()
    flow = page.locator(".flow.open")
    await expect(flow).to_contain_text("Please send it back")
    await expect(flow.locator(".label strong")).not_to_be_empty()
    await expect(flow).to_contain_text("Until")
    assert await page.evaluate(_WIDTH) <= 360
    row = await stand.flow_of(VIP.order_number)
    [item] = row.request["items"]  # type: ignore[misc]
    counted = [{"line_id": item["line_id"], "received": 1, "accepted": 1}]
    return_id = str(row.facts["return_id"])
    await stand.warehouse(return_id, "received", counted)
    await expect(page.locator(".flow")).to_contain_text("Your parcel has arrived at our warehouse.")
    await stand.warehouse(return_id, "inspected", counted)
    await expect(page.locator(".flow .headline")).to_have_text("Done")
    await expect(page.locator(".flow")).to_contain_text("Paid back:")


async def test_a_dearer_exchange_is_paid_for_on_a_page_and_goes_on(stand: Stand) -> None:
    page = await stand.portal(GOLD_RETURN)
    await page.get_by_role("button", name="Exchange something").click()
    await page.get_by_label("Wool Sweater").first.check()
    await page.get_by_role("searchbox").fill("down jacket")
    await page.get_by_role("button", name="Look").click()
    await expect(page.locator(".verdict")).to_contain_text(re.compile(r"You pay .\d+\.\d\d more"))
    await read_back(page)
    await expect(page.locator(".readback")).to_contain_text(re.compile("becomes .*Down Jacket"))
    await page.get_by_role("button", name="Yes, do this").click()
    await expect(page.locator(".flow .headline")).to_have_text("Please pay the difference")
    await page.get_by_role("link", name=re.compile("^Pay ")).click()
    await page.get_by_role("button", name="Pay by card").click()
    await expect(page.locator("#payment")).to_contain_text("It is paid.")
    await page.go_back()
    await expect(page.locator(".flow")).to_contain_text("Your payment has arrived.")
    await expect(page.locator(".flow .headline")).to_have_text("Please send it back")


async def test_a_claim_asks_for_a_photo_which_is_sent_from_the_page(stand: Stand) -> None:
    page = await stand.portal(GUEST)
    await page.get_by_role("button", name="Report a problem").click()
    await page.get_by_role("checkbox").first.check()
    await read_back(page)
    await page.get_by_role("button", name="Yes, do this").click()
    await expect(page.locator(".flow .headline")).to_have_text("Please send a photo")
    await page.get_by_label("A photo of what is wrong").set_input_files(PHOTO)
    assert await page.evaluate(_WIDTH) <= 360
    await page.get_by_role("button", name="Send the photo").click()
    await expect(page.locator(".flow")).to_contain_text("Your photo has arrived.")
    await expect(page.locator(".flow .headline")).to_have_text(re.compile("A person"))


async def test_what_was_started_is_called_off_after_a_second_thought(stand: Stand) -> None:
    page = await stand.portal(VIP, order=VIP.order_numbers[2])
    await page.get_by_role("button", name="Send something back").click()
    await page.get_by_role("checkbox").first.check()
    await read_back(page)
    await page.get_by_role("button", name="Yes, do this").click()
    await page.get_by_role("button", name="Call it off").click()
    await page.get_by_role("button", name="No").click()
    await page.get_by_role("button", name="Call it off").click()
    await page.get_by_role("button", name="Yes, call it off").click()
    await expect(page.locator(".flow .headline")).to_have_text("Called off")


async def test_the_keyboard_is_enough_and_the_focus_is_never_lost(stand: Stand) -> None:
    page = await stand.portal(TWO_OPEN)
    await page.get_by_role("button", name="Change the address").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Change the address")).to_be_focused()
    for value in ("Kim", "New Street 1", "", "80331", "Munich", "", "DE"):
        await page.keyboard.press("Tab")
        await page.keyboard.press("Control+a")
        await page.keyboard.type(value or " ")
    await expect(page.locator(".verdict")).to_have_text("This is possible.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Is this right?")).to_be_focused()
    await expect(page.locator(".readback")).to_contain_text("New Street 1")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="New delivery address")).to_be_focused()
    mine = page.locator(".flow", has=page.get_by_role("heading", name="New delivery address"))
    await expect(mine.locator(".headline")).to_have_text("Done")


async def test_a_line_that_breaks_while_it_is_sent_starts_it_once(stand: Stand) -> None:
    order = VIP.order_numbers[1]
    page = await stand.portal(VIP, order=order)
    await page.get_by_role("button", name="Send something back").click()
    await page.get_by_role("checkbox").first.check()
    await read_back(page)
    broken: list[str] = []

    async def answer_is_lost(route: object) -> None:
        broken.append("once")
        await route.fetch()  # type: ignore[attr-defined]  # it arrives, and the answer does not
        await route.abort()  # type: ignore[attr-defined]

    await page.route("**/v1/portal/flows", answer_is_lost, times=1)
    await page.get_by_role("button", name="Yes, do this").click()
    await expect(page.locator(".flow")).to_have_count(1)
    assert broken == ["once"]


async def test_without_a_valid_link_the_page_says_what_to_do(stand: Stand) -> None:
    page = await (await stand.context()).new_page()
    for path in ("/portal", "/portal/a.b.c"):
        await page.goto(stand.url + path)
        await expect(page.get_by_role("alert")).to_contain_text(re.compile("link", re.IGNORECASE))
        await expect(page.locator("#order")).to_be_empty()

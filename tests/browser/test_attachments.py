"""A picture on its way from a customer's chat to the person who decides, in a real browser."""

from playwright.async_api import FilePayload, Page, expect

from cli.demo.photo import torn_zip
from tests.browser.stand import Stand

PHOTO = FilePayload(name="zip.png", mimeType="image/png", buffer=torn_zip())
_LOADED = "image => image.complete && image.naturalWidth > 0"


async def attach(chat: Page, *files: FilePayload) -> None:
    """Choose files with the paper-clip."""
    async with chat.expect_file_chooser() as chosen:
        await chat.get_by_role("button", name="Attach pictures").click()
    await (await chosen.value).set_files(list(files))


async def test_a_photo_is_collected_shown_to_who_decides_and_stays_in_the_chat(stand: Stand) -> None:
    await stand.hire("maxi", "deciding")
    desk = await stand.at_desk("maxi")
    chat = await stand.chat("damaged_wrong: the zip is torn")
    await expect(chat.locator(".bubble.ai")).to_contain_text("a photo")
    await attach(chat, PHOTO)
    await expect(chat.locator(".tray canvas")).to_be_visible()
    await chat.get_by_label("Your message").fill("damaged_wrong BT-10708")
    await chat.get_by_label("Your message").press("Enter")
    await expect(chat.locator(".tray")).to_be_hidden()
    await expect(chat.locator(".bubble.customer img")).to_be_visible()
    await desk.get_by_role("button", name="Accept").first.click()
    near = desk.locator("#head .thumbnail")
    await expect(near).to_be_visible()
    assert await near.locator("img").evaluate(_LOADED)
    await desk.locator("#timeline .thumbnail").press("Enter")
    large = desk.locator("#dialog img.large")
    await expect(large).to_be_visible()
    assert await large.get_attribute("alt") == "zip.png"
    await desk.keyboard.press("Escape")
    await expect(desk.locator("#dialog")).to_be_hidden()
    await chat.reload()
    shown = chat.locator(".bubble.customer img")
    await expect(shown).to_be_visible()
    await expect(shown).to_have_js_property("naturalWidth", 320)


async def test_what_cannot_be_sent_or_got_lost_is_said(stand: Stand) -> None:
    chat = await stand.chat("waiting for nobody")
    problem = chat.locator(".attach.problem")
    await attach(chat, FilePayload(name="page.html", mimeType="text/html", buffer=b"<html>"))
    await expect(problem).to_contain_text("page.html")
    await attach(chat, PHOTO, PHOTO)
    await chat.get_by_role("button", name="Remove zip.png").first.click()
    await expect(chat.locator(".tray li")).to_have_count(1)
    await chat.reload()
    await expect(problem).to_contain_text("zip.png")
    await expect(chat.locator(".tray")).to_be_hidden()

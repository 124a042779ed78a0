"""The policy page, in a real browser: a changed cell counts for the next case."""

from playwright.async_api import expect

from domain.parties import Role
from tests.browser.stand import Stand


async def test_a_changed_cell_of_the_policy_is_followed_by_the_next_case(stand: Stand) -> None:
    await stand.hire("gil", "first")
    await stand.hire("hanna", "second")
    await stand.hire("root", "overflow", role=Role.ADMIN)
    first, second = await stand.at_desk("gil"), await stand.at_desk("hanna")
    await stand.chat("A promo code")
    await expect(first.locator(".card")).to_contain_text("Promo · chat")
    page = await stand.sign_in("root", "/admin/policy")
    await page.locator("[data-cell='promo x any']").click()
    cell = page.locator("#cell textarea")
    await cell.fill((await cell.input_value()).replace("queue:first", "queue:second"))
    await page.click("#cell-preview")
    await page.click("#cell-activate:enabled")
    await expect(page.locator("#status")).to_contain_text("is active")
    await stand.chat("Another promo code")
    await expect(second.locator(".card")).to_contain_text("Promo · chat")
    await expect(first.locator(".card")).to_have_count(1)

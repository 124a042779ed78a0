"""What customers who wait see, in a real browser."""

import re

import pytest
from playwright.async_api import expect

from api.routes import conversations
from tests.browser.stand import Stand


async def test_who_waits_is_told_their_place_and_moves_up_as_others_leave(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "_QUEUE_SECONDS", 0.5)
    ahead = await stand.chat("My account is locked")
    await expect(ahead.locator(".queue")).to_be_visible()
    place = re.search(r"number (\d+)", await ahead.locator(".queue").inner_text())
    second = f"number {int(place[1]) + 1 if place else 2}"  # others of other tests may wait before both
    behind = await stand.chat("I cannot find my account")
    banner = behind.locator(".queue")
    await expect(banner).to_contain_text(second)
    await ahead.get_by_role("button", name="Leave the queue").click()
    await ahead.get_by_role("button", name="Yes, leave").click()
    await expect(ahead.locator(".state")).to_contain_text("You have left the queue")
    await expect(banner).not_to_contain_text(second)
    await expect(banner).to_be_visible()

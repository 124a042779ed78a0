"""Mode draft and the copilot as agents meet them at the desk, in a real browser, by the keyboard."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from domain.brief import Brief
from domain.case import Case
from domain.proposal import Citation, CitationKind, Proposal, Reply, Statement
from store.articles import Article
from tests.browser.stand import Stand
from tests.stage import eventually

_ARTICLE = Citation(
    kind=CitationKind.ARTICLE, ref="care", version=2, title="Care and repair", url="https://shop.test/care"
)


def grounded(case: Case) -> Proposal:
    """What the AI would answer to all that is unanswered, with its source."""
    return Reply(statements=(Statement(text=f"About {case.unanswered}: by hand.", citations=(_ARTICLE,)),))


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def answers_are_grounded(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each draft names an article, which is there."""
    monkeypatch.setattr(stand.stage.assistant, "answer", grounded)
    async with stand.stage.database.begin() as session:
        if await session.get(Article, "care") is None:
            known = _ARTICLE.model_dump(include={"version", "title", "url"})
            session.add(Article(article_id="care", slug=_ARTICLE.ref, language="en", body="Wash it by hand.", **known))


async def before_a_draft(stand: Stand, login: str, team: str, text: str) -> tuple[Page, Page]:
    """An agent who has accepted a case in mode draft, and its customer's page."""
    await stand.hire(login, team)
    desk = await stand.at_desk(login)
    chat = await stand.chat(text)
    await expect(desk.locator(".card.offer")).to_contain_text("The AI has drafted an answer")
    await expect(desk.locator("#review")).to_contain_text("Accept the case to send, edit or reject it.")
    await desk.keyboard.press("a")
    await expect(desk.locator("#review")).to_be_focused()
    return desk, chat


async def writes(chat: Page, text: str) -> None:
    """The customer writes again."""
    await chat.get_by_label("Your message").fill(text)
    await chat.get_by_label("Your message").press("Enter")


async def test_a_draft_is_sent_unchanged_as_the_ais_own_word_and_the_case_leaves_the_desk(stand: Stand) -> None:
    desk, chat = await before_a_draft(stand, "ari", "releasing", "delivery to Norway")
    review = desk.locator("#review")
    await expect(review.locator(".text")).to_have_text("About delivery to Norway: by hand.")
    await expect(review.locator("header .ai-mark")).to_be_visible()
    await expect(review.get_by_role("link", name="Care and repair")).to_have_attribute("href", _ARTICLE.url)
    await expect(review).to_contain_text("delivery x any")
    await expect(chat.locator(".bubble.ai")).to_have_count(0)
    await desk.keyboard.press("s")
    await expect(desk.locator("#status")).to_contain_text("The AI goes on with the case.")
    await expect(review).to_be_hidden()
    await expect(desk.locator("#work")).to_contain_text("You hold no case.")
    said = chat.locator(".bubble.ai")
    await expect(said).to_contain_text("About delivery to Norway: by hand.")
    await expect(said.locator(".who")).to_have_text("Test Shop · AI assistant")
    await expect(said).not_to_contain_text("Ari")


async def test_an_edited_draft_survives_a_reload_and_is_read_as_a_persons_word(stand: Stand) -> None:
    desk, chat = await before_a_draft(stand, "bo", "rewording", "product_question: is it wool?")
    await desk.keyboard.press("m")
    words = desk.get_by_label("Your words")
    await expect(words).to_be_focused()
    await desk.keyboard.press("Control+a")
    await desk.keyboard.type("Yes, all wool. ")
    await desk.reload()
    await expect(words).to_have_value("Yes, all wool. ")
    await expect(desk.locator("#review")).to_contain_text("It goes out under your name.")
    await words.focus()
    await desk.keyboard.press("End")
    await desk.keyboard.type("Promised.")
    await desk.route("**/draft/send", lambda route: route.abort(), times=1)
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#status")).to_contain_text("The server cannot be reached.")
    await expect(words).to_have_value("Yes, all wool. Promised.")
    await desk.locator("#review").focus()
    await desk.keyboard.press("s")
    said = chat.locator(".bubble.agent")
    await expect(said).to_contain_text("Yes, all wool. Promised.")
    await expect(said.locator(".who")).to_contain_text("Bo")
    await expect(chat.locator(".bubble.ai")).to_have_count(0)
    await eventually(lambda: desk.evaluate("Object.keys(localStorage).every(key => !key.includes('rewording'))"))


async def test_a_rejected_draft_is_never_said_and_the_agent_answers(stand: Stand) -> None:
    desk, chat = await before_a_draft(stand, "cleo", "rejecting", "cancel_order please")
    await desk.keyboard.press("q")
    await desk.get_by_label("Reason").select_option("The tone")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("#review")).to_be_hidden()
    await expect(desk.locator("#text")).to_be_focused()
    await expect(desk.locator("#timeline")).to_contain_text("rejected the AI's draft")
    await desk.keyboard.type("I have called it off for you.")
    await desk.keyboard.press("Control+Enter")
    await expect(chat.locator(".bubble.agent")).to_contain_text("I have called it off for you.")
    await expect(chat.locator(".bubble.ai")).to_have_count(0)


async def test_who_edits_while_the_customer_writes_keeps_text_and_cursor_and_cannot_send_the_old_draft(
    stand: Stand,
) -> None:
    desk, chat = await before_a_draft(stand, "dag", "overtaking", "site_issue: the cart is empty")
    assistant = stand.stage.assistant
    await desk.keyboard.press("m")
    words = desk.get_by_label("Your words")
    await desk.keyboard.press("Control+a")
    await desk.keyboard.type("Reload it.")
    await desk.keyboard.press("Home")
    assistant.may_compose.clear()
    try:
        await writes(chat, "site_issue on my phone")
        await expect(desk.locator(".drafted.outdated")).to_contain_text("The customer has written since")
        await expect(words).to_be_focused()
        await desk.keyboard.type("Please: ")
        await expect(words).to_have_value("Please: Reload it.")
        await desk.keyboard.press("Control+Enter")
        await expect(desk.locator("#status")).to_contain_text("this is not sent any more")
    finally:
        assistant.may_compose.set()
    fresh = desk.locator(".drafted:not(.outdated)")
    await expect(fresh).to_contain_text("on my phone: by hand.")
    await expect(words).to_be_focused()
    await desk.keyboard.type("Sorry! ")
    await expect(words).to_have_value("Please: Sorry! Reload it.")
    await expect(fresh).not_to_contain_text("Reload it.")
    await expect(desk.get_by_role("button", name="Say this instead")).to_be_visible()
    await desk.keyboard.press("Control+Enter")  # takes the words over, and sends neither them nor the new draft
    await expect(fresh.get_by_label("Your words")).to_be_focused()
    await desk.keyboard.press("Control+Enter")
    await expect(chat.locator(".bubble.agent")).to_contain_text("Please: Sorry! Reload it.")
    await expect(chat.locator(".bubble.ai")).to_have_count(0)


async def test_a_draft_that_the_customer_overtakes_meanwhile_is_refused_kindly(stand: Stand) -> None:
    desk, chat = await before_a_draft(stand, "eli", "overrunning", "other things")
    stand.stage.assistant.may_compose.clear()
    try:
        await desk.route(
            "**/v1/desk/work/*", lambda route: route.abort() if route.request.method == "GET" else route.continue_()
        )
        await writes(chat, "other things by post?")
        await expect(chat.locator(".bubble.customer")).to_have_count(2)
        await desk.keyboard.press("s")
        await expect(desk.locator("#status")).to_contain_text("The customer has written since")
        await desk.unroute("**/v1/desk/work/*")
        await expect(desk.locator(".drafted.outdated")).to_be_visible()
        await expect(desk.locator(".drafted button")).to_have_count(0)
    finally:
        stand.stage.assistant.may_compose.set()
    await expect(desk.locator(".drafted:not(.outdated)")).to_contain_text("by post?")
    await desk.keyboard.press("s")
    await expect(chat.locator(".bubble.ai")).to_contain_text("by post?")
    await expect(chat.locator(".bubble.ai")).to_have_count(1)


async def test_a_fresh_brief_comes_on_request_and_its_suggested_reply_goes_into_the_reply(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stand.hire("fay", "copiloting")
    desk = await stand.at_desk("fay")
    chat = await stand.chat("A human for another size")
    await expect(desk.locator(".card.offer")).to_be_visible()
    await desk.keyboard.press("a")
    await expect(desk.locator("#text")).to_be_focused()

    async def helpful(case: Case) -> Brief:
        words = tuple(Statement(text=turn.text) for turn in case.turns)
        return Brief(
            summary="Wants another size.",
            statements=words,
            suggested_reply="Size 42 is here.",
            suggested_sources=(_ARTICLE,),
        )

    monkeypatch.setattr(stand.stage.assistant, "brief", helpful)
    await desk.keyboard.press("Escape")
    await desk.keyboard.press("h")
    brief = desk.locator(".brief")
    await expect(brief.locator(".summary")).to_have_text("Wants another size.")
    await expect(brief.locator(".draft .text")).to_have_text("Size 42 is here.")
    await expect(brief.locator(".draft .ai-mark")).to_be_visible()
    await expect(brief.get_by_role("link", name="Care and repair")).to_be_visible()
    await desk.keyboard.press("u")
    await expect(desk.locator("#text")).to_be_focused()
    await expect(desk.locator("#text")).to_have_value("Size 42 is here.")
    await desk.keyboard.press("Control+Enter")
    await expect(chat.locator(".bubble.agent .who")).to_have_text(re.compile("Fay"))


async def test_on_a_phone_the_draft_and_its_buttons_are_on_the_screen(stand: Stand) -> None:
    desk, _ = await before_a_draft(stand, "gus", "phoning", "order_status, please")
    for width in (360, 400):
        await desk.set_viewport_size({"width": width, "height": 740})
        for name in ("Send it", "Edit", "Reject"):
            await expect(desk.locator("#review").get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
        await expect(desk.locator("#review .text")).to_be_in_viewport(ratio=1)
        assert await desk.evaluate("document.documentElement.scrollWidth") <= width

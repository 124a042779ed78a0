"""A plan with stages: the AI collects what a decision needs, a person decides, the AI tells."""

from cli.demo.agent import DeskAgent, Item
from cli.demo.chat import ChatCustomer
from cli.demo.checks import check
from cli.demo.photo import torn_zip
from cli.demo.scenarios.closing import goodbye
from cli.demo.world import World
from integrations.shop.scenarios import GUEST

_WORDS = "A new daypack leaves our warehouse today. Keep the old one."


async def damaged_goods(world: World) -> str:
    """Order number and photo are asked for and come with one message; Jules sees them, approves, and the AI tells."""
    photo = torn_zip()
    async with world.at_desk(world.staff.jules) as jules, world.chat(GUEST) as customer:
        question = await customer.ask("Hello, my daypack arrived broken: the zip is torn.")
        for wanted in ("order number", "photo"):
            check(wanted in question.text, f"'{wanted}' in what the AI asks for", question.text)
        check(question.author == "ai", "the AI to ask", question.author)
        await customer.say(f"The order is {GUEST.order_number}, here is a photo of the torn zip.", photo)
        item = await jules.accept(customer.interaction_id)
        await _sees_photo(jules, item, photo)
        await jules.decide(item, _WORDS, approved=True)
        await _is_told(customer)
        await goodbye(customer)
        check(len(customer.answers) == 2, "a question and the decision, nothing else", customer.shown)
    return f"asked for both, {jules.name} saw the photo and approved, the AI told"


async def _sees_photo(jules: DeskAgent, item: Item, photo: bytes) -> None:
    case = await jules.case(item)
    check(case["asks_decision"], "a case that asks for a decision", case["plan"])
    files = [file for entry in case["timeline"] for file in entry["attachments"]]
    check([file["media_type"] for file in files] == ["image/png"], "one picture in the conversation", files)
    check(await jules.looks_at(files[0]) == photo, "the customer's photo, byte for byte")


async def _is_told(customer: ChatCustomer) -> None:
    told = (await customer.gets(2))[1]
    check(told.author == "ai", "the AI to tell it", told.author)
    check("approved" in told.text and _WORDS in told.text, "the decision in the person's words", told.text)
    shown = [file["filename"] for said in customer.seen for file in said.attachments]
    check(shown == ["photo-1.png"], "the photo in the customer's own chat", shown)

"""A long exchange: asked for in the chat, judged by a person, short of stock, paid, reminded, scanned, looked at."""

from collections.abc import Callable

from cli.demo.agent import DeskAgent
from cli.demo.chat import ChatCustomer, Said
from cli.demo.checks import check
from cli.demo.photo import torn_zip
from cli.demo.portal import Flow, PortalPage, portal_link
from cli.demo.scenarios.closing import goodbye
from cli.demo.world import World
from integrations.shop.scenarios import VIP

_WISH = (
    f"I would like to exchange the thermo bottle and the down jacket of order {VIP.order_number}, both are too small."
)
_WISHED = "The bottle in green and the jacket in L please."
_OTHERWISE = "Wait, the jacket in XL please."
_SOLD_OUT = "down-jacket-xl-black"
_FEE_MINOR = 490


async def long_exchange(world: World) -> str:
    """Two items, one replacement sold out, a fee by link, a photo, a reminder, a change of mind: it ends settled."""
    async with world.at_desk(world.staff.jules) as jules, world.chat(VIP) as customer:
        link = await _agrees(customer)
        async with world.page(link) as page:
            flow_id = await page.flow_id()
            await world.surroundings.sell_out(_SOLD_OUT)
            await _judges_photo(jules, flow_id)
            await _chooses_money(customer, page, flow_id)
            await _pays(customer, page, flow_id)
            return_id = await _comes_back(world, customer, page, flow_id, jules)
            settled = await _is_looked_at(world, page, flow_id, return_id)
        await goodbye(customer)
    refunded = settled["refund_minor"] / 100
    return f"bottle exchanged, jacket sold out and {refunded:.2f} EUR back, fee paid, reminded once, ended settled"


async def _agrees(customer: ChatCustomer) -> str:
    """Collected, read back, changed, read back again, agreed: the link to the customer's own page."""
    await customer.say(_WISH, torn_zip())
    asked = (await customer.gets(1))[0]
    check("instead" in asked.text, "a question for what they would like instead", asked.text)
    first = await customer.ask(_WISHED)
    check("XL" not in first.text and "yes or no" in first.text, "a read-back of what was asked for", first.text)
    second = await customer.ask(_OTHERWISE)
    for fact in ("Thermo Bottle 0.75, green", "Northlight Down Jacket, XL, black", "4.90 EUR", "yes or no"):
        check(fact in second.text, f"'{fact}' in the second read-back", second.text)
    told = await customer.ask("Yes please")
    check("under way" in told.text, "the start, told", told.text)
    return portal_link(told.text)


async def _judges_photo(jules: DeskAgent, flow_id: str) -> None:
    task = await jules.has_task(flow_id, "judge")
    check(len(task["pictures"]) == 1, "the customer's photo beside the task", task["pictures"])
    check(await jules.looks_at(task["pictures"][0]) == torn_zip(), "the photo, byte for byte")
    await jules.finishes(task, "approved")


async def _chooses_money(customer: ChatCustomer, page: PortalPage, flow_id: str) -> None:
    await page.shows(flow_id, "awaiting_customer")
    await customer.sees(_said("no longer in stock"), "what is sold out, in the chat")
    await page.chooses(flow_id, "refund")


async def _pays(customer: ChatCustomer, page: PortalPage, flow_id: str) -> None:
    due = await page.shows(flow_id, "awaiting_payment")
    await customer.sees(_said("/pay/"), "a link to pay by, in the chat")
    paid = await page.pays(due)
    check(paid == _FEE_MINOR, "the fee and nothing else to be paid", paid)


async def _comes_back(world: World, customer: ChatCustomer, page: PortalPage, flow_id: str, jules: DeskAgent) -> str:
    """The customer takes their time, is reminded, and hands the parcel in; the replacement leaves on the first scan."""
    waiting = await page.shows(flow_id, "awaiting_parcel")
    check(waiting["label"], "a label", waiting)
    await customer.sees(_said("has not been handed in yet"), "a reminder in the chat", within=60)
    await world.surroundings.scan(waiting["label"], "in_transit")
    moving = await page.shows(flow_id, "in_transit")
    check(moving["tracking"], "the replacement on its way", moving)
    return await jules.return_of(flow_id)


async def _is_looked_at(world: World, page: PortalPage, flow_id: str, return_id: str) -> Flow:
    lines = [{"line_id": f"{VIP.order_number}-{place}", "received": 1, "accepted": 1} for place in (1, 2)]
    await world.surroundings.receive(return_id, lines)
    await page.shows(flow_id, "awaiting_inspection")
    await world.surroundings.inspect(return_id, lines)
    settled = await page.shows(flow_id, "closed")
    check(settled["outcome"] == "settled", "a settled exchange", settled)
    return settled


def _said(words: str) -> Callable[[list[Said]], bool]:
    return lambda seen: any(words in said.text for said in seen)

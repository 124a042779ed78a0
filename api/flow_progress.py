"""A flow as its customer follows it: what was done and when, what comes next, until when, and what they can do."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel

from domain.commerce import Product
from domain.flows.kinds import FlowEntryKind, FlowKind, FlowOutcome, FlowState
from domain.flows.refusal import Rule
from domain.flows.refusal_words import refusal_words
from domain.flows.rules import CommerceRules
from integrations.shop.protocol import ShopReads
from store.flow_telling import can_be_called_off, choices_of
from store.flow_views import EntryView, FlowView, StepView


class Done(BaseModel):
    """Something that happened."""

    at: datetime
    text: str


class Choice(BaseModel):
    """One answer to what the customer is asked."""

    choice: str
    text: str


class PaymentDue(BaseModel):
    """What is to be paid, in minor units."""

    link_id: str
    url: str
    amount_minor: int
    currency: str
    paid: bool


class Progress(BaseModel):
    """Where a flow stands."""

    flow_id: str
    kind: FlowKind
    order: str
    title: str
    items: list[str]
    """What it is about, e.g. `1 × Merino Scarf, grey`."""
    state: FlowState
    outcome: str
    headline: str
    next: str
    """What happens next, and who does it."""
    deadline: datetime | None
    """Until when the customer can do their part (UTC)."""
    done: list[Done]
    label: str
    """Tracking number of the way back, or the code for a drop-off point."""
    is_drop_off: bool
    tracking: str
    """Of the replacement."""
    payment: PaymentDue | None
    choices: list[Choice]
    wants_photo: bool
    can_cancel: bool
    refund_minor: int
    """What has been paid back, or is to be if everything is accepted."""
    refunded: bool
    currency: str
    opened_at: datetime
    closed_at: datetime | None


TITLES = {
    FlowKind.RETURN: "Return",
    FlowKind.EXCHANGE: "Exchange",
    FlowKind.CANCELLATION: "Cancellation",
    FlowKind.ADDRESS_CHANGE: "New delivery address",
    FlowKind.ITEM_CHANGE: "Other items",
    FlowKind.PAYMENT_CHANGE: "Other payment method",
    FlowKind.REFUND: "Refund",
    FlowKind.CLAIM: "Problem with an item",
    FlowKind.OUTREACH: "Delivery",
}
"""The kinds that customers see."""

_STEPS = {
    "open_return": "We have opened your return.",
    "open_exchange": "We have opened your exchange.",
    "reserve": "The new item is set aside for you.",
    "open_payment_link": "We have made a page where you can pay the difference.",
    "charge": "We have charged the difference.",
    "ship": "The new item is on its way to you.",
    "refund": "We have paid your money back.",
    "undo:open_return": "We have closed the return without anything changing.",
    "undo:open_exchange": "We have closed the exchange without anything changing.",
    "undo:charge": "We have paid the difference back.",
    "undo:open_payment_link": "The page for paying is closed.",
}
_CHANGED = {
    FlowKind.CANCELLATION: "We have cancelled it.",
    FlowKind.ADDRESS_CHANGE: "We have changed the address.",
    FlowKind.ITEM_CHANGE: "We have changed the items.",
    FlowKind.PAYMENT_CHANGE: "We have changed the payment method.",
    FlowKind.REFUND: "We have paid your money back.",
}
_ENTRIES = {
    FlowEntryKind.APPROVED: "A person has looked at it and said yes.",
    FlowEntryKind.REFUSED: "A person has looked at it and could not say yes.",
    FlowEntryKind.PAID: "Your payment has arrived.",
    FlowEntryKind.PHOTO_SENT: "Your photo has arrived.",
    FlowEntryKind.PARCEL_SCANNED: "The carrier has your parcel.",
    FlowEntryKind.PARCEL_RECEIVED: "Your parcel has arrived at our warehouse.",
    FlowEntryKind.INSPECTED: "We have looked at what you sent.",
    FlowEntryKind.CUSTOMER_CHOSE: "You have chosen how to go on.",
    FlowEntryKind.CUSTOMER_CANCELLED: "You have called it off.",
}
_HEADLINES = {
    FlowState.WORKING: "We are working on it",
    FlowState.AWAITING_APPROVAL: "A person is looking at it",
    FlowState.AWAITING_PAYMENT: "Please pay the difference",
    FlowState.AWAITING_PHOTO: "Please send a photo",
    FlowState.AWAITING_PARCEL: "Please send it back",
    FlowState.IN_TRANSIT: "Your parcel is on its way to us",
    FlowState.AWAITING_INSPECTION: "We are looking at what you sent",
    FlowState.AWAITING_CUSTOMER: "Please choose how to go on",
    FlowState.AWAITING_PARTY: "We are asking a partner of ours",
    FlowState.AWAITING_PERSON: "A person is taking care of it",
    FlowState.WAITING: "We will go on at the right time",
}
_NEXT = {
    FlowState.WORKING: "You need not do anything right now.",
    FlowState.AWAITING_APPROVAL: "You will hear from us as soon as it is decided.",
    FlowState.AWAITING_PAYMENT: "Once it is paid, we go on at once.",
    FlowState.AWAITING_PHOTO: "A picture of what is wrong helps us to decide quickly.",
    FlowState.AWAITING_PARCEL: "Pack the items, use the label, and hand the parcel in.",
    FlowState.IN_TRANSIT: "Once it has arrived, we look at it and settle the rest.",
    FlowState.AWAITING_INSPECTION: "After that we settle the rest and write to you.",
    FlowState.AWAITING_CUSTOMER: "Choose below.",
    FlowState.AWAITING_PARTY: "We go on as soon as they have answered.",
    FlowState.AWAITING_PERSON: "You need not do anything; you will hear from us.",
    FlowState.WAITING: "You need not do anything right now.",
}
_ENDED = {
    FlowOutcome.SETTLED: "Done",
    FlowOutcome.DECLINED: "We could not do this",
    FlowOutcome.EXPIRED: "The time for this is over",
    FlowOutcome.CANCELLED: "Called off",
    FlowOutcome.COMPENSATED: "This did not work; everything is as it was",
    FlowOutcome.NO_LONGER_TRUE: "Settled by itself",
}
_REASONS = {
    "not_approved": "A person has looked at it and could not say yes.",
    "not_accepted": "What came back was not as it should be, so nothing is paid back.",
    "customer": "You have called it off.",
    "operator": "Our team has called it off.",
}
CHOICES = {
    "refund": "My money back",
    "store_credit": "Store credit",
    "wait": "I would rather wait",
    "reship": "Send it again",
}
"""Words for the answers that flows ask for; a word without one is shown with blanks."""


def progress(
    flow: FlowView,
    steps: Sequence[StepView],
    entries: Sequence[EntryView],
    rules: CommerceRules,
    titles: dict[str, str],
) -> Progress:
    """`titles` are those of the order's lines by id, and of new variants by SKU."""
    facts = flow.facts
    return Progress(
        flow_id=flow.id,
        kind=flow.kind,
        order=flow.order,
        title=TITLES.get(flow.kind, "Message"),
        items=items(flow, titles),
        state=flow.state,
        outcome=flow.outcome,
        headline=_headline(flow),
        next=_next(flow),
        deadline=deadline(flow, steps, rules),
        done=_done(flow, steps, entries),
        label=str(facts.get("label", "")) if flow.is_open else "",
        is_drop_off=_way_back(flow.kind, rules),
        tracking=str(facts.get("tracking", "")),
        payment=_payment(flow, entries),
        choices=_choices(flow),
        wants_photo=flow.state is FlowState.AWAITING_PHOTO,
        can_cancel=can_be_called_off(flow.kind, flow.state),
        refund_minor=_amount(facts.get("refunded_minor")) or flow.verdict.refund_minor,
        refunded="refunded_minor" in facts,
        currency=flow.verdict.currency,
        opened_at=flow.opened_at,
        closed_at=flow.closed_at,
    )


async def titles_of(shop: ShopReads, flows: Sequence[FlowView]) -> dict[str, str]:
    """What the lines of the flows' orders are called, by line id, and what replaces them, by SKU."""
    titles: dict[str, str] = {}
    for number in dict.fromkeys(flow.order for flow in flows if flow.order):
        order = await shop.order(number)
        titles |= {line.line_id: line.title for line in order.lines} if order else {}
    skus = [new for flow in flows for swap in getattr(flow.request, "swaps", ()) if (new := swap.new_sku)]
    for sku in dict.fromkeys(skus):
        titles[sku] = variant_title(await shop.product_with(sku), sku)
    return titles


def variant_title(product: Product | None, sku: str) -> str:
    """Product and options, e.g. `Merino Scarf, grey`."""
    variant = next((one for one in product.variants if one.sku == sku), None) if product else None
    return ", ".join([product.title, *variant.options.values()]) if product and variant else sku


def items(flow: FlowView, titles: dict[str, str]) -> list[str]:
    """What a flow is about, in words."""
    wanted = getattr(flow.request, "items", None) or getattr(flow.request, "swaps", None) or ()
    return [_item(one, titles) for one in wanted]


def _item(one: object, titles: dict[str, str]) -> str:
    line_id, quantity, new = (getattr(one, name, "") for name in ("line_id", "quantity", "new_sku"))
    becomes = f" → {titles.get(new, new)}" if new else ""
    return f"{quantity} × {titles.get(line_id, 'item')}{becomes}"


def deadline(flow: FlowView, steps: Sequence[StepView], rules: CommerceRules) -> datetime | None:
    """Until when the customer can do their part; None where it is not their turn."""
    back = rules.exchanges if flow.kind is FlowKind.EXCHANGE else rules.returns
    label = next((step.done_at for step in steps if step.name == "issue_label"), None)
    match flow.state:
        case FlowState.AWAITING_PARCEL if label is not None:
            return label + timedelta(days=back.ship_back_days)
        case FlowState.AWAITING_PAYMENT:
            return flow.changed_at + timedelta(hours=rules.exchanges.payment_hours)
        case FlowState.AWAITING_CUSTOMER if flow.kind is FlowKind.EXCHANGE:
            return flow.changed_at + timedelta(hours=rules.exchanges.choice_hours)
        case FlowState.AWAITING_PHOTO:
            asked = rules.claims if flow.kind is FlowKind.CLAIM else back
            return flow.changed_at + timedelta(hours=asked.photo_hours)
        case _:
            return None


def _choices(flow: FlowView) -> list[Choice]:
    return [
        Choice(choice=one, text=CHOICES.get(one, one.replace("_", " ")))
        for one in choices_of(flow.kind, flow.state, flow.facts)
    ]


def _headline(flow: FlowView) -> str:
    return _HEADLINES[flow.state] if flow.is_open else _ENDED.get(FlowOutcome(flow.outcome), "Done")


def _next(flow: FlowView) -> str:
    if flow.is_open:
        return _NEXT[flow.state]
    if flow.reason in {rule.value for rule in Rule}:
        return refusal_words(Rule(flow.reason), "en")
    return _REASONS.get(flow.reason, "")


def _done(flow: FlowView, steps: Sequence[StepView], entries: Sequence[EntryView]) -> list[Done]:
    asked = (
        "You have asked for this." if flow.asked_by in {"customer", "ai"} else "Our team has asked for this for you."
    )
    told = [Done(at=flow.opened_at, text=asked)]
    told += [Done(at=entry.at, text=_ENTRIES[entry.kind]) for entry in entries if entry.kind in _ENTRIES]
    told += [Done(at=step.done_at, text=text) for step in steps if step.done_at and (text := _step(flow, step))]
    unique = {one.text: one for one in sorted(told, key=lambda one: one.at, reverse=True)}
    return sorted(unique.values(), key=lambda one: one.at)


def _step(flow: FlowView, step: StepView) -> str:
    if step.state != "done":
        return ""
    name = step.name if step.name.startswith("undo:") else step.name.partition(":")[0]
    if name == "issue_label":
        return "Your label is ready."
    return _CHANGED.get(flow.kind, "") if name == "change_order" else _STEPS.get(name, "")


def _way_back(kind: FlowKind, rules: CommerceRules) -> bool:
    return (rules.exchanges if kind is FlowKind.EXCHANGE else rules.returns).drop_off


def _payment(flow: FlowView, entries: Sequence[EntryView]) -> PaymentDue | None:
    link = flow.facts.get("payment_link")
    if not link or not flow.is_open:
        return None
    return PaymentDue(
        link_id=str(link),
        url=str(flow.facts.get("payment_url", "")),
        amount_minor=flow.verdict.charge_minor,
        currency=flow.verdict.currency,
        paid=any(entry.kind is FlowEntryKind.PAID for entry in entries),
    )


def _amount(found: object) -> int:
    return found if isinstance(found, int) else 0

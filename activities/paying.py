"""What the pool `integration` does in the shop with money, and what is owed: each verb once for each flow and part."""

from collections.abc import Sequence
from datetime import UTC, datetime

from temporalio import activity

from activities.flow_records import Came, Effected, ToDo, ToWeigh
from activities.shop_steps import ShopSteps, arrived, as_asked, difference_of, items_of, verdict_of
from activities.shopping import refund_place
from domain.commerce import Order, Product
from domain.flows.effects import Accepted, Done
from domain.flows.requests import ExchangeRequest, ReturnRequest, Swap, read_request
from domain.flows.settling import (
    ExchangeSettlement,
    Settlement,
    Terms,
    agreed_difference,
    exchange_settlement,
    settlement,
)
from domain.flows.verdict import Verdict
from integrations.shop.protocol import Effect
from store.flows import Flow

_PRICES, _REFUNDED = "prices", "refunded_minor"


class MoneyActivities(ShopSteps):
    """Refunds, charges and payment links as steps of flows, and the questions of what they should amount to."""

    # --- steps ----------------------------------------------------------------------------------------------------

    @activity.defn
    async def refund(self, todo: ToDo) -> Effected:
        """Give `amount_minor` back: to `ref` if it says where, else to where the request says. `part` is the occasion.

        A bonus is the step's own, or the share of the verdict's that belongs to the amount.
        """

        async def do(flow: Flow, key: str) -> Effect:
            bonus = todo.bonus_minor or _share_of_bonus(verdict_of(flow), todo.amount_minor)
            to = todo.ref or _place_of(flow)
            return await self._shop.refund(
                key, flow.order_number, todo.amount_minor, to=to, bonus_minor=bonus, reason=flow.kind
            )

        def facts(flow: Flow, done: Done) -> dict[str, object]:
            before = flow.facts.get(_REFUNDED, 0)
            return {_REFUNDED: (before if isinstance(before, int) else 0) + done.amount_minor}

        return await self._once("refund", todo, do, facts)

    @activity.defn
    async def charge(self, todo: ToDo) -> Effected:
        """Take a price difference by the method that the customer named."""

        async def do(flow: Flow, key: str) -> Effect:
            method_id = ExchangeRequest.model_validate(flow.request).method_id
            return await self._shop.charge(key, flow.order_number, todo.amount_minor, method_id)

        return await self._once("charge", todo, do, lambda _, done: {"charged_minor": done.amount_minor})

    @activity.defn
    async def undo_charge(self, todo: ToDo) -> Effected:
        """Undoes `charge`."""

        async def do(_: Flow, key: str) -> Effect:
            return await self._shop.undo_charge(key, todo.ref)

        return await self._once("undo:charge", todo, do)

    @activity.defn
    async def open_payment_link(self, todo: ToDo) -> Effected:
        """Where the customer pays a price difference."""

        async def do(flow: Flow, key: str) -> Effect:
            return await self._shop.open_payment_link(key, flow.order_number, todo.amount_minor)

        def facts(_: Flow, done: Done) -> dict[str, object]:
            return {"payment_link": done.ref, "payment_url": done.detail, "to_pay_minor": todo.amount_minor}

        return await self._once("open_payment_link", todo, do, facts)

    @activity.defn
    async def close_payment_link(self, todo: ToDo) -> Effected:
        """Undoes `open_payment_link`, and gives back what was paid by it."""

        async def do(_: Flow, key: str) -> Effect:
            return await self._shop.close_payment_link(key, todo.ref)

        return await self._once("undo:open_payment_link", todo, do, lambda _, __: {"payment_url": ""})

    # --- questions, asked anew in every run with the same answer --------------------------------------------------

    @activity.defn
    async def weigh_return(self, weighing: ToWeigh) -> Settlement:
        """What goes back for what came back."""
        flow = await self._flow(weighing.flow_id)
        lines = _came(flow, weighing.came)
        return settlement(await self._order(flow), items_of(flow), lines, verdict_of(flow))

    @activity.defn
    async def weigh_claim(self, weighing: ToWeigh) -> Settlement:
        """What goes back for the items that are not replaced."""
        flow = await self._flow(weighing.flow_id)
        order, refunded = await self._order(flow), items_of(flow, " ".join(weighing.missing))
        verdict, everything = verdict_of(flow), len(refunded) == len(items_of(flow))
        goods = sum(_paid(order, one.line_id) * one.quantity for one in refunded)
        units = sum(one.quantity for one in refunded)
        owed = verdict.refund_minor if everything else min(goods, verdict.refund_minor)
        return Settlement(refund_minor=owed, accepted_units=units, wanted_units=units)

    @activity.defn
    async def price_difference(self, weighing: ToWeigh) -> int:
        """What was agreed on for the swaps that are not missing, at prices that are fixed now; below zero: a refund."""
        await self._fix_prices(weighing.flow_id)
        flow = await self._flow(weighing.flow_id)
        return agreed_difference(_terms(flow, await self._order(flow)), weighing.missing, difference_of(flow))

    @activity.defn
    async def weigh_exchange(self, weighing: ToWeigh) -> ExchangeSettlement:
        """What is owed and to be sent for what came back."""
        flow = await self._flow(weighing.flow_id)
        return exchange_settlement(
            _terms(flow, await self._order(flow)),
            _came(flow, weighing.came),
            shipped=weighing.shipped,
            missing=weighing.missing,
            agreed_minor=difference_of(flow),
            charged_minor=weighing.charged_minor,
        )

    async def _fix_prices(self, flow_id: str) -> None:
        """The replacements' prices as they are now, kept with the flow: what it owes follows from these."""
        prices: dict[str, int] = {}

        async def do(flow: Flow, _: str) -> Effect:
            order = await self._order(flow)
            for place, swap in enumerate(_swaps(flow), 1):
                product = await self._shop.product_with(swap.new_sku)
                prices[str(place)] = _price(product, swap.new_sku, _paid(order, swap.line_id))
            return Done(at=datetime.now(UTC))

        await self._once("fix_prices", ToDo(flow_id=flow_id), do, lambda _, __: {_PRICES: prices})

    async def _order(self, flow: Flow) -> Order:
        order = await self._shop.order(flow.order_number)
        if order is None:
            raise ValueError("the order is gone")
        return order


def _came(flow: Flow, came: Came) -> list[Accepted]:
    match came:
        case Came.AS_COUNTED:
            return arrived(flow)
        case Came.ALL:
            return as_asked(flow)
        case Came.NONE:
            return []


def _terms(flow: Flow, order: Order) -> list[Terms]:
    prices = flow.facts.get(_PRICES)
    known = prices if isinstance(prices, dict) else {}
    return [
        Terms(
            place=str(place),
            line_id=swap.line_id,
            quantity=swap.quantity,
            old_minor=_paid(order, swap.line_id),
            new_minor=int(known.get(str(place), _paid(order, swap.line_id))),
        )
        for place, swap in enumerate(_swaps(flow), 1)
    ]


def _swaps(flow: Flow) -> Sequence[Swap]:
    return ExchangeRequest.model_validate(flow.request).swaps


def _price(product: Product | None, sku: str, else_minor: int) -> int:
    variants = product.variants if product else ()
    return next((variant.price.minor for variant in variants if variant.sku == sku), else_minor)


def _paid(order: Order, line_id: str) -> int:
    line = order.line(line_id)
    return line.unit_price.minor if line else 0


def _share_of_bonus(verdict: Verdict, amount_minor: int) -> int:
    whole = verdict.refund_minor - verdict.bonus_minor
    return verdict.bonus_minor * amount_minor // whole if whole > 0 else 0


def _place_of(flow: Flow) -> str:
    match read_request(flow.request):
        case ReturnRequest() as request:
            return refund_place(request)
        case ExchangeRequest() as request:
            return request.method_id
        case _:
            return ""

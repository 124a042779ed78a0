"""What the pool `integration` does in the shop with goods and orders: each verb once for each flow and part.

What a step is about is read from the flow's row, so that no history holds more than ids and amounts.
"""

from temporalio import activity

from activities.flow_records import Effected, ToDo
from activities.shop_steps import KEPT, REFUNDING, ShopSteps, arrived, as_asked, difference_of, items_of
from domain.flows.effects import Done
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    ClaimRequest,
    ExchangeRequest,
    ItemChange,
    ItemWanted,
    PaymentChange,
    RefundRequest,
    RefundTo,
    ReturnRequest,
    Swap,
    read_request,
)
from integrations.shop.protocol import Effect
from store.flows import Flow


class ShopActivities(ShopSteps):
    """The shop's verbs as steps of flows; those about money are in `activities.paying`."""

    # --- returns --------------------------------------------------------------------------------------------------

    @activity.defn
    async def open_return(self, todo: ToDo) -> Effected:
        """The shop's record of a return, or of a claim's items that are refunded (`ref` names their places)."""

        async def do(flow: Flow, key: str) -> Effect:
            request, items = read_request(flow.request), items_of(flow, todo.ref)
            reason = request.complaint.value if isinstance(request, ClaimRequest) else str(flow.request["reason"])
            to = refund_place(request) if isinstance(request, ReturnRequest) else ""
            return await self._shop.open_return(key, flow.order_number, items, reason=reason, refund_to=to)

        def facts(_: Flow, done: Done) -> dict[str, object]:
            refunding: dict[str, object] = {REFUNDING: todo.ref} if todo.ref else {}
            return {"return_id": done.ref, **refunding}

        return await self._once("open_return", todo, do, facts)

    @activity.defn
    async def open_exchange(self, todo: ToDo) -> Effected:
        """The shop's record of an exchange."""

        async def do(flow: Flow, key: str) -> Effect:
            request = ExchangeRequest.model_validate(flow.request)
            return await self._shop.open_exchange(
                key,
                request.order,
                request.swaps,
                reason=request.reason,
                method_id=request.method_id,
                difference_minor=difference_of(flow),
            )

        return await self._once("open_exchange", todo, do, lambda _, done: {"return_id": done.ref})

    @activity.defn
    async def cancel_return(self, todo: ToDo) -> Effected:
        """Undoes `open_return` and `open_exchange`."""

        async def do(_: Flow, key: str) -> Effect:
            return await self._shop.cancel_return(key, todo.ref)

        return await self._once("undo:open_return", todo, do)

    @activity.defn
    async def issue_label(self, todo: ToDo) -> Effected:
        """A label or a drop-off code; `part` says `drop_off` for the latter. `ref` is the return, then and now."""

        async def do(_: Flow, key: str) -> Effect:
            return await self._shop.issue_label(key, todo.ref, drop_off=todo.part == "drop_off")

        return await self._once("issue_label", todo, do, lambda _, done: {"label": done.detail})

    @activity.defn
    async def void_label(self, todo: ToDo) -> Effected:
        """Undoes `issue_label`; what it belongs to is the return of the flow's facts."""

        async def do(flow: Flow, key: str) -> Effect:
            return await self._shop.void_label(key, str(flow.facts["return_id"]))

        return await self._once("undo:issue_label", todo, do, lambda _, __: {"label": ""})

    @activity.defn
    async def receive(self, todo: ToDo) -> Effected:
        """Tell the shop what arrived; `ref` is the return."""

        async def do(flow: Flow, key: str) -> Effect:
            return await self._shop.receive(key, todo.ref, arrived(flow))

        return await self._once("receive", todo, do)

    @activity.defn
    async def accept(self, todo: ToDo) -> Effected:
        """Close the shop's return with what the inspection came to, or with `KEPT` as if all had come back."""

        async def do(flow: Flow, key: str) -> Effect:
            kept = todo.part == KEPT
            lines = as_asked(flow) if kept else arrived(flow)
            return await self._shop.accept(key, todo.ref, lines, restock=not kept)

        return await self._once("accept", todo, do)

    # --- goods ----------------------------------------------------------------------------------------------------

    @activity.defn
    async def reserve(self, todo: ToDo) -> Effected:
        """Set the replacement of an item aside; `part` is its place, with a number behind a colon for another try."""

        async def do(flow: Flow, key: str) -> Effect:
            (item,) = items_of(flow, todo.part.partition(":")[0])
            sku = item.new_sku if isinstance(item, Swap) else await self._same_again(flow, item)
            return await self._shop.reserve(key, flow.order_number, sku, todo.quantity or item.quantity)

        return await self._once("reserve", todo, do)

    async def _same_again(self, flow: Flow, item: ItemWanted) -> str:
        order = await self._shop.order(flow.order_number)
        line = order.line(item.line_id) if order else None
        if line is None:
            raise ValueError("a claim about no line of its order")
        return line.sku

    @activity.defn
    async def release(self, todo: ToDo) -> Effected:
        """Undoes `reserve`."""

        async def do(_: Flow, key: str) -> Effect:
            return await self._shop.release(key, todo.ref)

        return await self._once("undo:reserve", todo, do)

    @activity.defn
    async def ship(self, todo: ToDo) -> Effected:
        """Send what is held; `ref` names the holds, separated by blanks."""

        async def do(flow: Flow, key: str) -> Effect:
            return await self._shop.ship(key, flow.order_number, todo.ref.split())

        return await self._once("ship", todo, do, lambda _, done: {"shipment": done.ref, "tracking": done.detail})

    # --- orders ---------------------------------------------------------------------------------------------------

    @activity.defn
    async def change_order(self, todo: ToDo) -> Effected:
        """The one effect of a change of an order, a cancellation or a refund, by the flow's request."""

        async def do(flow: Flow, key: str) -> Effect:
            match read_request(flow.request):
                case CancellationRequest() as asked:
                    return await self._shop.cancel_order(key, asked.order, asked.items, reason=asked.reason)
                case AddressChange() as asked:
                    return await self._shop.change_address(key, asked.order, asked.address)
                case ItemChange() as asked:
                    return await self._shop.change_items(key, asked.order, asked.swaps, asked.method_id)
                case PaymentChange() as asked:
                    return await self._shop.change_payment(key, asked.order, asked.method_id)
                case RefundRequest() as asked:
                    to = credit_or_original(asked.refund_to)
                    return await self._shop.refund(key, asked.order, asked.amount_minor, to=to, reason=asked.reason)
                case other:
                    raise ValueError(f"{other.kind} is no change of an order")

        return await self._once("change_order", todo, do, lambda _, done: {"amount_minor": done.amount_minor})


def credit_or_original(to: RefundTo) -> str:
    """A place as the shop takes it."""
    return "store_credit" if to is RefundTo.STORE_CREDIT else ""


def refund_place(request: ReturnRequest) -> str:
    """Where the refund of a return goes, as the shop takes it."""
    return request.method_id if request.refund_to is RefundTo.METHOD else credit_or_original(request.refund_to)

"""What the pool `integration` does in the shop: each verb once for each flow and part, whatever is killed meanwhile.

What a step is about is read from the flow's row, so that no history holds more than ids and amounts.
"""

from collections.abc import Awaitable, Callable

from pydantic import TypeAdapter
from temporalio import activity

from activities.flow_records import Effected, ToDo
from domain.flows.effects import Accepted, Done
from domain.flows.kinds import FlowKind
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    ExchangeRequest,
    ItemChange,
    PaymentChange,
    RefundRequest,
    RefundTo,
    ReturnRequest,
    Swap,
    read_request,
)
from domain.flows.settling import Settlement, settlement
from domain.flows.verdict import Verdict
from integrations.shop.protocol import Effect, Shop
from store.database import Database
from store.flow_steps import once
from store.flows import Flow


class ShopActivities:
    """The shop's verbs as steps of flows."""

    def __init__(self, database: Database, shop: Shop) -> None:
        self._database = database
        self._shop = shop

    # --- returns --------------------------------------------------------------------------------------------------

    @activity.defn
    async def open_return(self, todo: ToDo) -> Effected:
        """The shop's record of a return."""

        async def do(flow: Flow, key: str) -> Effect:
            request = ReturnRequest.model_validate(flow.request)
            to = _refund_to(request)
            return await self._shop.open_return(key, request.order, request.items, reason=request.reason, refund_to=to)

        return await self._once("open_return", todo, do, lambda done: {"return_id": done.ref})

    @activity.defn
    async def open_exchange(self, todo: ToDo) -> Effected:
        """The shop's record of an exchange."""

        async def do(flow: Flow, key: str) -> Effect:
            request, verdict = ExchangeRequest.model_validate(flow.request), _verdict(flow)
            return await self._shop.open_exchange(
                key,
                request.order,
                request.swaps,
                reason=request.reason,
                method_id=request.method_id,
                difference_minor=verdict.charge_minor - verdict.refund_minor,
            )

        return await self._once("open_exchange", todo, do, lambda done: {"return_id": done.ref})

    @activity.defn
    async def cancel_return(self, todo: ToDo) -> Effected:
        """Undoes `open_return` and `open_exchange`."""

        async def do(_: Flow, key: str) -> Effect:
            return await self._shop.cancel_return(key, todo.ref)

        return await self._once("undo:open_return", todo, do)

    @activity.defn
    async def issue_label(self, todo: ToDo) -> Effected:
        """A label or a drop-off code; `part` says `drop_off` for the latter. `ref` is the return."""

        async def do(_: Flow, key: str) -> Effect:
            return await self._shop.issue_label(key, todo.ref, drop_off=todo.part == "drop_off")

        return await self._once("issue_label", todo, do, lambda done: {"label": done.detail})

    @activity.defn
    async def void_label(self, todo: ToDo) -> Effected:
        """Undoes `issue_label`; what it belongs to is the return of the flow's facts."""

        async def do(flow: Flow, key: str) -> Effect:
            return await self._shop.void_label(key, str(flow.facts["return_id"]))

        return await self._once("undo:issue_label", todo, do)

    @activity.defn
    async def weigh(self, todo: ToDo) -> Settlement:
        """What the inspection means in money: a question, asked anew in every run with the same answer."""
        async with self._database.begin() as session:
            flow = await session.get_one(Flow, todo.flow_id)
        order = await self._shop.order(flow.order_number)
        request = read_request(flow.request)
        if order is None or not isinstance(request, ReturnRequest | ExchangeRequest):
            raise ValueError("nothing that comes back")
        wanted = request.items if isinstance(request, ReturnRequest) else request.swaps
        return settlement(order, wanted, _inspected(flow), _verdict(flow))

    @activity.defn
    async def accept(self, todo: ToDo) -> Effected:
        """Close the shop's return with what the inspection came to (the flow's facts `inspected`)."""

        async def do(flow: Flow, key: str) -> Effect:
            return await self._shop.accept(key, todo.ref, _inspected(flow), restock=todo.part != "keep")

        return await self._once("accept", todo, do)

    # --- goods ----------------------------------------------------------------------------------------------------

    @activity.defn
    async def reserve(self, todo: ToDo) -> Effected:
        """Set the replacement of a line aside; `part` is the line."""

        async def do(flow: Flow, key: str) -> Effect:
            swap = _swap(flow, todo.part)
            return await self._shop.reserve(key, flow.order_number, swap.new_sku, swap.quantity)

        return await self._once("reserve", todo, do)

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

        return await self._once("ship", todo, do, lambda done: {"shipment": done.ref, "tracking": done.detail})

    # --- money ----------------------------------------------------------------------------------------------------

    @activity.defn
    async def refund(self, todo: ToDo) -> Effected:
        """Give `amount_minor` back to where the request says, the bonus of the verdict in proportion."""

        async def do(flow: Flow, key: str) -> Effect:
            verdict, to = _verdict(flow), _refund_to_of(flow)
            return await self._shop.refund(
                key, flow.order_number, todo.amount_minor, to=to, bonus_minor=_bonus(verdict, todo), reason=flow.kind
            )

        return await self._once("refund", todo, do, lambda done: {"refunded_minor": done.amount_minor})

    @activity.defn
    async def charge(self, todo: ToDo) -> Effected:
        """Take a price difference by the method that the customer named."""

        async def do(flow: Flow, key: str) -> Effect:
            request = ExchangeRequest.model_validate(flow.request)
            return await self._shop.charge(key, flow.order_number, todo.amount_minor, request.method_id)

        return await self._once("charge", todo, do, lambda done: {"charged_minor": done.amount_minor})

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

        return await self._once(
            "open_payment_link", todo, do, lambda done: {"payment_link": done.ref, "payment_url": done.detail}
        )

    @activity.defn
    async def close_payment_link(self, todo: ToDo) -> Effected:
        """Undoes `open_payment_link`, and gives back what was paid by it."""

        async def do(_: Flow, key: str) -> Effect:
            return await self._shop.close_payment_link(key, todo.ref)

        return await self._once("undo:open_payment_link", todo, do)

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
                    return await self._shop.refund(
                        key, asked.order, asked.amount_minor, to=_place(asked.refund_to), reason=asked.reason
                    )
                case other:
                    raise ValueError(f"{other.kind} is no change of an order")

        return await self._once("change_order", todo, do, lambda done: {"amount_minor": done.amount_minor})

    async def _once(
        self,
        verb: str,
        todo: ToDo,
        do: Callable[[Flow, str], Awaitable[Effect]],
        facts: Callable[[Done], dict[str, object]] = lambda _: {},
    ) -> Effected:
        name = f"{verb}:{todo.part}" if todo.part else verb
        answer = await once(self._database, todo.flow_id, name, do, facts)
        return Effected(done=answer) if isinstance(answer, Done) else Effected(refused=answer)


_LINES: TypeAdapter[list[Accepted]] = TypeAdapter(list[Accepted])


def _inspected(flow: Flow) -> list[Accepted]:
    """What the inspection came to; a green return, and one that nobody looks at, counts as asked for."""
    return _LINES.validate_python(flow.facts.get("inspected") or _as_asked(flow))


def _as_asked(flow: Flow) -> list[Accepted]:
    request = read_request(flow.request)
    items = request.items if isinstance(request, ReturnRequest) else ()
    items = request.swaps if isinstance(request, ExchangeRequest) else items
    return [Accepted(line_id=one.line_id, received=one.quantity, accepted=one.quantity) for one in items]


def _verdict(flow: Flow) -> Verdict:
    return Verdict.model_validate(flow.verdict or {})


def _bonus(verdict: Verdict, todo: ToDo) -> int:
    """The share of the bonus that belongs to this part of the refund."""
    whole = verdict.refund_minor - verdict.bonus_minor
    return verdict.bonus_minor * todo.amount_minor // whole if whole > 0 else 0


def _place(to: RefundTo) -> str:
    return "store_credit" if to is RefundTo.STORE_CREDIT else ""


def _refund_to(request: ReturnRequest) -> str:
    return request.method_id if request.refund_to is RefundTo.METHOD else _place(request.refund_to)


def _refund_to_of(flow: Flow) -> str:
    match FlowKind(flow.kind):
        case FlowKind.RETURN:
            return _refund_to(ReturnRequest.model_validate(flow.request))
        case FlowKind.EXCHANGE:
            return ExchangeRequest.model_validate(flow.request).method_id
        case _:
            return ""


def _swap(flow: Flow, line_id: str) -> Swap:
    """What replaces a line: as asked for, or the same again."""
    request = read_request(flow.request)
    swaps = request.swaps if isinstance(request, ExchangeRequest) else ()
    for swap in swaps:
        if swap.line_id == line_id:
            return swap
    raise ValueError("no such line in the request")

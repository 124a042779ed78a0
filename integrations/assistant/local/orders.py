"""Answers from order facts: what is in which parcel, where it is, and when it is expected, as the shop says now."""

from datetime import date

from domain.commerce import Order, OrderLine, OrderState, Shipment, ShipmentState
from domain.proposal import Citation, CitationKind, Statement
from integrations.assistant.local.texts import Texts, day

OPEN_STATES = frozenset({OrderState.PENDING, OrderState.PAID, OrderState.PARTLY_SHIPPED, OrderState.SHIPPED})
_SETTLED = frozenset({ShipmentState.DELIVERED, ShipmentState.RETURNED})
_NAMED_ITEMS = 3


class OrderTeller:
    """Tells of orders in one language. `today` decides whether an expected day lies ahead."""

    def __init__(self, texts: Texts, language: str, today: date) -> None:
        self._texts = texts
        self._language = language
        self._today = today

    def tell(self, order: Order) -> list[Statement]:
        """The order's state, then each parcel, then what has not left yet; each with its source."""
        of_order = Citation(kind=CitationKind.ORDER, ref=order.number, title=order.number)
        statements = [Statement(text=self._head(order), citations=(of_order,))]
        for index, shipment in enumerate(order.shipments, start=1):
            of_parcel = Citation(kind=CitationKind.SHIPMENT, ref=shipment.shipment_id, title=shipment.tracking_number)
            text = self._parcel(order, shipment, index)
            statements.append(Statement(text=text, citations=(of_order, of_parcel)))
        waiting = _waiting(order)
        if order.shipments and waiting:
            text = self._texts.not_sent_yet.format(items=self._items(waiting))
            statements.append(Statement(text=text, citations=(of_order,)))
        return statements

    def choice(self, order: Order) -> str:
        """One line to choose an order by."""
        placed = day(order.placed_at.date(), self._language)
        return self._texts.order_choice.format(number=order.number, placed=placed, items=self._items(order.lines))

    def _head(self, order: Order) -> str:
        several = len(order.shipments) > 1 and not _waiting(order) and order.state in OPEN_STATES
        pattern = self._texts.order_on_its_way if several else self._texts.order[order.state]
        placed = day(order.placed_at.date(), self._language)
        return pattern.format(number=order.number, placed=placed, parcels=len(order.shipments))

    def _parcel(self, order: Order, shipment: Shipment, index: int) -> str:
        name = self._texts.parcel_of_several.format(index=index, count=len(order.shipments))
        inside = [line for line in order.lines if line.line_id in shipment.line_ids]
        text = self._texts.parcel[shipment.state].format(
            parcel=name,
            items=self._items(inside),
            carrier=shipment.carrier,
            expected=self._expected(shipment),
            on=f" on {day(shipment.delivered_at.date(), self._language)}" if shipment.delivered_at else "",
        )
        if shipment.tracking_number and shipment.state not in _SETTLED:
            text += self._texts.parcel_number.format(tracking=shipment.tracking_number)
        return text

    def _expected(self, shipment: Shipment) -> str:
        if shipment.expected_on is None:
            return ""
        pattern = self._texts.expected if shipment.expected_on >= self._today else self._texts.expected_before
        return pattern.format(day=day(shipment.expected_on, self._language))

    def _items(self, lines: "tuple[OrderLine, ...] | list[OrderLine]") -> str:
        named = [f"{line.quantity} × {line.title}" if line.quantity > 1 else line.title for line in lines]
        if len(named) <= _NAMED_ITEMS + 1:
            return "; ".join(named)
        return self._texts.and_more.format(items="; ".join(named[:_NAMED_ITEMS]), count=len(named) - _NAMED_ITEMS)


def _waiting(order: Order) -> list[OrderLine]:
    """Lines that are in no parcel yet."""
    sent = {line_id for shipment in order.shipments for line_id in shipment.line_ids}
    return [line for line in order.lines if line.line_id not in sent]


def overdue(order: Order, today: date) -> bool:
    """Whether a parcel is past its expected day or in trouble: a person should look after it."""
    return any(
        shipment.state is ShipmentState.EXCEPTION
        or (shipment.state not in _SETTLED and shipment.expected_on is not None and shipment.expected_on < today)
        for shipment in order.shipments
    )

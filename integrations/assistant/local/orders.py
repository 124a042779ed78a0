"""Answers from order facts: what is in which parcel, where it is, and when it is expected, as the shop says now."""

from collections.abc import Callable
from datetime import date

from domain.case import Case
from domain.commerce import Order, OrderLine, OrderState, Shipment, ShipmentState
from domain.proposal import Citation, CitationKind, Statement
from integrations.assistant.local.formats import Formats
from integrations.assistant.local.requests import says
from integrations.assistant.local.texts import Texts

OPEN_STATES = frozenset({OrderState.PENDING, OrderState.PAID, OrderState.PARTLY_SHIPPED, OrderState.SHIPPED})
_SETTLED = frozenset({ShipmentState.DELIVERED, ShipmentState.RETURNED})
_WITHOUT_GOODS = frozenset({OrderState.CANCELLED, OrderState.RETURNED})
ASPECTS = ("asks_when", "asks_tracking", "asks_items", "asks_total", "asks_address")
"""What can be asked of an order in particular: names of patterns."""
_TOLD_ANYWAY = frozenset({"asks_when", "asks_tracking"})
"""What every telling of an order says by itself."""


class OrderTeller:
    """Tells of orders in one language, to one case. `today` decides whether an expected day lies ahead."""

    def __init__(self, texts: Texts, language: str, case: Case) -> None:
        self._texts = texts.order
        self._language = language
        self._today = case.now.date()
        self._linkable: Callable[[str], str] = case.linkable
        self._formats = Formats(texts, language, self._today)

    def tell(self, order: Order, asked: str = "") -> list[Statement]:
        """The order's state, then each parcel, then what has not left yet, then what else is asked; with sources."""
        source = of_order(order)
        statements = [Statement(text=self._head(order), citations=(source,))]
        for index, parcel in enumerate(order.shipments, start=1):
            statements.append(Statement(text=self._parcel(order, parcel, index), citations=(source, of_parcel(parcel))))
        if order.shipments and (waiting := _waiting(order)):
            text = self._texts.not_sent_yet.format(items=self._formats.items(waiting))
            statements.append(Statement(text=text, citations=(source,)))
        cancelled = [line for line in order.lines if line.cancelled]
        if cancelled and order.state is not OrderState.CANCELLED:
            text = self._texts.cancelled_lines.format(items=self._formats.items(cancelled))
            statements.append(Statement(text=text, citations=(source,)))
        aspects = [aspect for aspect in self.aspects(asked) if aspect not in _TOLD_ANYWAY]
        return statements + [one for aspect in aspects for one in self._aspect(order, aspect)]

    def aspects(self, asked: str) -> list[str]:
        """What of an order the words ask for in particular."""
        return [aspect for aspect in ASPECTS if says(aspect, asked, self._language)]

    def focus(self, order: Order, asked: str) -> list[Statement]:
        """Only what is asked, for whoever has heard of the order already; empty if it is nothing in particular."""
        return [one for aspect in self.aspects(asked) for one in self._aspect(order, aspect)]

    def choice(self, order: Order) -> str:
        """One line to choose an order by."""
        placed = self._formats.day(order.placed_at.date())
        return self._texts.choice.format(number=order.number, placed=placed, items=self._formats.items(order.lines))

    # --- the whole order ----------------------------------------------------------------------------------------------

    def _head(self, order: Order) -> str:
        several = len(order.shipments) > 1 and not _waiting(order) and order.state in OPEN_STATES
        pattern = self._texts.on_its_way if several else self._texts.state[order.state]
        placed = self._formats.day(order.placed_at.date())
        text = pattern.format(number=order.number, placed=placed, parcels=len(order.shipments))
        unsent = order.state in OPEN_STATES and not order.shipments
        return f"{text} {self._texts.no_day_before_sending}" if unsent else text

    def _parcel(self, order: Order, shipment: Shipment, index: int) -> str:
        several = self._texts.parcel_of_several.format(index=index, count=len(order.shipments))
        text = self._texts.parcel[shipment.state].format(
            parcel=several if len(order.shipments) > 1 else self._texts.parcel_alone,
            items=self._inside(order, shipment),
            carrier=shipment.carrier,
            expected=self._expected(shipment),
            on=self._on(shipment),
            to=self._texts.to.format(city=order.address.city) if order.address.city else "",
        )
        return text if shipment.state in _SETTLED else text + self._tracking(shipment)

    def _on(self, shipment: Shipment) -> str:
        if shipment.delivered_at is None:
            return ""
        return self._texts.on.format(day=self._formats.day(shipment.delivered_at.date()))

    def _tracking(self, shipment: Shipment) -> str:
        if not shipment.tracking_number:
            return ""
        url = self._linkable(shipment.tracking_url)
        pattern = self._texts.tracking_link if url else self._texts.tracking
        return pattern.format(tracking=shipment.tracking_number, url=url)

    def _expected(self, shipment: Shipment) -> str:
        if shipment.expected_on is None:
            return self._texts.no_day
        pattern = self._texts.expected if shipment.expected_on >= self._today else self._texts.overdue
        return pattern.format(day=self._formats.day(shipment.expected_on))

    def _inside(self, order: Order, shipment: Shipment) -> str:
        return self._formats.items(line for line in order.lines if line.line_id in shipment.line_ids)

    # --- one thing of it ----------------------------------------------------------------------------------------------

    def _aspect(self, order: Order, aspect: str) -> list[Statement]:
        about: dict[str, Callable[[Order], list[Statement]]] = {
            "asks_when": self._when,
            "asks_tracking": self._track,
            "asks_items": self._contents,
            "asks_total": self._total,
            "asks_address": self._address,
        }
        return about[aspect](order)

    def _when(self, order: Order) -> list[Statement]:
        if order.state in _WITHOUT_GOODS:
            return []
        told = [
            Statement(text=self._when_parcel(order, parcel), citations=(of_order(order), of_parcel(parcel)))
            for parcel in order.shipments
            if parcel.state is not ShipmentState.RETURNED
        ]
        waiting = _waiting(order)
        if waiting:
            text = self._texts.when_not_sent.format(items=self._formats.items(waiting))
            told.append(Statement(text=text, citations=(of_order(order),)))
        return told

    def _when_parcel(self, order: Order, parcel: Shipment) -> str:
        items = self._inside(order, parcel)
        if parcel.delivered_at is not None:
            return self._texts.when_delivered.format(items=items, day=self._formats.day(parcel.delivered_at.date()))
        if parcel.expected_on is None:
            return self._texts.when_unknown.format(items=items, carrier=parcel.carrier)
        pattern = self._texts.when_expected if parcel.expected_on >= self._today else self._texts.when_overdue
        return pattern.format(items=items, day=self._formats.day(parcel.expected_on))

    def _track(self, order: Order) -> list[Statement]:
        numbered = [parcel for parcel in order.shipments if parcel.tracking_number]
        if not numbered:
            none = self._texts.tracking_none.format(number=order.number)
            return [] if order.shipments else [Statement(text=none, citations=(of_order(order),))]
        return [
            Statement(text=self._number_of(order, parcel), citations=(of_order(order), of_parcel(parcel)))
            for parcel in numbered
        ]

    def _number_of(self, order: Order, parcel: Shipment) -> str:
        text = self._texts.tracking_of.format(
            items=self._inside(order, parcel), carrier=parcel.carrier, tracking=parcel.tracking_number
        )
        url = self._linkable(parcel.tracking_url)
        return f"{text} {url}" if url else text

    def _contents(self, order: Order) -> list[Statement]:
        text = self._texts.items_of.format(number=order.number, items=self._formats.items(order.lines))
        return [Statement(text=text, citations=(of_order(order),))]

    def _total(self, order: Order) -> list[Statement]:
        text = self._texts.total_of.format(number=order.number, total=self._formats.money(order.total))
        return [Statement(text=text, citations=(of_order(order),))]

    def _address(self, order: Order) -> list[Statement]:
        """The town only: a proof by order number does not open the whole address."""
        if not order.address.city:
            return []
        text = self._texts.goes_to.format(number=order.number, city=order.address.city)
        return [Statement(text=text, citations=(of_order(order),))]


def of_order(order: Order) -> Citation:
    """The order as a source."""
    return Citation(kind=CitationKind.ORDER, ref=order.number, title=order.number)


def of_parcel(parcel: Shipment) -> Citation:
    """A parcel as a source."""
    return Citation(kind=CitationKind.SHIPMENT, ref=parcel.shipment_id, title=parcel.tracking_number)


def _waiting(order: Order) -> list[OrderLine]:
    """Lines that are in no parcel yet and are still to come."""
    if order.state in _WITHOUT_GOODS:
        return []
    sent = {line_id for shipment in order.shipments for line_id in shipment.line_ids}
    return [line for line in order.lines if line.line_id not in sent and line.cancelled < line.quantity]


def overdue(order: Order, today: date) -> bool:
    """Whether a parcel is past its expected day or in trouble: a person should look after it."""
    return any(
        shipment.state is ShipmentState.EXCEPTION
        or (shipment.state not in _SETTLED and shipment.expected_on is not None and shipment.expected_on < today)
        for shipment in order.shipments
    )

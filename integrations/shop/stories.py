"""What may have happened to an order of the demo store: told in days before now, so it is plausible whenever run."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from domain.commerce import OrderState, PaymentState, ShipmentState


@dataclass(frozen=True)
class ParcelStory:
    """One parcel: `shipped`, `delivered`, `scanned` in days ago, `expected` in days from today (negative when past)."""

    state: ShipmentState
    shipped: float | None = None
    expected: int | None = None
    delivered: float | None = None
    scanned: float | None = None


@dataclass(frozen=True)
class OrderStory:
    """One order, placed `age` days ago; its lines are dealt out over the parcels in turn."""

    state: OrderState
    age: float
    parcels: tuple[ParcelStory, ...] = ()
    payment: PaymentState = PaymentState.CAPTURED


Telling = Callable[[Random], OrderStory]


def moving(shipped: float, expected: int, scanned: float = 0.4) -> ParcelStory:
    """A parcel in the carrier's hands."""
    return ParcelStory(ShipmentState.IN_TRANSIT, shipped, expected, scanned=scanned)


def arrived(shipped: float, delivered: float) -> ParcelStory:
    """A delivered parcel; its last scan is the delivery, and it came on the day that was expected."""
    return ParcelStory(ShipmentState.DELIVERED, shipped, -round(delivered), delivered, scanned=delivered)


def pending(rng: Random) -> OrderStory:
    """Placed, the transfer not yet in."""
    return OrderStory(OrderState.PENDING, rng.uniform(0.1, 3), payment=PaymentState.PENDING)


def packing(rng: Random) -> OrderStory:
    """Paid, on the packing table; for some the label is already printed."""
    label = ParcelStory(ShipmentState.LABEL_CREATED, expected=4)
    return OrderStory(OrderState.PAID, rng.uniform(0.05, 1.5), (label,) if rng.random() < 0.4 else ())


def partly_shipped(rng: Random) -> OrderStory:
    """One parcel gone, the other still to be packed."""
    age = rng.uniform(2, 4)
    waiting = ParcelStory(ShipmentState.LABEL_CREATED, expected=3)
    return OrderStory(OrderState.PARTLY_SHIPPED, age, (moving(age - 1, 1), waiting))


def in_transit(rng: Random) -> OrderStory:
    """On its way and in time."""
    age = rng.uniform(1.5, 4)
    return OrderStory(OrderState.SHIPPED, age, (moving(age - 0.9, rng.randint(1, 3), rng.uniform(0.1, 0.5)),))


def out_for_delivery(rng: Random) -> OrderStory:
    """On the van today."""
    age = rng.uniform(3, 5)
    parcel = ParcelStory(ShipmentState.OUT_FOR_DELIVERY, age - 1, 0, scanned=0.1)
    return OrderStory(OrderState.SHIPPED, age, (parcel,))


def split(rng: Random) -> OrderStory:
    """Two parcels, one delivered, one still on its way."""
    age = rng.uniform(4, 6)
    return OrderStory(OrderState.SHIPPED, age, (arrived(age - 1, 1.2), moving(age - 2, 1)))


def late(rng: Random) -> OrderStory:
    """In transit, past the carrier's date, without a scan for days."""
    age = rng.uniform(9, 16)
    return OrderStory(OrderState.SHIPPED, age, (moving(age - 1, -rng.randint(2, 5), rng.uniform(3, 7)),))


def exception(rng: Random) -> OrderStory:
    """The carrier could not deliver."""
    age = rng.uniform(6, 10)
    parcel = ParcelStory(ShipmentState.EXCEPTION, age - 1, -1, scanned=rng.uniform(0.5, 2))
    return OrderStory(OrderState.SHIPPED, age, (parcel,))


def delivered(rng: Random) -> OrderStory:
    """All done, some time within the last year; now and then in two parcels."""
    age = rng.uniform(6, 360)
    second = (arrived(age - 2, age - 5),) if rng.random() < 0.15 else ()
    return OrderStory(OrderState.DELIVERED, age, (arrived(age - 1, age - rng.uniform(3, 5.5)), *second))


def cancelled(rng: Random) -> OrderStory:
    """Called off before it was packed."""
    return OrderStory(OrderState.CANCELLED, rng.uniform(0.5, 300), payment=PaymentState.VOIDED)


def sent_back(rng: Random) -> OrderStory:
    """Delivered, returned by the customer and refunded."""
    age = rng.uniform(20, 300)
    return OrderStory(OrderState.RETURNED, age, (arrived(age - 1, age - 4),), PaymentState.REFUNDED)


def undeliverable(rng: Random) -> OrderStory:
    """Came back to the warehouse and was refunded."""
    age = rng.uniform(15, 60)
    parcel = ParcelStory(ShipmentState.RETURNED, age - 1, 4 - round(age), scanned=age - 10)
    return OrderStory(OrderState.RETURNED, age, (parcel,), PaymentState.REFUNDED)


TELLINGS: tuple[tuple[int, Telling], ...] = (
    (3, pending),
    (8, packing),
    (4, partly_shipped),
    (12, in_transit),
    (4, out_for_delivery),
    (4, split),
    (4, late),
    (2, exception),
    (44, delivered),
    (6, cancelled),
    (6, sent_back),
    (3, undeliverable),
)
"""How often each story is told, in parts of a hundred."""

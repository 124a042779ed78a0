"""All that the local assistant says, by language. A language without an entry here goes to a person.

Fields in braces are filled with facts that were looked up; nothing here promises anything.
"""

from datetime import date

from babel.dates import format_date

from domain.commerce import OrderState, ShipmentState
from domain.triage import IssueType
from domain.values import Value


class Texts(Value):
    """The wording of one language."""

    greeting: str
    ask_for_the_problem: str
    ask_which_of_two: str
    ask_for_proof: str
    ask_which_order: str
    ask_for_the_number_again: str
    order_choice: str
    order: dict[OrderState, str]
    order_on_its_way: str
    parcel: dict[ShipmentState, str]
    parcel_number: str
    parcel_of_several: str
    expected: str
    expected_before: str
    not_sent_yet: str
    no_orders: str
    source: str
    product_attribute: str
    product_options: dict[str, str]
    product_in_stock: str
    product_sold_out: str
    product_price: str
    welcome: str
    and_more: str
    issue: dict[IssueType, str]
    """What a customer would call it, after `Is it about`."""
    suggested_opening: str


ENGLISH = Texts(
    greeting="Hello! What can I help you with?",
    ask_for_the_problem="I'd like to help. Could you tell me in a sentence or two what it is about, "
    "for example an order, a return or a product?",
    ask_which_of_two="I want to be sure I understand you. Is it about {first}, or about {second}?",
    ask_for_proof="I can look that up once I know the order is yours. "
    "Could you send me the order number and the email address that was used for it?",
    ask_which_order="You have more than one order with us. Which one do you mean?\n{choices}",
    ask_for_the_number_again="I can't find {number} among your orders. Could you check the number for me?",
    order_choice="- {number} of {placed}: {items}",
    order={
        OrderState.PENDING: "Order {number} of {placed} has reached us and is waiting for its payment.",
        OrderState.PAID: "Order {number} of {placed} is paid and being packed. It has not left us yet.",
        OrderState.PARTLY_SHIPPED: "Part of order {number} of {placed} is on its way; the rest is still being packed.",
        OrderState.SHIPPED: "Order {number} of {placed} has been shipped.",
        OrderState.DELIVERED: "Order {number} of {placed} has been delivered.",
        OrderState.CANCELLED: "Order {number} of {placed} is cancelled.",
        OrderState.RETURNED: "Order {number} of {placed} has been returned to us.",
    },
    order_on_its_way="Order {number} of {placed} travels in {parcels} parcels.",
    parcel={
        ShipmentState.LABEL_CREATED: "{parcel} ({items}) is packed and waiting for {carrier} to collect it.{expected}",
        ShipmentState.IN_TRANSIT: "{parcel} ({items}) is on its way with {carrier}.{expected}",
        ShipmentState.OUT_FOR_DELIVERY: "{parcel} ({items}) is out for delivery with {carrier}.{expected}",
        ShipmentState.DELIVERED: "{parcel} ({items}) was delivered by {carrier}{on}.",
        ShipmentState.EXCEPTION: "{parcel} ({items}): {carrier} reports a problem with the delivery.{expected}",
        ShipmentState.RETURNED: "{parcel} ({items}) came back to us.",
    },
    parcel_number=" Tracking number: {tracking}.",
    parcel_of_several="Parcel {index} of {count}",
    expected=" Expected on {day}.",
    expected_before=" It was expected on {day}.",
    not_sent_yet="Not sent yet: {items}.",
    no_orders="I can't find any orders in your account. Could you give me the order number?",
    source="{text}\n(From our help page “{title}”)",
    product_attribute="{title}, {attribute}: {value}.",
    product_options={
        "sizes": "{title} comes in these sizes: {values}.",
        "colours": "{title} comes in these colours: {values}.",
    },
    product_in_stock="in stock now: {values}.",
    product_sold_out="sold out at the moment: {values}.",
    product_price="{title} costs {prices}.",
    welcome="You're welcome! Write again whenever you need something.",
    and_more="{items} and {count} more",
    issue={
        IssueType.ORDER_STATUS: "where an order is",
        IssueType.DELIVERY: "a delivery",
        IssueType.RETURN: "sending something back",
        IssueType.EXCHANGE: "exchanging something",
        IssueType.REFUND: "a refund",
        IssueType.CANCEL_ORDER: "cancelling an order",
        IssueType.CHANGE_ORDER: "changing an order",
        IssueType.DAMAGED_WRONG: "something that arrived damaged, wrong or incomplete",
        IssueType.PRODUCT_QUESTION: "a product",
        IssueType.BILLING: "a payment or an invoice",
        IssueType.ACCOUNT: "your account",
        IssueType.PROMO: "a discount or a code",
        IssueType.SUBSCRIPTION: "a membership or subscription",
        IssueType.COMPLAINT: "something you are unhappy with",
        IssueType.HUMAN: "talking to a person",
        IssueType.SITE_ISSUE: "a problem with our website",
    },
    suggested_opening="Hello{name}, thank you for your message about {issue}. I am looking into it for you now.",
)

TEXTS: dict[str, Texts] = {"en": ENGLISH}


def day(moment: date, language: str) -> str:
    """A day as people say it, e.g. `Tuesday 24 November`."""
    return format_date(moment, "EEEE d MMMM", locale=language)

"""What the local assistant says in English: see `texts.text`."""

from domain.commerce import MethodKind, OrderState, ReturnState, ShipmentState
from domain.flows.kinds import FlowKind, FlowOutcome, FlowState
from domain.triage import IssueType
from integrations.assistant.local.texts.text import (
    MoneyTexts,
    OrderTexts,
    ProductTexts,
    Questions,
    ReturnTexts,
    Texts,
)

_ASK = Questions(
    greeting="Hello! What can I help you with?",
    problem="I'd like to help. Could you tell me in a sentence or two what it is about, "
    "for example an order, a return or a product?",
    which_of_two="I want to be sure I understand you. Is it about {first}, or about {second}?",
    proof="I can look into that once I know the order is yours. "
    "Could you send me the order number and the email address or the postcode that was used for it?",
    which_order="You have more than one order with us. Which one do you mean?\n{choices}",
    number_again="I can't find {number} among your orders. Could you check the number for me?",
    no_orders="I can't find any orders in your account. Could you give me the order number?",
)

_ORDER = OrderTexts(
    choice="- {number} of {placed}: {items}",
    state={
        OrderState.PENDING: "Order {number} of {placed} has reached us and is waiting for its payment.",
        OrderState.PAID: "Order {number} of {placed} is paid and being packed. It has not left us yet.",
        OrderState.PARTLY_SHIPPED: "Part of order {number} of {placed} is on its way; the rest is still being packed.",
        OrderState.SHIPPED: "Order {number} of {placed} has been shipped.",
        OrderState.DELIVERED: "Order {number} of {placed} has been delivered.",
        OrderState.CANCELLED: "Order {number} of {placed} is cancelled.",
        OrderState.RETURNED: "Order {number} of {placed} has been returned to us.",
    },
    on_its_way="Order {number} of {placed} travels in {parcels} parcels.",
    parcel={
        ShipmentState.LABEL_CREATED: "{parcel} ({items}) is packed and waiting for {carrier} to collect it.{expected}",
        ShipmentState.IN_TRANSIT: "{parcel} ({items}) is on its way with {carrier}.{expected}",
        ShipmentState.OUT_FOR_DELIVERY: "{parcel} ({items}) is out for delivery with {carrier}.{expected}",
        ShipmentState.DELIVERED: "{parcel} ({items}) was delivered by {carrier}{on}{to}.",
        ShipmentState.EXCEPTION: "{parcel} ({items}): {carrier} reports a problem with the delivery.{expected}",
        ShipmentState.RETURNED: "{parcel} ({items}) came back to us.",
    },
    parcel_alone="The parcel",
    parcel_of_several="Parcel {index} of {count}",
    on=" on {day}",
    to=" to the address in {city}",
    tracking=" Tracking number: {tracking}.",
    tracking_link=" Tracking number: {tracking}, {url}",
    expected=" Expected on {day}.",
    overdue=" It was expected on {day} and is overdue.",
    no_day=" The carrier has not named a day for it.",
    not_sent_yet="Not sent yet: {items}.",
    no_day_before_sending="There is no delivery date for it yet.",
    cancelled_lines="Cancelled in it: {items}.",
    when_expected="{items}: the delivery is expected on {day}.",
    when_overdue="{items}: the delivery was expected on {day}, so it is overdue.",
    when_unknown="{items}: {carrier} has not named a day for the delivery yet.",
    when_delivered="{items}: delivered on {day}.",
    when_not_sent="{items}: not sent yet, so I have no delivery date for it.",
    tracking_of="{items}: the tracking number with {carrier} is {tracking}.",
    tracking_none="There is no tracking number for order {number} yet, since nothing of it has been sent.",
    items_of="Order {number} holds: {items}.",
    total_of="Order {number} came to {total}.",
    goes_to="Order {number} goes to the address in {city}.",
    and_more="{items} and {count} more",
)

_MONEY = MoneyTexts(
    refunded="For order {number} we paid back {amount} on {day}, {method}.",
    methods={
        MethodKind.CARD: "to the card it was paid with",
        MethodKind.PAYPAL: "to the PayPal account",
        MethodKind.TRANSFER: "by bank transfer",
        MethodKind.GIFT_CARD: "to the gift card",
        MethodKind.STORE_CREDIT: "as store credit",
    },
    paid_once="For order {number} our records show one payment: {amount}, {method}.",
    paid_by={
        MethodKind.CARD: "by card",
        MethodKind.PAYPAL: "by PayPal",
        MethodKind.TRANSFER: "by bank transfer",
        MethodKind.GIFT_CARD: "by gift card",
        MethodKind.STORE_CREDIT: "with store credit",
    },
)

_RETURNS = ReturnTexts(
    flow={
        FlowState.WORKING: "{about} was registered on {day} and is being processed.",
        FlowState.AWAITING_APPROVAL: "{about} was registered on {day}; a person from our team is looking at it.",
        FlowState.AWAITING_PAYMENT: "{about} was registered on {day} and waits for your payment.",
        FlowState.AWAITING_PHOTO: "{about} was registered on {day} and waits for a photo from you.",
        FlowState.AWAITING_PARCEL: "{about} was registered on {day}; the parcel has not been handed in yet.",
        FlowState.IN_TRANSIT: "{about} was registered on {day}; the parcel is on its way back to us.",
        FlowState.AWAITING_INSPECTION: "{about} was registered on {day}; the parcel has arrived and is being checked.",
        FlowState.AWAITING_CUSTOMER: "{about} was registered on {day} and waits for your choice.",
        FlowState.AWAITING_PARTY: "{about} was registered on {day}; we are waiting for an answer from a partner.",
        FlowState.AWAITING_PERSON: "{about} was registered on {day}; a person from our team is taking care of it.",
        FlowState.WAITING: "{about} was registered on {day} and goes on by itself.",
    },
    ended={
        FlowOutcome.SETTLED: "{about} was completed on {day}.",
        FlowOutcome.DECLINED: "{about} was declined on {day}.",
        FlowOutcome.EXPIRED: "{about} was closed on {day} because its time was over.",
        FlowOutcome.CANCELLED: "{about} was called off on {day}.",
        FlowOutcome.COMPENSATED: "{about} could not be completed and was undone on {day}.",
        FlowOutcome.NO_LONGER_TRUE: "{about} was closed on {day}.",
    },
    record={
        ReturnState.OPEN: "{about} is registered; the parcel has not reached us yet.",
        ReturnState.CLOSED: "{about} is completed.",
        ReturnState.CANCELLED: "{about} was called off.",
    },
    record_arrived="{about} has arrived with us and is being checked.",
    kinds={
        FlowKind.RETURN: "The return for order {number}",
        FlowKind.EXCHANGE: "The exchange for order {number}",
        FlowKind.CANCELLATION: "The cancellation of order {number}",
        FlowKind.ADDRESS_CHANGE: "The change of address for order {number}",
        FlowKind.ITEM_CHANGE: "The change of items in order {number}",
        FlowKind.PAYMENT_CHANGE: "The change of payment for order {number}",
        FlowKind.REFUND: "The refund for order {number}",
        FlowKind.CLAIM: "The claim for order {number}",
        FlowKind.INQUIRY: "Our inquiry about order {number}",
        FlowKind.OUTREACH: "Our message about order {number}",
        FlowKind.CUSTOM: "The request for order {number}",
    },
)

_PRODUCT = ProductTexts(
    attribute="{title}, {attribute}: {value}.",
    attributes={
        "material": "material",
        "care": "care",
        "waterproof": "water resistance",
        "fit": "fit",
        "itch": "feel",
        "length": "length",
        "weight": "weight",
        "capacity": "capacity",
    },
    options={
        "sizes": "{title} comes in these sizes: {values}.",
        "colours": "{title} comes in these colours: {values}.",
    },
    in_stock="in stock now: {values}.",
    sold_out="sold out at the moment: {values}.",
    price="{title} costs {prices}.",
)

ENGLISH = Texts(
    ask=_ASK,
    order=_ORDER,
    money=_MONEY,
    returns=_RETURNS,
    product=_PRODUCT,
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
    source="{text}\n(From our help page “{title}”)",
    source_link="{text}\n(From our help page “{title}”)\n{url}",
    welcome="You're welcome! Write again whenever you need something.",
    suggested_opening="Hello{name}, thank you for your message about {issue}. I am looking into it for you now.",
    your_request="your request",
    day="EEEE d MMMM",
    day_and_year="d MMMM y",
)

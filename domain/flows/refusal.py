"""Why a request is refused: named rules, the same for customers, agents, the AI and the shop itself."""

from enum import StrEnum

from domain.values import Value


class Rule(StrEnum):
    """One rule that a request can break. Each has words for the customer in `domain.flows.refusal_words`."""

    UNKNOWN_ORDER = "unknown_order"
    FOREIGN_ORDER = "foreign_order"
    """The order is another customer's; told like an unknown one."""
    ORDER_STATE = "order_state"
    """The order is not in a state that allows it; `detail` is the state."""
    NOTHING_CHOSEN = "nothing_chosen"
    UNKNOWN_LINE = "unknown_line"
    QUANTITY_NOT_POSITIVE = "quantity_not_positive"
    QUANTITY_NOT_LEFT = "quantity_not_left"
    """More units than the customer has and nothing else is happening to."""
    NOT_DELIVERED = "not_delivered"
    """Not yet delivered, so it cannot come back."""
    ALREADY_SHIPPED = "already_shipped"
    WINDOW_OVER = "window_over"
    FINAL_SALE = "final_sale"
    CONDITION = "condition"
    RECEIPT_MISSING = "receipt_missing"
    REASON_NOT_ALLOWED = "reason_not_allowed"
    FLAGGED = "flagged"
    """The customer is marked (fraud) and policy takes no requests of theirs."""
    SECOND_REQUEST = "second_request"
    """Policy allows one request of this kind for an order."""
    ORDER_CLOSED_TO_CHANGES = "order_closed_to_changes"
    UNKNOWN_VARIANT = "unknown_variant"
    SAME_VARIANT = "same_variant"
    DIFFERENT_PRODUCT = "different_product"
    VARIANT_UNAVAILABLE = "variant_unavailable"
    UNKNOWN_METHOD = "unknown_method"
    """The customer has no such payment method."""
    METHOD_NOT_ALLOWED = "method_not_allowed"
    """Policy sends no refund there, or takes no payment from there."""
    SAME_METHOD = "same_method"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    DECLINED_PAYMENT = "declined_payment"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    AMOUNT_ABOVE_PAID = "amount_above_paid"
    OTHER_CURRENCY = "other_currency"
    ADDRESS_INCOMPLETE = "address_incomplete"
    NOTHING_CHANGES = "nothing_changes"
    NOT_OFFERED = "not_offered"
    """Policy does not offer this at all."""
    NOT_CONFIRMED = "not_confirmed"
    """The customer has not said yes to what was read back to them."""
    UNKNOWN_PARTNER = "unknown_partner"
    CLAIM_WINDOW_OVER = "claim_window_over"
    NO_LONGER_OPEN = "no_longer_open"
    """The shop's record has moved on: the return is closed, the label used, the hold released."""


class Refused(Value):
    """A request, or a step of a flow, that a rule forbids. Nothing has changed."""

    rule: Rule
    detail: str = ""
    """Ids, states and numbers, never words of a customer."""

    def __str__(self) -> str:
        return f"{self.rule}:{self.detail}" if self.detail else self.rule.value

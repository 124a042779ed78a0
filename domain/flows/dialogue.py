"""From a conversation to a request: which order, which items, which variants, why. Read only from the customer's words.

What is read has no effect: policy judges it, it is read back, and only an explicit yes to that begins anything. So a
message can at most change what is asked for, never what policy allows or what money follows from it.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from domain.commerce import Order, OrderState
from domain.flows.kinds import FlowKind
from domain.flows.mentions import Gathered, Products, gather, names_line_of, present_variant, variant_with
from domain.flows.reason_words import said_last, says
from domain.flows.requests import (
    CancellationRequest,
    ClaimRequest,
    Complaint,
    CustomRequest,
    ExchangeRequest,
    FlowRequest,
    ItemChange,
    ItemWanted,
    RefundTo,
    Remedy,
    ReturnRequest,
    Swap,
)
from domain.flows.rules import CommerceRules, ReturnRules
from domain.flows.verdict import Verdict
from domain.values import Value

SWAPS = frozenset({FlowKind.EXCHANGE, FlowKind.ITEM_CHANGE})
_REASONS = ("damaged", "wrong", "missing", "too_small", "too_big", "changed_mind", "late")
_FEW_WORDS = 6
_ASKS = re.compile(
    r"\W*(?:where|when|how|what|why|who|can|could|do|does|is|are|wo|wann|wie|was|warum|wer|d[oó]nde|cu[aá]ndo|c[oó]mo|qu[eé]"
    r"|où|quand|comment|pourquoi|est-ce)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{4,}")


class Missing(StrEnum):
    """What a request still lacks."""

    ORDER = "order"
    ITEMS = "items"
    VARIANT = "variant"
    REASON = "reason"
    CONDITION = "condition"
    COMPLAINT = "complaint"


class Lacking(Value):
    """A request that cannot be made yet."""

    what: Missing
    line_ids: tuple[str, ...] = ()
    """The lines that it is about."""
    choices: tuple[str, ...] = ()
    """Codes of the policy to choose from."""


def answers(said: str, own: Sequence[Order]) -> bool:
    """Does it read like an answer to what a dialogue has asked, rather than like something else?

    A few words are, and more where they name what the customer has ordered; a question never is.
    """
    if "?" in said or _ASKS.match(said):
        return False
    return len(said.split()) <= _FEW_WORDS or any(names_line_of(order, said) for order in own)


# --- the order ------------------------------------------------------------------------------------------------------


def order_named(turns: Sequence[str], own: Sequence[Order]) -> Order | None:
    """Of the customer's own orders the one whose number was named last, with or without its prefix."""
    for turn in reversed(turns):
        digits = _DIGITS.findall(turn)
        for order in own:
            if order.number.lower() in turn.lower() or any(run in digits for run in _DIGITS.findall(order.number)):
                return order
    return None


def read_from_words(flow: str, rules: CommerceRules) -> bool:
    """Can its request be read from words? Others, e.g. a new address, are written on the self-service page."""
    return flow in _READERS or flow in rules.own


def order_meant(flow: str, turns: Sequence[str], own: Sequence[Order], rules: CommerceRules) -> Order | None:
    """The order that the words name, else the only one that fits by what they name in it, else the only one at all."""
    named = order_named(turns, own)
    if named is not None:
        return named
    fitting = [order for order in own if fits(flow, order, rules)]
    by_items = [order for order in fitting if names_line_of(order, "\n".join(turns))]
    return next((found[0] for found in (by_items, fitting) if len(found) == 1), None)


def fits(flow: str, order: Order, rules: CommerceRules) -> bool:
    """Could such a flow be about this order, by its state?"""
    return order.state in _states(flow, rules) and any(line.open_quantity > 0 for line in order.lines)


def _states(flow: str, rules: CommerceRules) -> tuple[OrderState, ...]:
    return rules.cancellations.possible_in if flow == FlowKind.CANCELLATION else rules.planned[flow].states


# --- the request ----------------------------------------------------------------------------------------------------


def request_from(
    flow: str, turns: Sequence[str], order: Order, products: Products, rules: CommerceRules
) -> FlowRequest | Lacking:
    """The request that the customer's turns, oldest first, come to; or the first thing that it lacks.

    `products` are those of the order's lines, needed for swaps. Raises `KeyError` for a flow that no words can say.
    """
    gathered = gather(turns, order, products if flow in SWAPS else {})
    if flow in rules.own:
        return _own(flow, gathered, order, rules)
    if not gathered.units and flow != FlowKind.CANCELLATION:
        gathered = _the_only_line(gathered, order)
    lacking = _lacks_items(flow, gathered)
    return lacking or _READERS[flow](turns, gathered, order, products, rules)


def _own(flow: str, gathered: Gathered, order: Order, rules: CommerceRules) -> FlowRequest | Lacking:
    if not rules.own[flow].items:
        return CustomRequest(flow=flow, order=order.number)
    gathered = gathered if gathered.units else _the_only_line(gathered, order)
    lacking = _lacks_items(flow, gathered)
    return lacking or CustomRequest(flow=flow, order=order.number, items=_items(gathered))


def _the_only_line(gathered: Gathered, order: Order) -> Gathered:
    lines = [line for line in order.lines if line.open_quantity > 0]
    units = {lines[0].line_id: lines[0].open_quantity} if len(lines) == 1 else {}
    return gathered.model_copy(update={"units": units, "unclear": gathered.unclear and not units})


def _lacks_items(flow: str, gathered: Gathered) -> Lacking | None:
    named = bool(gathered.units) or flow == FlowKind.CANCELLATION
    return Lacking(what=Missing.ITEMS) if gathered.unclear or not named else None


def _items(gathered: Gathered) -> tuple[ItemWanted, ...]:
    return tuple(ItemWanted(line_id=line_id, quantity=count) for line_id, count in gathered.units.items())


def _return(
    turns: Sequence[str], gathered: Gathered, order: Order, _: Products, rules: CommerceRules
) -> FlowRequest | Lacking:
    why = _why(turns, rules.returns)
    if isinstance(why, Lacking):
        return why
    to_credit = any(says("store_credit", turn) for turn in turns)
    return ReturnRequest(
        order=order.number,
        items=_items(gathered),
        refund_to=RefundTo.STORE_CREDIT if to_credit else RefundTo.ORIGINAL,
        **why,
    )


def _exchange(
    turns: Sequence[str], gathered: Gathered, order: Order, products: Products, rules: CommerceRules
) -> FlowRequest | Lacking:
    swaps = _swaps(turns, gathered, order, products)
    if isinstance(swaps, Lacking):
        return swaps
    why = _why(turns, rules.exchanges)
    return why if isinstance(why, Lacking) else ExchangeRequest(order=order.number, swaps=swaps, **why)


def _item_change(
    turns: Sequence[str], gathered: Gathered, order: Order, products: Products, _: CommerceRules
) -> FlowRequest | Lacking:
    swaps = _swaps(turns, gathered, order, products)
    return swaps if isinstance(swaps, Lacking) else ItemChange(order=order.number, swaps=swaps)


def _cancellation(
    turns: Sequence[str], gathered: Gathered, order: Order, _: Products, rules: CommerceRules
) -> FlowRequest | Lacking:
    reason = said_last(rules.cancellations.reasons or _REASONS, turns)
    if rules.cancellations.reasons and not reason:
        return Lacking(what=Missing.REASON, choices=rules.cancellations.reasons)
    whole = all(gathered.units.get(line.line_id, 0) >= line.open_quantity for line in order.lines)
    return CancellationRequest(
        order=order.number, items=() if whole else _items(gathered), reason=reason or "unspecified"
    )


def _claim(
    turns: Sequence[str], gathered: Gathered, order: Order, _: Products, __: CommerceRules
) -> FlowRequest | Lacking:
    complaint = said_last(tuple(Complaint), turns)
    if not complaint:
        return Lacking(what=Missing.COMPLAINT)
    remedy = said_last(("same_again", "refund"), turns)
    return ClaimRequest(
        order=order.number,
        items=_items(gathered),
        complaint=Complaint(complaint),
        remedy=Remedy.REFUND if remedy == "refund" else Remedy.REPLACEMENT,
    )


_Reader = Callable[[Sequence[str], Gathered, Order, Products, CommerceRules], FlowRequest | Lacking]
_READERS: dict[str, _Reader] = {
    FlowKind.RETURN: _return,
    FlowKind.EXCHANGE: _exchange,
    FlowKind.CANCELLATION: _cancellation,
    FlowKind.ITEM_CHANGE: _item_change,
    FlowKind.CLAIM: _claim,
}


def _swaps(turns: Sequence[str], gathered: Gathered, order: Order, products: Products) -> tuple[Swap, ...] | Lacking:
    """The variant of each line; those of which none was named, or none like that is sold, are asked for."""
    chosen = {line_id: _new_sku(line_id, turns, gathered, order, products) for line_id in gathered.units}
    open_ones = tuple(line_id for line_id, sku in chosen.items() if not sku)
    if open_ones:
        return Lacking(what=Missing.VARIANT, line_ids=open_ones)
    units = gathered.units
    return tuple(Swap(line_id=line_id, quantity=units[line_id], new_sku=sku) for line_id, sku in chosen.items())


def _new_sku(line_id: str, turns: Sequence[str], gathered: Gathered, order: Order, products: Products) -> str:
    options = gathered.options.get(line_id, {})
    found = variant_with(order, line_id, options, products)
    if not options and said_last(("same_again",), turns):
        found = present_variant(order, line_id, products)
    return found.sku if found else ""


def _why(turns: Sequence[str], rules: ReturnRules) -> dict[str, str] | Lacking:
    """Reason and condition, where the policy lists any; else the reason only if one of the usual ones was said."""
    reason = said_last(rules.reasons or _REASONS, turns)
    if rules.reasons and not reason:
        return Lacking(what=Missing.REASON, choices=rules.reasons)
    condition = said_last(rules.conditions, turns) if rules.conditions else ""
    if rules.conditions and not condition:
        return Lacking(what=Missing.CONDITION, choices=rules.conditions)
    return {"reason": reason or "unspecified", **({"condition": condition} if condition else {})}


# --- the read-back --------------------------------------------------------------------------------------------------

_READ_BACK = (
    "currency",
    "goods_minor",
    "fee_minor",
    "shipping_minor",
    "refund_minor",
    "bonus_minor",
    "charge_minor",
    "keeps_it",
    "needs_approval",
)


def fingerprint(request: FlowRequest, verdict: Verdict) -> str:
    """Of all that a read-back says: a yes counts for exactly this."""
    told = verdict.model_dump_json(include=set(_READ_BACK))
    return hashlib.sha256(f"{request.model_dump_json()}\n{told}".encode()).hexdigest()

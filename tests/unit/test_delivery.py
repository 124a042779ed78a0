"""May a queued message be sent, and which receipts move a delivery on."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import Verdict, may_send, moves_forward
from domain.message import DeliveryState
from domain.parties import AuthorKind

_FORWARD = [
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.READ,
]


@pytest.mark.parametrize(
    ("author", "epoch", "answers", "verdict"),
    [
        (AuthorKind.AI, 2, 5, Verdict.SEND),
        (AuthorKind.AI, 2, 4, Verdict.OUTDATED),
        (AuthorKind.AI, 1, 5, Verdict.NOT_HOLDER),
        (AuthorKind.AI, 1, 4, Verdict.NOT_HOLDER),
        (AuthorKind.AGENT, 2, 0, Verdict.SEND),
        (AuthorKind.SYSTEM, 2, 0, Verdict.SEND),
        (AuthorKind.AGENT, 1, 0, Verdict.NOT_HOLDER),
        (AuthorKind.SYSTEM, 1, 0, Verdict.NOT_HOLDER),
    ],
)
def test_only_the_holder_speaks_and_the_ai_only_to_the_last_word(
    author: AuthorKind, epoch: int, answers: int, verdict: Verdict
) -> None:
    judged = may_send(author=author, epoch=epoch, answers_seq=answers, baton_epoch=2, last_customer_seq=5)
    assert judged is verdict


@pytest.mark.parametrize(("current", "reported"), [*product(DeliveryState, DeliveryState)])
def test_a_receipt_moves_a_delivery_forward_only(current: DeliveryState, reported: DeliveryState) -> None:
    known = current in _FORWARD and reported in _FORWARD
    assert moves_forward(current, reported) == (known and _FORWARD.index(reported) > _FORWARD.index(current))


@given(st.lists(st.sampled_from(DeliveryState)))
def test_receipts_in_any_order_end_at_the_furthest(receipts: list[DeliveryState]) -> None:
    state = DeliveryState.SENT
    for receipt in receipts:
        state = receipt if moves_forward(state, receipt) else state
    known = [_FORWARD.index(receipt) for receipt in [*receipts, DeliveryState.SENT] if receipt in _FORWARD]
    assert _FORWARD.index(state) == max(known)

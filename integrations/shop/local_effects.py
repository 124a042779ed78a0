"""How the local shop does one thing to an order: under the order's lock, once for its key, all of it or nothing.

Locks are taken in one order everywhere, so effects never wait for each other in a circle: the order's row, variants by
SKU, then the customer's payment methods by id. Payments, returns, holds and links belong to one order and are guarded
by its row.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from pydantic import BaseModel
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commerce import OrderState
from domain.flows.effects import Done
from domain.flows.refusal import Refused, Rule
from integrations.shop.protocol import Effect
from store.commerce import ShopOrder
from store.commerce_ledger import ShopEffect
from store.database import Database
from store.locking import CLOCK

BEFORE_LEAVING = (OrderState.PENDING.value, OrderState.PAID.value)
"""States of an order of which nothing has left."""
_TICK = timedelta(microseconds=1)
_log = structlog.get_logger(__name__)


class Broken(Exception):
    """A rule stands against an effect. Whatever it has written by then is rolled back."""

    def __init__(self, rule: Rule, detail: str = "") -> None:
        self.refused = Refused(rule=rule, detail=detail)
        super().__init__(rule.value)


@dataclass(frozen=True)
class Asked:
    """An effect as it was asked for. `arguments` tell whether the same key asks for the same thing."""

    key: str
    verb: str
    arguments: tuple[object, ...]

    @property
    def fingerprint(self) -> str:
        """A digest, so that no words of a customer are kept in the ledger."""
        written = json.dumps([self.verb, self.arguments], default=_plain, separators=(",", ":"))
        return sha256(written.encode()).hexdigest()


@dataclass
class Turn:
    """One effect's time with an order, whose row it has locked. `at` is when it began (UTC)."""

    session: AsyncSession
    asked: Asked
    order: ShopOrder
    at: datetime

    @property
    def key(self) -> str:
        """The key of the effect."""
        return self.asked.key

    def tick(self) -> datetime:
        """An instant later than every other of this turn, so that what happened can be told in its order."""
        self.at += _TICK
        return self.at

    def done(self, ref: str = "", amount_minor: int = 0, detail: str = "") -> Done:
        """The answer to a finished effect."""
        return Done(ref=ref, at=self.at, amount_minor=amount_minor, detail=detail)


Doing = Callable[[Turn], Awaitable[Done]]


class LocalEffects:
    """What every group of the local shop's effects stands on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _on_order(self, asked: Asked, number: str, do: Doing) -> Effect:
        """Do it to an order. Raises `StoreUnavailable`, and `ValueError` if the key stands for something else."""
        try:
            async with self._database.begin() as session:
                done = await once(session, asked, number, do)
        except Broken as broken:
            return _refused(asked, broken.refused)
        _log.info("shop_effect_done", verb=asked.verb, key=asked.key)
        return done

    async def _on_part(self, asked: Asked, order_of: Select[str], do: Doing) -> Effect:
        """Do it to the order that a return, hold, payment or link belongs to; as `_on_order`."""
        async with self._database.begin() as session:
            number = await session.scalar(order_of)
        if number is None:
            return _refused(asked, Refused(rule=Rule.NO_LONGER_OPEN, detail="unknown"))
        return await self._on_order(asked, number, do)


async def once(session: AsyncSession, asked: Asked, number: str, do: Doing) -> Done:
    """Lock the order, then do it, or give the answer that the key was given before. Raises `Broken`, `ValueError`."""
    order = await _lock_order(session, number)
    known = await session.get(ShopEffect, asked.key)
    if known is not None:
        return _same_again(asked, known)
    # The clock is asked after the lock is held: what happens to one order is told in the order in which it happened.
    turn = Turn(session, asked, order, (await session.execute(select(CLOCK))).scalar_one())
    done = await do(turn)
    session.add(
        ShopEffect(
            key=asked.key,
            verb=asked.verb,
            order_number=order.number,
            fingerprint=asked.fingerprint,
            answer=done.model_dump(mode="json"),
        )
    )
    return done


def require_state(turn: Turn, allowed: Sequence[str]) -> None:
    """Raises `Broken` unless the order is in one of these states."""
    if turn.order.state not in allowed:
        raise Broken(Rule.ORDER_STATE, turn.order.state)


async def _lock_order(session: AsyncSession, number: str) -> ShopOrder:
    wanted = select(ShopOrder).where(col(ShopOrder.number) == number.strip().upper()).with_for_update(key_share=True)
    order = (await session.scalars(wanted)).one_or_none()
    if order is None:
        raise Broken(Rule.UNKNOWN_ORDER)
    return order


def _same_again(asked: Asked, known: ShopEffect) -> Done:
    if known.fingerprint != asked.fingerprint:
        raise ValueError("effect_key_stands_for_something_else")
    return Done.model_validate(known.answer)


def _refused(asked: Asked, refused: Refused) -> Refused:
    _log.info("shop_effect_refused", verb=asked.verb, key=asked.key, rule=refused.rule.value)
    return refused


def _plain(value: object) -> object:
    """For JSON: our values as their fields. Raises `TypeError` for anything else."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)

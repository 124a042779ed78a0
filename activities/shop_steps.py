"""What all steps in the shop have in common: each once for its flow and part, by what the flow's row says."""

from collections.abc import Awaitable, Callable

from pydantic import TypeAdapter

from activities.flow_records import Effected, ToDo
from domain.flows.effects import Accepted, Done
from domain.flows.requests import ClaimRequest, ExchangeRequest, ItemWanted, ReturnRequest, read_request
from domain.flows.units import units_of
from domain.flows.verdict import Verdict
from integrations.shop.protocol import Effect, Shop
from store.database import Database
from store.flow_steps import once
from store.flows import Flow

KEPT = "keep"
"""The part of a step about goods that did not come back, and count as if they had."""
REFUNDING = "refunding"
"""The fact of a claim that names the items which are refunded, by their places."""
Facts = Callable[[Flow, Done], dict[str, object]]

_LINES: TypeAdapter[list[Accepted]] = TypeAdapter(list[Accepted])


def no_facts(_: Flow, __: Done) -> dict[str, object]:
    """Nothing that customer or desk should be shown."""
    return {}


class ShopSteps:
    """A shop, and the ledger of what it was asked."""

    def __init__(self, database: Database, shop: Shop) -> None:
        self._database = database
        self._shop = shop

    async def _once(
        self, verb: str, todo: ToDo, do: Callable[[Flow, str], Awaitable[Effect]], facts: Facts = no_facts
    ) -> Effected:
        """The shop's answer. Its words for people stay in the store: a link or a code is in no history."""
        name = f"{verb}:{todo.part}" if todo.part else verb
        answer = await once(self._database, todo.flow_id, name, do, facts)
        if isinstance(answer, Done):
            return Effected(done=answer.model_copy(update={"detail": ""}))
        return Effected(refused=answer)

    async def _flow(self, flow_id: str) -> Flow:
        async with self._database.begin() as session:
            return await session.get_one(Flow, flow_id)


def items_of(flow: Flow, places: str = "") -> tuple[ItemWanted, ...]:
    """What a flow is about: all of it, or the items at some places of the request, separated by blanks."""
    request = read_request(flow.request)
    items: tuple[ItemWanted, ...] = ()
    match request:
        case ReturnRequest() | ClaimRequest():
            items = request.items
        case ExchangeRequest():
            items = request.swaps
        case _:
            raise ValueError("nothing that comes back")
    return tuple(items[int(place) - 1] for place in places.split()) if places else items


def arrived(flow: Flow) -> list[Accepted]:
    """What came back: as inspected, else all that was received, else what was asked for."""
    inspected, received = (_LINES.validate_python(flow.facts.get(what) or []) for what in ("inspected", "received"))
    return inspected or [line.model_copy(update={"accepted": line.received}) for line in received] or as_asked(flow)


def as_asked(flow: Flow) -> list[Accepted]:
    """All that was asked for, as if it had come back as it should."""
    units = units_of(items_of(flow, str(flow.facts.get(REFUNDING, ""))))
    return [Accepted(line_id=line_id, received=number, accepted=number) for line_id, number in units.items()]


def verdict_of(flow: Flow) -> Verdict:
    """What policy said when the flow was asked for."""
    return Verdict.model_validate(flow.verdict or {})


def difference_of(flow: Flow) -> int:
    """The price difference of that verdict, in minor units; below zero: the customer gets it."""
    verdict = verdict_of(flow)
    return verdict.charge_minor - verdict.refund_minor

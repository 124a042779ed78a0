"""What a warehouse's own system tells: what arrived, and in which state. Its token can do nothing else."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import WarehouseCaller
from api.counting import Arrived, Counted, counting
from api.fields import Body
from api.parts import Engine
from api.problems import responses
from domain.commitment import Fact, FulfilledBy
from store.facts import record_fact
from store.flow_parcels import Told, flow_of_return, record_inspection, record_receipt

_LINES = Field(min_length=1, max_length=100)
_VERB = responses(400, 401, 403, 404, 409, 413, 422, 503)
ReturnId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,100}$", description="The shop's id of the return.")]

router = APIRouter(prefix="/v1/returns/{return_id}", tags=["warehouse"])


class Receipt(Body):
    """What arrived; a line that is told again counts as told last."""

    lines: Annotated[list[Arrived], _LINES]


class Inspection(Body):
    """What it came to. The return goes on when every line of it has been told."""

    lines: Annotated[list[Counted], _LINES]


class Taken(BaseModel):
    """What became of it."""

    told: Told


@router.post("/received", responses=_VERB)
async def received(return_id: ReturnId, body: Receipt, _: WarehouseCaller, parts: Engine) -> Taken:
    """A parcel of a return has arrived. The same again changes nothing."""
    lines = [line.accepted_line for line in body.lines]
    async with parts.database.begin() as session:
        if any(line.received for line in lines):
            await _fulfil(session, return_id)
        with counting():
            told = await record_receipt(session, return_id, lines, by="warehouse")
    parts.relay.poke()
    return Taken(told=told)


@router.post("/inspected", responses=_VERB)
async def inspected(return_id: ReturnId, body: Inspection, _: WarehouseCaller, parts: Engine) -> Taken:
    """Lines of a return have been looked at. The same again changes nothing; another result for a line is refused."""
    lines = [line.accepted_line for line in body.lines]
    async with parts.database.begin() as session:
        with counting():
            told = await record_inspection(session, return_id, lines, by="warehouse")
    parts.relay.poke()
    return Taken(told=told)


async def _fulfil(session: AsyncSession, return_id: str) -> None:
    """Promises that wait for the parcel are kept; their cases are locked before the flow is."""
    flow = await flow_of_return(session, return_id)
    await record_fact(session, Fact(kind=FulfilledBy.RETURN_RECEIVED, order=flow.order_number, ref=return_id))

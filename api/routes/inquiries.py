"""Questions to outside parties: asked by agents, answered by mail or on a page behind a signed link.

The page shows the question and the order's number, and nothing else. Its address is the proof, so no cookie is read;
it takes one answer.
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from api.callers import AgentCaller, Staff
from api.fields import Body, Id, OrderNumber, Text
from api.flow_asking import Asker, FlowKey, ask
from api.parts import Engine, Parts
from api.problems import forbidden, invalid, not_found, responses
from api.reach import case_in_reach
from api.routes.pages import page
from domain.flows.inquiry import LINK_DAYS
from domain.flows.kinds import AskedBy, Requester
from domain.flows.requests import InquiryRequest
from domain.signed_token import PartnerToken, TokenRefused
from store.flows import Flow
from store.inquiries import LONGEST_ANSWER, InquiryView, inquiries, inquiry_of, is_waiting, record_answer

Token = Annotated[str, Path(max_length=4096)]

router = APIRouter(tags=["flows"])


class Question(Body):
    """What an agent wants to know of a partner of the policy. Say nothing of the customer that they need not know."""

    partner: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    question: Annotated[Text, Field(min_length=1, max_length=5000)]
    order: OrderNumber | None = None
    interaction_id: Id | None = None
    """The case in whose timeline the answer is shown."""


class AskedInquiry(BaseModel):
    """The question is on its way."""

    inquiry: InquiryView
    link: str
    """Where the partner can answer, to be given on by hand."""


@router.post("/v1/flows/inquiries", status_code=201, responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def ask_partner(body: Question, caller: AgentCaller, parts: Engine, key: FlowKey) -> AskedInquiry:
    """Ask a warehouse, courier or supplier. The same key again is the same question."""
    if not body.question.strip():
        raise invalid("question", "must not be blank")
    request = InquiryRequest(partner=body.partner, order=(body.order or "").strip().upper())
    asker = await _asker(parts, caller, body.interaction_id)
    asked = await ask(parts, request, asker, key=f"inquiry:{key}", words=body.question.strip())
    async with parts.database.begin() as session:
        inquiry = await inquiry_of(session, asked.flow_id)
        view = (await inquiries(session, flow_id=asked.flow_id))[0]
    return AskedInquiry(inquiry=view, link=parts.door.partner(inquiry.id, datetime.now(UTC), LINK_DAYS))


@router.get("/v1/flows/inquiries", responses=responses(401, 403, 404, 422, 503))
async def list_inquiries(interaction: Annotated[Id, Query()], caller: AgentCaller, parts: Engine) -> list[InquiryView]:
    """The questions of a case with their answers, newest first."""
    async with parts.database.begin() as session:
        await case_in_reach(session, caller, interaction)
        return await inquiries(session, interaction_id=interaction)


async def _asker(parts: Parts, caller: Staff, interaction_id: str | None) -> Asker:
    by = AskedBy(kind=Requester.AGENT, agent_id=caller.agent_id)
    if interaction_id is None:
        return Asker(by, "")
    async with parts.database.begin() as session:
        case = await case_in_reach(session, caller, interaction_id)
    return Asker(by, "", case.customer_id, interaction_id)


# --- the partner's page -----------------------------------------------------------------------------------------------


@router.get("/partner/{token}", include_in_schema=False)
async def partner_page(request: Request, token: Token, parts: Engine) -> Response:
    """The question, or a word that no answer is needed any more."""
    return await _shown(request, parts, _inquiry_id(parts, token))


@router.post("/partner/{token}", include_in_schema=False)
async def partner_answers(
    request: Request, token: Token, parts: Engine, answer: Annotated[Text, Form(max_length=LONGEST_ANSWER)] = ""
) -> Response:
    """The answer; the first one counts."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise forbidden("Answer from the page itself.")
    inquiry_id = _inquiry_id(parts, token)
    if not answer.strip():
        return await _shown(request, parts, inquiry_id, blank=True)
    async with parts.database.begin() as session:
        taken = await is_waiting(session, inquiry_id) is not None and await record_answer(session, inquiry_id, answer)
    parts.relay.poke()
    if not taken:
        return page(request, "inquiry.html", status_code=409, state="over")
    return page(request, "inquiry.html", state="thanks")


def _inquiry_id(parts: Parts, token: str) -> str:
    try:
        return PartnerToken.read(token, parts.settings.secret_key, datetime.now(UTC)).sub
    except TokenRefused:
        raise not_found() from None


async def _shown(request: Request, parts: Parts, inquiry_id: str, *, blank: bool = False) -> Response:
    async with parts.database.begin() as session:
        inquiry = await is_waiting(session, inquiry_id)
        flow = await session.get(Flow, inquiry.flow_id) if inquiry else None
        brand = (await parts.shelf.active(session)).brand.name
    if inquiry is None or flow is None:
        return page(request, "inquiry.html", state="over")
    return page(
        request,
        "inquiry.html",
        status_code=422 if blank else 200,
        state="open",
        blank=blank,
        brand=brand,
        question=inquiry.question,
        order=flow.order_number,
        longest=LONGEST_ANSWER,
    )

"""The page on which customers say how their case was resolved: a signed link opens it, one click answers.

Looking at it changes nothing, since mail scanners look at every link; its address is the proof, so no cookie is read.
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.requests import Request
from starlette.responses import Response

from api.fields import Text
from api.parts import Engine, Parts
from api.problems import forbidden, not_found
from api.routes.pages import page
from domain.rating import BEST
from domain.satisfaction_words import RatingPageWords, rating_page_words
from domain.signed_token import RatingToken, TokenRefused
from domain.triage import Triage
from store.interactions import Interaction
from store.rating_page import rate_on_page
from store.ratings import open_question

Token = Annotated[str, Path(max_length=4096)]
_LONGEST_COMMENT = 2000

router = APIRouter(tags=["satisfaction"], include_in_schema=False)


@router.get("/rate/{token}")
async def rating_page(request: Request, token: Token, parts: Engine) -> Response:
    """The question, or a word that it is not open any more."""
    interaction_id = _interaction_id(parts, token)
    words, asked = await _asked(parts, interaction_id)
    return _shown(request, words, "open" if asked else "over")


@router.post("/rate/{token}")
async def rate(
    request: Request,
    token: Token,
    parts: Engine,
    score: Annotated[int, Form(ge=1, le=BEST)],
    comment: Annotated[Text, Form(max_length=_LONGEST_COMMENT)] = "",
) -> Response:
    """The answer; a later one replaces it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise forbidden("Answer from the page itself.")
    interaction_id = _interaction_id(parts, token)
    words, _ = await _asked(parts, interaction_id)
    async with parts.database.begin() as session:
        low = await rate_on_page(session, interaction_id, score, comment, parts.shelf)
    parts.relay.poke()
    if low is None:
        return _shown(request, words, "over", status_code=409)
    return _shown(request, words, "low" if low else "thanks")


def _interaction_id(parts: Parts, token: str) -> str:
    try:
        return RatingToken.read(token, parts.settings.secret_key, datetime.now(UTC)).sub
    except TokenRefused:
        raise not_found() from None


async def _asked(parts: Parts, interaction_id: str) -> tuple[RatingPageWords, bool]:
    """The words of the page in the case's language, and whether the question is open."""
    async with parts.database.begin() as session:
        row = await session.get(Interaction, interaction_id)
        if row is None:
            raise not_found()
        triage = Triage.model_validate(row.triage) if row.triage else None
        return rating_page_words(triage.language if triage else "en"), await open_question(session, row) is not None


def _shown(request: Request, words: RatingPageWords, state: str, *, status_code: int = 200) -> Response:
    return page(
        request,
        "rating.html",
        status_code=status_code,
        words=words,
        state=state,
        scores=range(1, BEST + 1),
        longest=_LONGEST_COMMENT,
    )

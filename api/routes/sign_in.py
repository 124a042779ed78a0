"""Signing in to the desk with a form, and out again."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from api.callers import COOKIE, AgentCaller
from api.fields import Text
from api.parts import Engine, Parts
from api.problems import Problem, forbidden, responses
from api.routes.pages import sign_in_page
from store.access import SESSION_HOURS, sign_in, sign_out

router = APIRouter(tags=["desk"])


@router.post(
    "/desk/sign-in",
    status_code=303,
    response_class=RedirectResponse,
    responses={
        303: {"description": "Signed in; the cookie is set"},
        401: {"description": "The form again", "content": {"text/html": {"schema": {"type": "string"}}}},
        **responses(400, 403, 413, 422, 429, 503),
    },
)
async def enter(
    request: Request,
    parts: Engine,
    login: Annotated[Text, Form(max_length=200)],
    password: Annotated[Text, Form(max_length=1000)],
) -> Response:
    """Open a desk session. Five failures for a login from one address, and it has to wait."""
    _refuse_other_sites(request)
    address = request.client.host if request.client else ""
    wait = parts.attempts.wait(login, address)
    if wait:
        raise Problem(429, "Too many attempts. Wait a little.", headers={"Retry-After": str(wait)})
    async with parts.database.begin() as session:
        opened = await sign_in(session, login, password)
    if opened is None:
        parts.attempts.failed(login, address)
        return sign_in_page(request, refused=True)
    parts.attempts.succeeded(login, address)
    return _signed_in(opened[1], parts)


def _signed_in(secret: str, parts: Parts) -> Response:
    response = RedirectResponse("/desk", status_code=303)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=SESSION_HOURS * 3600,
        httponly=True,
        samesite="lax",
        secure=parts.settings.public_url.startswith("https://"),
    )
    return response


def _refuse_other_sites(request: Request) -> None:
    """Another site's form must not sign a browser in (Fetch Metadata, section 2.3); old browsers do not send it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise forbidden("Sign in from the desk's own page.")


@router.post("/desk/sign-out", status_code=204, responses=responses(401, 403, 503))
async def leave(request: Request, _: AgentCaller, parts: Engine) -> Response:
    """End the desk session."""
    async with parts.database.begin() as session:
        await sign_out(session, request.cookies.get(COOKIE, ""))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE)
    return response

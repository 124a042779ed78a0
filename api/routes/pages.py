"""The pages: where to go from here, the demo shop with its chat, and the agents' desk.

The HTML is the same for everybody: what is private arrives through the API, which checks who asks. Nothing inline and
nothing from elsewhere, so that the content security policy can forbid both.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.callers import COOKIE
from api.settings import ApiSettings
from integrations.shop.catalogue import read_catalogue

_API = Path(__file__).resolve().parents[1]
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_SHOP_WINDOW = (
    "rain-jacket",
    "hiking-boots",
    "daypack",
    "merino-scarf",
    "fleece-jacket",
    "thermo-bottle",
    "merino-beanie",
    "linen-shirt",
)

router = APIRouter(include_in_schema=False)
_templates = Jinja2Templates(_API / "pages")


class ShownProduct(NamedTuple):
    """One product of the shop window."""

    id: str
    title: str
    description: str
    price: str


class StaticAssets(StaticFiles):
    """The pages' own scripts, styles and pictures. Browsers ask each time whether theirs is still the newest."""

    def __init__(self) -> None:
        super().__init__(directory=_API / "static")

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file with the headers that every page has."""
        response = await super().get_response(path, scope)
        response.headers.update({"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"})
        return response


@router.get("/")
async def start(request: Request) -> Response:
    """What runs here, and the ways in."""
    settings: ApiSettings = request.app.state.settings
    return page(request, "start.html", temporal_ui_url=settings.temporal_ui_url)


@router.get("/chat")
async def chat(request: Request, customer: str = "", open: str = "") -> Response:  # noqa: A002 - the page's own word
    """The demo shop with the chat widget; `customer` passes a signed customer token on, `open=1` opens the chat."""
    return page(request, "shop.html", customer=customer, opened=open == "1", products=_shop_window())


@router.get("/desk")
async def desk(request: Request) -> Response:
    """The agents' desk; whoever has no session is sent to sign in (an expired one is noticed by the page)."""
    if COOKIE not in request.cookies:
        return RedirectResponse("/desk/sign-in", status_code=303)
    return page(request, "desk.html")


@router.get("/admin/policy")
async def policy_page(request: Request) -> Response:
    """The policy as a table, with its history; who has no session signs in first."""
    if COOKIE not in request.cookies:
        return RedirectResponse("/desk/sign-in", status_code=303)
    return page(request, "policy.html")


@router.get("/desk/floor")
async def floor(request: Request) -> Response:
    """Teams, agents and cases for leads; the API refuses everybody else what the page asks for."""
    if COOKIE not in request.cookies:
        return RedirectResponse("/desk/sign-in", status_code=303)
    return page(request, "floor.html")


@router.get("/desk/assistant")
async def assistant(request: Request) -> Response:
    """The AI's switches, its readiness and its gaps, for leads; the API refuses everybody else."""
    if COOKIE not in request.cookies:
        return RedirectResponse("/desk/sign-in", status_code=303)
    return page(request, "assistant.html")


@router.get("/desk/sign-in")
async def sign_in_form(request: Request) -> Response:
    """The form that opens a desk session."""
    return sign_in_page(request)


def sign_in_page(request: Request, *, refused: bool = False) -> Response:
    """The sign-in page; `refused` tells that login or password were wrong, and answers 401."""
    return page(request, "sign_in.html", status_code=401 if refused else 200, refused=refused)


def page(request: Request, name: str, *, status_code: int = 200, **context: object) -> Response:
    """A page with the headers that every page has."""
    return _templates.TemplateResponse(request, name, context, status_code=status_code, headers=_HEADERS)


@cache
def _shop_window() -> tuple[ShownProduct, ...]:
    catalogue = read_catalogue()
    products = {product.product_id: product for product in catalogue.products}
    prices = {variant.product_id: f"€{variant.price_minor / 100:.2f}" for variant in catalogue.variants}
    return tuple(ShownProduct(key, products[key].title, products[key].description, prices[key]) for key in _SHOP_WINDOW)

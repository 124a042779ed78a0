"""GET /v1/interactions/{id}: how a problem stands, for whoever it belongs to."""

from fastapi import APIRouter

from api.callers import CHAT_ACCOUNT, ChatCustomer, Reader
from api.parts import Engine
from api.problems import not_found, responses
from domain.parties import Channel, Role
from store.customer_views import InteractionView, interaction_view

router = APIRouter(tags=["messages"])


@router.get("/v1/interactions/{interaction_id:id}", responses=responses(401, 403, 404, 503))
async def interaction(interaction_id: str, caller: Reader, parts: Engine) -> InteractionView:
    """An interaction of this chat session, or for staff any. Foreign and unknown ones look the same."""
    async with parts.database.begin() as session:
        if isinstance(caller, ChatCustomer):
            view = await interaction_view(session, interaction_id, account=CHAT_ACCOUNT, thread=caller.session_id)
        else:
            view = await interaction_view(session, interaction_id)
    if view is None or (not isinstance(caller, ChatCustomer) and _foreign(caller.role, view.channel)):
        raise not_found()
    return view


def _foreign(role: Role, channel: str) -> bool:
    return role is Role.CHANNEL and channel != Channel.API.value

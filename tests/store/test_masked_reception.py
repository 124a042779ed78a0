"""What a customer sends is masked before anything of it is stored."""

import pytest
from sqlalchemy import text

from domain.message import Attachment, ClaimedIdentity, InboundMessage
from domain.parties import Channel, IdentityKind
from store import rating_page, receiving
from tests.store.scene import Scene

CANARY = "4111"


@pytest.fixture(autouse=True)
def _mask(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mask of this test, which hides a canary."""
    for module in (receiving, rating_page):
        monkeypatch.setattr(module, "masked", lambda words: words.replace(CANARY, "•"))


@pytest.mark.parametrize("known", [True, False])
async def test_no_secret_of_a_mail_is_stored_anywhere(scene: Scene, known: bool) -> None:
    sender = ClaimedIdentity(kind=IdentityKind.EMAIL, value="ada@mail.example", verified=True)
    if known:
        await scene.mail("ada@mail.example", proven=True)
    file = Attachment(filename=f"{CANARY}.jpg", media_type="image/jpeg", size=1, content=b"x")
    await scene.reception.receive(
        InboundMessage(
            channel=Channel.EMAIL,
            account="support@shop.example",
            provider_message_id="<1@x>",
            sender=sender,
            display_name=f"Ada {CANARY}",
            text=f"my card {CANARY}",
            raw_text=f"my card {CANARY}\n> quoted {CANARY}",
            subject=f"card {CANARY}",
            attachments=(file,) if known else (),
        )
    )
    async with scene.database.begin() as session:
        for table in ("customer", "identity", "conversation", "message", "attachment", "journal", "outbox"):
            rows = (await session.execute(text(f"SELECT to_jsonb(t)::text FROM {table} t"))).scalars()  # noqa: S608
            assert not any(CANARY in row for row in rows), table
        bodies = (await session.execute(text("SELECT body FROM message"))).scalars()
        assert "my card •" in list(bodies)

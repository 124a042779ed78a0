"""What flows say: once, through whoever holds the baton, never over anybody, and heard in any case."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from domain.commitment import FulfilledBy, NewCommitment
from domain.flows.kinds import FlowKind
from domain.flows.requests import CustomRequest, ItemWanted, ReturnRequest
from domain.flows.rules import CommerceRules, OwnFlow
from domain.flows.verdict import Verdict
from domain.front_door import FrontDoor
from domain.interaction import EntryKind, InteractionState, Resolution
from domain.message import DeliveryState, Receipt
from domain.parties import AuthorKind, Channel
from domain.signed_token import PortalToken
from store.commerce import ShopCustomer
from store.commitment_table import Commitment
from store.commitments import commit
from store.conversations import Conversation, Message
from store.customers import Customer, Identity
from store.errors import NotFound
from store.facts import record_fact
from store.flow_speaking import Said, customers_with_unsaid_words, say_for_flow, say_overdue_words, spoken_id
from store.flows import Flow, FlowStep, FlowTask
from store.interactions import Interaction, lock_case, lock_interaction, resolve
from store.journal import Happening
from store.locking import database_now
from store.people import finish, use_suggestion
from store.policy_versions import PolicyShelf
from store.speaking import Suggestion, lapse_suggestions
from store.work import Agent, WorkItem
from tests.store.scene import Scene, scalar

KEY = "a key of the tests, and only of the tests"
DOOR = FrontDoor(public_url="https://help.shop.example/", secret_key=KEY, mail_account="support@shop.example")
BUYER = "cus-1"


async def buyer(scene: Scene, *, contact_by: tuple[str, ...] = ("email",), email: str = "ada@mail.example") -> None:
    async with scene.database.begin() as session:
        session.add(
            ShopCustomer(
                customer_id=BUYER,
                name="Ada",
                email=email,
                tier="vip",
                currency="EUR",
                created_at=await database_now(session),
                contact_by=list(contact_by),
            )
        )


async def flow_of(scene: Scene, interaction_id: str | None = None, *, name: str = "f1", **more: object) -> Flow:
    """A return, in a case or without one."""
    async with scene.database.begin() as session:
        request = ReturnRequest(order="BT-1", items=(ItemWanted(line_id="L1"),))
        row = Flow(
            id=name,
            kind=FlowKind.RETURN.value,
            intent=name,
            order_number="BT-1",
            shop_customer_id=BUYER,
            interaction_id=interaction_id,
            asked_by="customer",
            request=request.model_dump(mode="json"),
            verdict=Verdict(currency="EUR").model_dump(mode="json"),
            policy_version=scene.policy.version,
        )
        for field, value in more.items():
            setattr(row, field, value)
        session.add(row)
        return row


async def say(scene: Scene, word: str = "label", part: str = "", *, flow: str = "f1") -> Said:
    async with scene.database.begin() as session:
        return await say_for_flow(session, flow, word, part, PolicyShelf(), DOOR)


async def flow_row(scene: Scene, name: str = "f1") -> Flow:
    async with scene.database.begin() as session:
        return await session.get_one(Flow, name)


async def notices(scene: Scene) -> list[Message]:
    async with scene.database.begin() as session:
        query = select(Message).where(col(Message.author) == AuthorKind.SYSTEM.value)
        return list((await session.execute(query.order_by(col(Message.out_seq)))).scalars())


async def suggestions(scene: Scene) -> list[Suggestion]:
    async with scene.database.begin() as session:
        return list((await session.execute(select(Suggestion))).scalars())


async def with_agent(scene: Scene) -> tuple[Receipt, Agent, WorkItem]:
    """A chat whose case an agent has taken."""
    receipt, agent = await scene.chat("s1", shop=BUYER), await scene.hire()
    return receipt, agent, await scene.taken_by(agent, receipt.interaction_id)


# --- nobody or the AI speaks ------------------------------------------------------------------------------------------


async def test_a_word_said_by_ten_attempts_at_once_is_one_message_and_one_entry(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    await flow_of(scene, receipt.interaction_id)
    said = await asyncio.gather(*(say(scene) for _ in range(10)))
    assert {one.message_id for one in said} == {spoken_id("f1", "label", "")}
    (message,) = await notices(scene)
    assert (message.conversation_id, message.state) == (receipt.conversation_id, DeliveryState.QUEUED.value)
    assert (await scene.told(receipt.interaction_id)).count(EntryKind.NOTICE_QUEUED) == 1


async def test_the_same_word_for_another_part_is_another_message(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    await flow_of(scene, receipt.interaction_id)
    for part in ("1", "2", "2"):
        await say(scene, "reminder", part)
    assert len(await notices(scene)) == 2


async def test_the_words_are_in_the_flows_language_and_lead_to_its_page(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    await flow_of(scene, receipt.interaction_id, language="de", facts={"label": "LBL-7"})
    await say(scene)
    (message,) = await notices(scene)
    assert "Ihre Rücksendung, Bestellung BT-1" in message.body
    assert "LBL-7" in message.body
    link = message.body.rpartition(" ")[2]
    assert link.startswith("https://help.shop.example/portal/")
    async with scene.database.begin() as session:
        claims = PortalToken.read(link.rpartition("/")[2], KEY, await database_now(session))
    assert (claims.sub, claims.order, claims.flow) == (BUYER, "BT-1", "f1")


async def test_without_pages_the_words_have_no_link(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    await flow_of(scene, receipt.interaction_id)
    async with scene.database.begin() as session:
        await say_for_flow(session, "f1", "label", "", PolicyShelf())
    (message,) = await notices(scene)
    assert "http" not in message.body


async def test_what_was_refunded_is_named_from_the_ledger_and_goes_to_credit_where_asked(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    request = ReturnRequest(order="BT-1", items=(ItemWanted(line_id="L1"),), refund_to="store_credit")
    await flow_of(scene, receipt.interaction_id, request=request.model_dump(mode="json"))
    await ledger(scene, "refund", ref="R1", amount_minor=1250)
    await say(scene, "refunded")
    (message,) = await notices(scene)
    assert "We have added €12.50 to your store credit." in message.body


async def ledger(scene: Scene, name: str, **result: object) -> None:
    """A step that is done."""
    async with scene.database.begin() as session:
        now = await database_now(session)
        written = {"ref": "", "at": now.isoformat(), "amount_minor": 0, "detail": ""} | result
        session.add(FlowStep(flow_id="f1", name=name, state="done", result=written, done_at=now))


async def test_the_label_names_the_day_until_which_it_works(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    await flow_of(scene, receipt.interaction_id, facts={"label": "LBL-7"})
    await ledger(scene, "issue_label", detail="LBL-7", at="2999-03-01T12:00:00+00:00")
    await say(scene)
    assert "hand the parcel in by March 14, 2999" in (await notices(scene))[0].body


async def test_what_the_person_who_decided_wrote_is_told_once(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    await flow_of(scene, receipt.interaction_id)
    async with scene.database.begin() as session:
        now = await database_now(session)
        task = FlowTask(flow_id="f1", key="approve", kind="approve", team_id="support", state="done", done_at=now)
        task.words, task.decision = "Just this once.", "approved"
        session.add(task)
    await say(scene)
    await say(scene, "refunded")
    assert ["Just this once." in message.body for message in await notices(scene)] == [True, False]


async def test_a_resolved_case_is_told_and_stays_resolved(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    await flow_of(scene, receipt.interaction_id)
    async with scene.database.begin() as session:
        row = await lock_interaction(session, receipt.interaction_id)
        await resolve(session, row, Resolution.CONFIRMED)
        row.handled_seq = row.last_seq
    await say(scene)
    assert (await scene.told(receipt.interaction_id))[-1] == EntryKind.NOTICE_QUEUED
    assert (await scene.interaction(receipt.interaction_id)).state == InteractionState.RESOLVED
    assert await scene.claim(receipt.conversation_id) is not None


async def test_an_unknown_flow_is_refused(scene: Scene) -> None:
    with pytest.raises(NotFound):
        await say(scene, flow="nobody")


# --- a person speaks --------------------------------------------------------------------------------------------------


async def test_a_person_who_holds_the_baton_gets_a_suggestion_and_nobody_speaks_over_them(scene: Scene) -> None:
    receipt, _, _ = await with_agent(scene)
    await flow_of(scene, receipt.interaction_id)
    await asyncio.gather(*(say(scene) for _ in range(5)))
    (suggestion,) = await suggestions(scene)
    assert (suggestion.state, suggestion.flow_id) == ("pending", "f1")
    assert await notices(scene) == []
    assert EntryKind.NOTICE_QUEUED not in await scene.told(receipt.interaction_id)


async def test_a_used_suggestion_is_not_said_again(scene: Scene) -> None:
    receipt, agent, item = await with_agent(scene)
    await flow_of(scene, receipt.interaction_id)
    await say(scene)
    await judge(scene, item, agent, "your label, as promised")
    await say(scene)
    await put_down(scene, item, agent)
    assert await notices(scene) == []
    assert [row.body for row in await scene.messages(receipt.conversation_id) if row.author == "agent"] == [
        "your label, as promised"
    ]


async def judge(scene: Scene, item: WorkItem, agent: Agent, words: str | None) -> None:
    (suggestion,) = await suggestions(scene)
    async with scene.database.begin() as session:
        await use_suggestion(session, item.id, agent.id, suggestion.id, words, scene.policy)


async def put_down(scene: Scene, item: WorkItem, agent: Agent) -> None:
    async with scene.database.begin() as session:
        await finish(session, item.id, agent.id, scene.policy)


@pytest.mark.parametrize("dismissed", [False, True])
async def test_what_the_holder_does_not_use_is_said_when_they_put_the_baton_down(
    scene: Scene, *, dismissed: bool
) -> None:
    receipt, agent, item = await with_agent(scene)
    await flow_of(scene, receipt.interaction_id)
    await say(scene)
    if dismissed:
        await judge(scene, item, agent, None)
        assert await notices(scene) == []
    await put_down(scene, item, agent)
    (message,) = await notices(scene)
    assert message.id == spoken_id("f1", "label", "")
    assert (await scene.told(receipt.interaction_id)).count(EntryKind.NOTICE_QUEUED) == 1
    assert await scene.claim(receipt.conversation_id) is not None, "and it may be sent"
    await say(scene)
    assert len(await notices(scene)) == 1


async def test_what_lies_before_the_holder_too_long_is_said_then_once(scene: Scene) -> None:
    receipt, agent, item = await with_agent(scene)
    await flow_of(scene, receipt.interaction_id)
    await say(scene)
    assert await sweep(scene) == 0
    await time_runs_out(scene)
    assert await sweep(scene) == 1
    assert await sweep(scene) == 0
    await put_down(scene, item, agent)
    (message,) = await notices(scene)
    assert message.state == DeliveryState.QUEUED.value
    assert [one.state for one in await suggestions(scene)] == ["lapsed"]


async def sweep(scene: Scene) -> int:
    async with scene.database.begin() as session:
        found = await customers_with_unsaid_words(session)
    said = 0
    for customer_id in found:
        async with scene.database.begin() as session:
            said += await say_overdue_words(session, customer_id)
    return said


async def time_runs_out(scene: Scene) -> None:
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE suggestion SET expires_at = clock_timestamp() - interval '1 second'"))


async def test_a_dismissed_word_waits_for_the_baton_whatever_its_deadline(scene: Scene) -> None:
    receipt, agent, item = await with_agent(scene)
    await flow_of(scene, receipt.interaction_id)
    await say(scene)
    await judge(scene, item, agent, None)
    await time_runs_out(scene)
    assert await sweep(scene) == 0


async def test_a_flows_words_do_not_lapse_with_the_ais(scene: Scene) -> None:
    receipt, _, _ = await with_agent(scene)
    await flow_of(scene, receipt.interaction_id)
    await say(scene)
    async with scene.database.begin() as session:
        await lapse_suggestions(session, await lock_interaction(session, receipt.interaction_id))
    assert [one.state for one in await suggestions(scene)] == ["pending"]


async def test_judging_a_flows_words_moves_no_story(scene: Scene) -> None:
    receipt, agent, item = await with_agent(scene)
    await flow_of(scene, receipt.interaction_id)
    await say(scene)
    before = await scene.told(receipt.interaction_id)
    await judge(scene, item, agent, None)
    assert await scene.told(receipt.interaction_id) == before


# --- cases that Baton opens -------------------------------------------------------------------------------------------


async def test_a_flow_without_a_case_opens_one_by_mail_and_answers_to_it_join(scene: Scene) -> None:
    await buyer(scene)
    await flow_of(scene)
    await say(scene)
    flow = await flow_row(scene)
    assert flow.interaction_id is not None
    case, customer = await scene.interaction(flow.interaction_id), await scene.customer(flow.interaction_id)
    assert (case.state, case.channel) == (InteractionState.AWAITING_CUSTOMER, Channel.EMAIL)
    assert (customer.shop_customer_id, customer.tier, flow.customer_id) == (BUYER, "vip", customer.id)
    (message,) = await notices(scene)
    async with scene.database.begin() as session:
        thread = await session.get_one(Conversation, message.conversation_id)
        assert (thread.address, thread.account) == ("ada@mail.example", "support@shop.example")
        assert thread.subject == "Your return, order BT-1"
        await session.execute(text("UPDATE message SET provider_message_id = '<out@shop.example>'"))
    answer = await scene.mail("ada@mail.example", answers=("<out@shop.example>",))
    assert answer.interaction_id == flow.interaction_id


async def test_two_flows_of_one_customer_at_once_open_one_case(scene: Scene) -> None:
    await buyer(scene)
    for name in ("f1", "f2"):
        await flow_of(scene, name=name)
    await asyncio.gather(*(say(scene, flow=name) for name in ("f1", "f2", "f1", "f2")))
    assert (await flow_row(scene, "f1")).interaction_id == (await flow_row(scene, "f2")).interaction_id
    assert (await count(scene, "customer"), await count(scene, "interaction")) == (1, 1)
    assert len(await notices(scene)) == 2


async def count(scene: Scene, table: str) -> int:
    async with scene.database.begin() as session:
        return int(str(await scalar(session, f"SELECT count(*) FROM {table}")))  # noqa: S608


async def test_a_flow_joins_its_customers_only_open_case(scene: Scene) -> None:
    await buyer(scene)
    receipt = await scene.chat("s1", shop=BUYER)
    await flow_of(scene)
    await say(scene)
    assert (await flow_row(scene)).interaction_id == receipt.interaction_id
    assert [message.conversation_id for message in await notices(scene)] == [receipt.conversation_id]


async def test_of_several_open_cases_it_chooses_none(scene: Scene) -> None:
    await buyer(scene)
    first = await scene.chat("s1", shop=BUYER)
    async with scene.database.begin() as session:
        row = await lock_interaction(session, first.interaction_id)
        session.add(Interaction(customer_id=row.customer_id, channel="chat", policy_version=scene.policy.version))
    await flow_of(scene)
    await say(scene)
    assert await count(scene, "interaction") == 3


async def test_of_several_open_cases_none_loses_its_thread(scene: Scene) -> None:
    policy = scene.policy.commerce.delays.model_copy(update={"channels": (Channel.CHAT,)})
    commerce = scene.policy.commerce.model_copy(update={"delays": policy})
    await scene.prepare(scene.policy.model_copy(update={"commerce": commerce}))
    await buyer(scene, contact_by=("chat",))
    receipt = await scene.chat("s1", shop=BUYER)
    async with scene.database.begin() as session:
        row = await lock_interaction(session, receipt.interaction_id)
        session.add(Interaction(customer_id=row.customer_id, channel="email", policy_version=scene.policy.version))
    await flow_of(scene)
    await say(scene)
    assert (await flow_row(scene)).interaction_id == receipt.interaction_id
    assert (await scene.chat("s1", shop=BUYER)).interaction_id == receipt.interaction_id


async def test_what_a_flow_says_while_a_person_speaks_elsewhere_becomes_their_suggestion(scene: Scene) -> None:
    await buyer(scene)
    receipt, agent, item = await with_agent(scene)
    async with scene.database.begin() as session:
        row = await lock_interaction(session, receipt.interaction_id)
        session.add(Interaction(customer_id=row.customer_id, channel="chat", policy_version=scene.policy.version))
    await flow_of(scene)
    await say(scene)
    assert await notices(scene) == []
    await put_down(scene, item, agent)
    (message,) = await notices(scene)
    assert message.interaction_id == (await flow_row(scene)).interaction_id


@pytest.mark.parametrize(
    ("contact_by", "email"), [((), "ada@mail.example"), (("sms",), "ada@mail.example"), (("email",), "nowhere")]
)
async def test_who_has_not_agreed_or_cannot_be_reached_hears_nothing_and_the_desk_sees_it(
    scene: Scene, contact_by: tuple[str, ...], email: str
) -> None:
    await buyer(scene, contact_by=contact_by, email=email)
    await flow_of(scene)
    assert (await say(scene)).message_id == ""
    await say(scene, "refunded")
    flow = await flow_row(scene)
    assert (flow.interaction_id, flow.facts["unreachable"]) == (None, True)
    assert len(await scene.happened(Happening.MESSAGE_FAILED)) == 1
    assert (await count(scene, "interaction"), await count(scene, "message")) == (0, 0)


async def test_an_address_that_is_proven_to_be_another_customers_stays_theirs(scene: Scene) -> None:
    await buyer(scene)
    other = await scene.chat("s1", shop="cus-2", email="ada@mail.example")
    await flow_of(scene)
    await say(scene)
    flow = await flow_row(scene)
    assert flow.interaction_id not in {None, other.interaction_id}
    async with scene.database.begin() as session:
        owner = select(col(Identity.customer_id)).where(col(Identity.kind) == "email", col(Identity.verified))
        assert (await session.execute(owner)).scalar_one() == (await scene.customer(other.interaction_id)).id
        theirs = await session.get_one(Customer, (await scene.customer(other.interaction_id)).id)
        assert theirs.shop_customer_id == "cus-2"


async def test_a_flow_of_the_brands_own_says_its_words_under_its_title(scene: Scene) -> None:
    words = {"engraved": {"en": "It is ready, {order}."}}
    own = CommerceRules(own={"engraving": OwnFlow(title="Engraving", words=words)})
    await scene.prepare(scene.policy.model_copy(update={"commerce": own}))
    await buyer(scene)
    request = CustomRequest(flow="engraving", order="BT-1").model_dump(mode="json")
    await flow_of(scene, kind="custom", request=request)
    await say(scene, "engraved")
    (message,) = await notices(scene)
    assert message.body == "It is ready, BT-1."
    async with scene.database.begin() as session:
        assert (await session.get_one(Conversation, message.conversation_id)).subject == "Engraving, order BT-1"


# --- commitments ------------------------------------------------------------------------------------------------------


async def promised(scene: Scene, interaction_id: str, kind: FulfilledBy, source: str = "m") -> str:
    async with scene.database.begin() as session:
        _, row = await lock_case(session, interaction_id)
        due = await database_now(session) + timedelta(days=3)
        new = NewCommitment(text="soon", due_at=due, fulfilled_by=kind, order="BT-1")
        return (await commit(session, row, "support", new, "agent:a", source, scene.policy)).id


async def commitment(scene: Scene, row_id: str) -> Commitment:
    async with scene.database.begin() as session:
        return await session.get_one(Commitment, row_id)


async def test_what_a_flow_says_keeps_the_promise_with_one_message(scene: Scene) -> None:
    receipt = await scene.chat("s1", shop=BUYER)
    owed = await promised(scene, receipt.interaction_id, FulfilledBy.REFUND)
    await flow_of(scene, receipt.interaction_id)
    await ledger(scene, "refund", ref="R1", amount_minor=1250)
    told = await say(scene, "refunded")
    async with scene.database.begin() as session:
        for fact in told.facts:
            assert await record_fact(session, fact) == [], "nothing is left for a notice of the promise's own"
    row = await commitment(scene, owed)
    assert (row.state, row.closed_by) == ("kept", "refund:R1")
    assert len(await notices(scene)) == 1


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("shipped", FulfilledBy.REPLACEMENT),
        ("shipped", FulfilledBy.SHIPMENT),
        ("received", FulfilledBy.RETURN_RECEIVED),
    ],
)
async def test_each_effect_keeps_its_kind_of_promise(scene: Scene, word: str, kind: FulfilledBy) -> None:
    receipt = await scene.chat("s1", shop=BUYER)
    owed = await promised(scene, receipt.interaction_id, kind)
    other = await promised(scene, receipt.interaction_id, FulfilledBy.BY_HAND, "other")
    await flow_of(scene, receipt.interaction_id, facts={"return_id": "RET-1", "shipment": "S-1"})
    await say(scene, word)
    assert (await commitment(scene, owed)).state == "kept"
    assert (await commitment(scene, other)).state == "open"


async def test_nothing_refunded_keeps_no_promise_of_a_refund(scene: Scene) -> None:
    receipt = await scene.chat("s1", shop=BUYER)
    owed = await promised(scene, receipt.interaction_id, FulfilledBy.REFUND)
    await flow_of(scene, receipt.interaction_id)
    await say(scene, "refunded")
    assert (await commitment(scene, owed)).state == "open"


@pytest.mark.parametrize(("word", "state"), [("refunded", "kept"), ("not_accepted", "withdrawn")])
async def test_a_parcel_that_has_arrived_is_a_promise_until_the_flow_says_how_it_ends(
    scene: Scene, word: str, state: str
) -> None:
    receipt = await scene.chat("s1", shop=BUYER)
    await flow_of(scene, receipt.interaction_id)
    await say(scene, "received")
    async with scene.database.begin() as session:
        (row,) = (await session.execute(select(Commitment))).scalars()
    assert (row.state, row.made_by, row.fulfilled_by) == ("open", "flow:f1", "refund")
    assert f"{row.due_at.day}, {row.due_at.year}" in (await notices(scene))[0].body
    await ledger(scene, "refund", ref="R1", amount_minor=1250)
    await say(scene, word)
    assert (await commitment(scene, row.id)).state == state

"""Stages `flow:<name>` and `self_service` in the story of a case: collect, read back, begin on a yes, tell, go on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from domain.case import Case
from domain.flows.kinds import FlowOutcome
from domain.interaction import InteractionState
from domain.message import ClaimedIdentity, InboundMessage, Receipt
from domain.parties import Channel, IdentityKind, Role
from domain.policy import Policy
from domain.policy_file import read_policy
from domain.proposal import HandoffReason
from domain.triage import IssueType, Triage
from store.database import Database
from store.deciding import decide
from store.flow_closing import close_flow
from store.flows import Flow
from store.ids import new_id
from store.receiving import CustomerProfile
from tests.stage import Stage, eventually, set_stage
from tests.store.shop_scene import ShopScene

_POLICY = """
brand: {{name: Test Shop, ai_label: Test Shop AI}}
assistant: {{mode: auto}}
overflow: support
teams: {{support: {{title: Support}}, leads: {{title: Leads}}}}
tiers: {{guest: {{}}, standard: {{}}}}
roles: {{agent: {{approve_up_to: {{EUR: 100000}}}}}}
pauses: {{chat: 0.1, messaging: 0.1, email: 0}}
commerce:
  returns: {{unlimited: true}}
  claims: {{days: 3000, photo: false, judged_by_person: false, approval: {{always: false}}}}
matrix:
  return:
    any: [{{plan: [{{do: "flow:return", deadline_minutes: {minutes}}}, "queue:leads"]}}]
  exchange:
    any: [{{plan: [{{do: self_service, deadline_minutes: {minutes}}}, "queue:leads"]}}]
  damaged_wrong:
    any:
      - plan:
          - {{do: ai, until: collected, collect: [order]}}
          - {{do: "queue:support", until: decided}}
          - "flow:claim"
defaults: [{{plan: [ai, "queue:support"]}}]
"""
_MIA = CustomerProfile(tier="standard", display_name="Mia", shop_customer_id="mia")


def flow_policy(minutes: float = 60) -> Policy:
    """Returns by a dialogue, exchanges by the customer's own page; how long they may take in minutes."""
    return read_policy(_POLICY.format(minutes=minutes))


@pytest.fixture(autouse=True)
def links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers can sign links to customers' own pages."""
    monkeypatch.setenv("BATON_SECRET_KEY", "k" * 32)


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[Stage]:
    async with talking_stage(database, temporal_address) as stage:
        yield stage


@asynccontextmanager
async def talking_stage(database: Database, temporal_address: str, minutes: float = 60) -> AsyncIterator[Stage]:
    """The shop with Mia's delivered order, and an assistant that stays with the issue until another is named."""
    shop = await ShopScene(database).prepare()
    await shop.place("BT-10001")
    async with set_stage(database, temporal_address, flow_policy(minutes)) as stage:
        plain = stage.assistant.triage

        async def carried_on(case: Case) -> Triage:
            triage, named = await plain(case), any(issue in case.unanswered.lower() for issue in IssueType)
            return (
                triage if named or case.previous is None else triage.model_copy(update={"issue": case.previous.issue})
            )

        stage.assistant.triage = carried_on  # type: ignore[method-assign]
        yield stage


async def write(stage: Stage, words: str, *, thread: str = "s1", shop: str = "mia") -> Receipt:
    """A message of Mia's, who is signed in at the shop; with `shop` empty of somebody unknown."""
    proof = ClaimedIdentity(kind=IdentityKind.SHOP_CUSTOMER, value=shop, verified=True)
    inbound = InboundMessage(
        channel=Channel.CHAT,
        account="chat",
        provider_message_id=f"{thread}:{new_id()}",
        thread_refs=(thread,),
        sender=ClaimedIdentity(kind=IdentityKind.CHAT_SESSION, value=thread, verified=True),
        further_identities=(proof,) if shop else (),
        text=words,
    )
    return await stage.reception.receive(inbound, _MIA if shop else None)


async def answer(stage: Stage, receipt: Receipt, words: str, times: int) -> str:
    """Mia writes, and hears so many answers in all; the last one."""
    await write(stage, words)
    return (await stage.answered(receipt.conversation_id, times=times))[-1][1]


async def flows(stage: Stage) -> list[Flow]:
    async with stage.database.begin() as session:
        return list((await session.execute(select(Flow))).scalars())


async def read_back(stage: Stage) -> Receipt:
    """The return of the mug has been read back."""
    receipt = await write(stage, "return the mug")
    [*_, (author, words)] = await stage.answered(receipt.conversation_id)
    assert author == "ai"
    assert words.endswith("Please answer with yes or no.")
    return receipt


async def test_an_explicit_yes_to_what_was_read_back_starts_the_flow_once(stage: Stage) -> None:
    receipt = await read_back(stage)
    assert await flows(stage) == []
    assert "under way" in await answer(stage, receipt, "yes please", 2)
    [flow] = await flows(stage)
    assert (flow.kind, flow.order_number, flow.asked_by) == ("return", "BT-10001", "ai")
    row = await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    assert (row.issue, row.asked) == ("return", False)


async def test_thanks_closes_no_case_that_waits_for_a_yes(stage: Stage) -> None:
    receipt = await read_back(stage)
    assert "explicit yes" in await answer(stage, receipt, "thanks", 2)
    assert await flows(stage) == []
    assert "under way" in await answer(stage, receipt, "yes, thanks", 3)
    await write(stage, "thanks")
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)


async def test_a_no_starts_nothing_and_the_case_goes_on(stage: Stage) -> None:
    receipt = await read_back(stage)
    assert "nothing has been done" in await answer(stage, receipt, "no thanks", 2)
    assert await flows(stage) == []
    assert (await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)).asked is False


async def test_a_condition_is_no_yes_and_after_the_limit_a_person_gets_it(stage: Stage) -> None:
    receipt = await read_back(stage)
    for times in (2, 3):
        assert "explicit yes" in await answer(stage, receipt, "yes but only for 500 EUR", times)
    await write(stage, "yes but only for 500 EUR")
    item = await stage.work(receipt.interaction_id, "waiting")
    assert (item.team_id, item.reason) == ("leads", HandoffReason.LOW_CONFIDENCE)
    assert await flows(stage) == []


async def test_who_is_not_proven_to_be_the_customer_gets_the_plans_people(stage: Stage) -> None:
    receipt = await write(stage, "return the mug of BT-10001", thread="s2", shop="")
    item = await stage.work(receipt.interaction_id, "waiting")
    assert (item.team_id, item.reason) == ("leads", HandoffReason.POLICY_RESTRICTION)


async def test_a_run_that_is_killed_after_the_read_back_still_takes_the_yes(stage: Stage) -> None:
    receipt = await read_back(stage)
    await stage.handled(receipt.interaction_id)
    await stage.story(receipt.interaction_id).terminate("by hand")
    assert "under way" in await answer(stage, receipt, "yes", 2)
    assert len(await flows(stage)) == 1


async def test_two_messages_after_a_yes_are_read_together(stage: Stage) -> None:
    receipt = await read_back(stage)
    await write(stage, "yes")
    await write(stage, "but in blue")
    said = await stage.answered(receipt.conversation_id, times=2)
    assert "yes or no" in said[-1][1]
    assert await flows(stage) == []


async def test_another_issue_ends_the_dialogue_and_is_routed_anew(stage: Stage) -> None:
    receipt = await read_back(stage)
    assert "/portal/" in await answer(stage, receipt, "rather exchange it", 2)
    assert await flows(stage) == []


async def test_who_does_not_answer_a_read_back_goes_to_people_at_the_stages_deadline(
    database: Database, temporal_address: str
) -> None:
    async with talking_stage(database, temporal_address, minutes=0.03) as stage:
        receipt = await read_back(stage)
        item = await stage.work(receipt.interaction_id, "waiting")
        assert (item.team_id, item.reason) == ("leads", HandoffReason.STAGE_OVERDUE)


async def test_self_service_sends_a_link_and_waits_and_the_ai_answers_further_questions(stage: Stage) -> None:
    receipt = await write(stage, "exchange of BT-10001 please")
    said = await stage.answered(receipt.conversation_id)
    assert "/portal/" in said[-1][1]
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    assert await answer(stage, receipt, "and what is wool?", 2) == "re: and what is wool?"


async def test_what_a_person_has_approved_is_begun_by_the_stage_after_it(stage: Stage) -> None:
    agent = await stage.hire()
    receipt = await write(stage, "damaged_wrong: the mug of BT-10001 arrived broken")
    item = await stage.accept(agent, receipt.interaction_id)
    async with stage.database.begin() as session:
        await decide(session, item.id, agent.id, True, "", stage.policy, Role.AGENT)
    said = await stage.answered(receipt.conversation_id)
    assert "Report as damaged: 1 × mug" in said[-1][1]
    assert "under way" in await answer(stage, receipt, "yes", 2)
    assert [flow.kind for flow in await flows(stage)] == ["claim"]


async def test_what_a_person_has_refused_is_told_and_not_begun(stage: Stage) -> None:
    agent = await stage.hire()
    receipt = await write(stage, "damaged_wrong: the mug of BT-10001 arrived broken")
    item = await stage.accept(agent, receipt.interaction_id)
    async with stage.database.begin() as session:
        await decide(session, item.id, agent.id, False, "It was used for years.", stage.policy, Role.AGENT)
    said = await stage.answered(receipt.conversation_id)
    assert said[-1][1].endswith("It was used for years.")
    assert await flows(stage) == []


async def test_the_story_hears_of_a_flow_that_ends_whatever_it_is_doing(stage: Stage) -> None:
    receipt = await read_back(stage)
    await answer(stage, receipt, "yes", 2)
    [flow] = await flows(stage)
    await eventually(lambda: closed(stage, flow.id))
    await stage.handled(receipt.interaction_id)
    await write(stage, "thanks")
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)


async def closed(stage: Stage, flow_id: str) -> bool:
    """The flow is called off and closed, as its own story would."""
    await stage.client.get_workflow_handle(f"return-{flow_id}").terminate("by hand")
    async with stage.database.begin() as session:
        flow = await session.get_one(Flow, flow_id)
        return await close_flow(session, flow_id, FlowOutcome.CANCELLED, "customer", handled_seq=flow.last_seq)


async def test_no_history_holds_what_the_customer_said(stage: Stage) -> None:
    receipt = await read_back(stage)
    await answer(stage, receipt, "no, canary-words", 2)
    said = b"".join(event.SerializeToString() for event in (await stage.history(receipt.interaction_id)).events)
    assert b"canary-words" not in said
    assert b"mug" not in said

"""Drafts at the desk: seen with their sources, sent, edited or rejected by whoever has the case."""

from typing import Any

from domain.modes import Mode
from domain.proposal import HandoffReason
from store.customers import lock_customer
from store.drafts import lay_before_people
from store.handing_over import open_work
from store.interactions import customer_of, lock_interaction
from store.people import accept
from store.speaking import Draft
from store.work import Agent, WorkItem, lock_item
from tests.api.ground import Ground

_SOURCE = {"kind": "article", "ref": "shipping-times", "version": 2, "title": "Shipping times", "url": ""}


async def under_review(ground: Ground) -> tuple[WorkItem, str, dict[str, str], dict[str, str], Agent]:
    """An agent has the review: the item, the draft's id, the agent's headers, the customer's, and the agent."""
    agent, chat = await ground.hire("robin"), await ground.chat()
    said = await ground.say(chat, "how long does it take?")
    async with ground.database.begin() as session:
        customer = await lock_customer(session, await customer_of(session, said["interaction_id"]))
        row = await lock_interaction(session, said["interaction_id"])
        item = await open_work(session, row, customer, "support", HandoffReason.DRAFT_REVIEW, ground.policy, None)
        draft = Draft(
            interaction_id=row.id, answers_seq=row.last_customer_seq, body="Two days.", citations=[_SOURCE],
            mode=Mode.DRAFT.value, cell="defaults",
        )  # fmt: skip
        session.add(draft)
        await session.flush()
        await lay_before_people(session, row, await lock_item(session, item.id), draft.id)
    await ground.allocate()
    offered = await ground.item(item.id)
    async with ground.database.begin() as session:
        await accept(session, item.id, agent.id, offered.version, ground.policy)
    return item, draft.id, await ground.agent_headers(agent), chat, agent


async def shown(ground: Ground, item: WorkItem, headers: dict[str, str]) -> dict[str, Any]:
    """The case as the desk reads it."""
    answer = await ground.http.get(f"/v1/desk/work/{item.id}", headers=headers)
    case: dict[str, Any] = answer.json()
    return case


async def click(ground: Ground, item: WorkItem, verb: str, headers: dict[str, str], **body: object) -> tuple[int, Any]:
    answer = await ground.http.post(f"/v1/desk/work/{item.id}/draft/{verb}", json=body, headers=headers)
    return answer.status_code, answer.json()


async def test_a_draft_is_seen_with_its_sources_and_sent_once(ground: Ground) -> None:
    item, draft_id, headers, _, _ = await under_review(ground)
    draft = (await shown(ground, item, headers))["draft"]
    assert (draft["id"], draft["text"], draft["citations"]) == (draft_id, "Two days.", [_SOURCE])
    assert (draft["outdated"], draft["question"], draft["reads_back"]) == (False, False, False)
    first = await click(ground, item, "send", headers, draft_id=draft_id)
    assert first == (200, {"message_id": draft_id, "edited": False})
    assert await click(ground, item, "send", headers, draft_id=draft_id) == first
    case = await shown(ground, item, headers)
    assert (case["draft"], case["state"]) == (None, "done")
    told = [(entry["label"], entry["text"]) for entry in case["timeline"] if entry["kind"] == "message"]
    assert told[-1] == ("AI", "Two days."), "a person's name never signs the AI's words"
    assert "Robin released the AI's draft and sent it." in [entry["text"] for entry in case["timeline"]]


async def test_an_edited_draft_is_signed_by_the_agent(ground: Ground) -> None:
    item, draft_id, headers, _, _ = await under_review(ground)
    status, sent = await click(ground, item, "send", headers, draft_id=draft_id, text="Three days.")
    assert (status, sent["edited"]) == (200, True)
    entries = (await shown(ground, item, headers))["timeline"]
    assert ("Robin", "Three days.") in [(entry["label"], entry["text"]) for entry in entries]
    assert "Robin edited the AI's draft and sent it." in [entry["text"] for entry in entries]


async def test_a_rejected_draft_leaves_the_case_with_its_agent(ground: Ground) -> None:
    item, draft_id, headers, _, _ = await under_review(ground)
    status, case = await click(ground, item, "reject", headers, draft_id=draft_id, reason="not_for_ai")
    assert (status, case["state"]) == (200, "assigned")
    seen = await shown(ground, item, headers)
    assert seen["draft"] is None
    assert "Robin rejected the AI's draft: a person should answer this." in [one["text"] for one in seen["timeline"]]


async def test_what_comes_too_late_is_told_so(ground: Ground) -> None:
    item, draft_id, headers, chat, _ = await under_review(ground)
    await ground.say(chat, "and to Norway?")
    assert (await shown(ground, item, headers))["draft"]["outdated"]
    status, problem = await click(ground, item, "send", headers, draft_id=draft_id)
    assert (status, problem["detail"]) == (409, "The customer has written since; the AI is drafting again.")


async def test_what_makes_no_sense_is_refused(ground: Ground) -> None:
    item, draft_id, headers, _, _ = await under_review(ground)
    for verb, body, field in (
        ("send", {"draft_id": draft_id, "text": " "}, "text"),
        ("send", {"draft_id": "nonsense"}, "draft_id"),
        ("reject", {"draft_id": draft_id, "reason": "bored"}, "reason"),
    ):
        status, problem = await click(ground, item, verb, headers, **body)
        assert (status, [error["field"] for error in problem["errors"]]) == (422, [field])
    other = await ground.agent_headers(await ground.hire("kim"))
    status, problem = await click(ground, item, "send", other, draft_id=draft_id)
    assert (status, problem["detail"]) == (409, "This case is not with you any more.")

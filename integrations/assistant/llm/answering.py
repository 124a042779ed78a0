"""Answers of a model: composed with tools, accepted only if all that they state stands in what the tools returned."""

import re
from collections.abc import Iterable

from pydantic_ai import Agent, ModelRetry, RunContext, ToolOutput

from domain.facts import facts_in, held_by
from domain.flows.kinds import FlowKind
from domain.flows.requests import (
    CancellationRequest,
    ClaimRequest,
    ExchangeRequest,
    FlowRequest,
    ItemChange,
    ReturnRequest,
)
from domain.gate import gate
from domain.grounding import Sources, unsupported
from domain.outgoing import empty_promises
from domain.policy import AssistantRules
from domain.proposal import Action, Citation, Handoff, HandoffReason, Proposal, Question, Reply, Statement
from integrations.assistant.llm.asking import REDO
from integrations.assistant.llm.outputs import GivenUp, WrittenQuestion, WrittenReply
from integrations.assistant.llm.prompts import ANSWER, recites
from integrations.assistant.llm.tools import READING, Desk

_REQUESTS: dict[FlowKind, tuple[type[FlowRequest], str]] = {
    FlowKind.RETURN: (ReturnRequest, "Send items of a delivered order back for money."),
    FlowKind.EXCHANGE: (ExchangeRequest, "Send items of a delivered order back for others."),
    FlowKind.CANCELLATION: (CancellationRequest, "Cancel an order that was not shipped, or lines of it."),
    FlowKind.ITEM_CHANGE: (ItemChange, "Swap variants in an order that was not packed."),
    FlowKind.CLAIM: (ClaimRequest, "Report an item as damaged, wrong or missing."),
}
"""What can be read back to a customer. All else that policy may allow is done by people or on the customer's page."""

_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")

Written = WrittenReply | WrittenQuestion | GivenUp | FlowRequest


class Answerer:
    """The agents that answer: one for each set of actions that may be proposed."""

    def __init__(self) -> None:
        self._agents: dict[frozenset[FlowKind], Agent[Desk, Written]] = {}

    def agent(self, rules: AssistantRules, *, proven: bool) -> Agent[Desk, Written]:
        """The agent that knows the actions which policy allows; none for a customer who is not proven."""
        kinds = frozenset(kind for kind in rules.actions if proven and kind in _REQUESTS)
        if kinds not in self._agents:
            self._agents[kinds] = _agent(kinds)
        return self._agents[kinds]


def _agent(kinds: Iterable[FlowKind]) -> Agent[Desk, Written]:
    actions = [
        ToolOutput(_REQUESTS[kind][0], name=f"propose_{kind.value}", description=_REQUESTS[kind][1])
        for kind in sorted(kinds)
    ]
    agent: Agent[Desk, Written] = Agent(
        output_type=[
            ToolOutput(WrittenReply, name="reply"),
            ToolOutput(WrittenQuestion, name="ask_back"),
            ToolOutput(GivenUp, name="hand_over"),
            *actions,
        ],
        deps_type=Desk,
        instructions=ANSWER,
        tools=READING,
        retries=REDO,
        name="answer",
    )
    agent.output_validator(_accepted)
    return agent


def proposal_of(written: Written, desk: Desk) -> Proposal:
    """The answer as Baton knows it. A reply's sources are those that the tools have returned in this very run."""
    match written:
        case WrittenReply():
            return Reply(statements=tuple(_statement(one.text, one.sources, desk) for one in written.statements))
        case WrittenQuestion():
            return Question(text=written.text, asks_proof=written.asks_proof)
        case GivenUp():
            return Handoff(reason=HandoffReason(written.reason))
        case _:
            return Action(request=written)


def sources_of(desk: Desk) -> Sources:
    """What each source of this run says."""
    texts: dict[Citation, str] = {}
    for source in desk.found.values():
        texts[source.citation] = f"{texts[source.citation]}\n{source.text}" if source.citation in texts else source.text
    return texts


def _statement(text: str, source_ids: list[str], desk: Desk) -> Statement:
    cited = dict.fromkeys(desk.found[one].citation for one in map(_plain_id, source_ids))
    return Statement(text=text.strip(), citations=tuple(cited))


def _plain_id(source_id: str) -> str:
    return source_id.strip().strip("[]")


def _accepted(ctx: RunContext[Desk], written: Written) -> Written:
    """Sent back to the model with what is wrong, a bounded number of times."""
    desk = ctx.deps
    problem = _unknown_sources(written, desk) or _problem(proposal_of(written, desk), desk)
    if problem:
        raise ModelRetry(problem)
    return written


def _unknown_sources(written: Written, desk: Desk) -> str:
    if not isinstance(written, WrittenReply):
        return ""
    cited = {_plain_id(one) for statement in written.statements for one in statement.sources}
    unknown = sorted(cited - desk.found.keys())
    return f"No tool returned {', '.join(unknown)}. Cite only ids that tools returned." if unknown else ""


def _problem(proposal: Proposal, desk: Desk) -> str:
    """What stands against saying it."""
    sources = sources_of(desk)
    match proposal:
        case Reply() if not proposal.citations:
            return "Cite the tool results that the answer rests on; look them up first, or hand over."
        case Reply() if lacking := unsupported(proposal, sources):
            return f"The cited sources do not say this: {'; '.join(lacking)}. State it as they do, or leave it out."
        case Reply() if empty_promises(proposal, sources):
            return "It promises something that no cited article says in these words. Quote the article, or hand over."
        case Reply() | Question() if recites(proposal.text):
            return "It repeats what you were told. Answer the customer, or hand over."
        case Question(asks_proof=True):
            return ""  # Baton has words of its own for it
        case Question() if _tells(proposal, desk):
            return "A question must not state facts that no tool returned and the customer did not write."
        case Reply() | Question() if isinstance(
            gate(proposal, desk.rules, questions_asked=0, sources=sources), Handoff
        ):
            return (
                "Policy does not allow this text: links to other places, requests for secrets, a person's name under "
                "it, or another language."
            )
    return ""


def _tells(question: Question, desk: Desk) -> bool:
    """Does it state a fact that no tool returned? What the customer wrote may be asked about, and not be affirmed."""
    found = held_by([source.text for source in desk.found.values()])
    written = held_by([turn.text for turn in desk.case.turns])
    sentences = _SENTENCE_ENDS.split(question.text)
    return any(
        not fact & (found | written if sentence.rstrip().endswith("?") else found)
        for sentence in sentences
        for fact in facts_in(sentence)
    )

"""The scenarios, each an async function over public surfaces with its own checks; one file for each subject."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cli.demo.scenarios.answering import four_messages, order_status, product_question
from cli.demo.scenarios.asking_back import asks_back
from cli.demo.scenarios.channels import chat_then_mail, stranger_with_the_same_words
from cli.demo.scenarios.delaying import delay_message
from cli.demo.scenarios.drafting import draft_sent
from cli.demo.scenarios.evidence import damaged_goods
from cli.demo.scenarios.exchanging import long_exchange
from cli.demo.scenarios.handing_over import handed_over
from cli.demo.scenarios.killing import workers_killed
from cli.demo.scenarios.languages import answers_in_german
from cli.demo.scenarios.outage import temporal_down
from cli.demo.scenarios.people import one_voice, vip_complaint
from cli.demo.scenarios.pools import pools_stopped
from cli.demo.scenarios.pressure import pressure_shift
from cli.demo.scenarios.proving import identity_proof
from cli.demo.scenarios.switching import ai_stopped
from cli.demo.world import World


@dataclass(frozen=True)
class DemoScenario:
    """One scenario. `play` returns what was seen, in words, and raises `ScenarioFailed`."""

    number: int
    name: str
    play: Callable[[World], Awaitable[str]]


SCENARIOS = (
    DemoScenario(1, "order status in chat, two parcels told apart", order_status),
    DemoScenario(2, "product question by mail, answered with its source", product_question),
    DemoScenario(3, "a vip's complaint reaches a senior agent, with the reasons why", vip_complaint),
    DemoScenario(4, "four chat messages in six seconds, one answer", four_messages),
    DemoScenario(5, "worker processes killed in the middle of conversations", workers_killed),
    DemoScenario(6, "Temporal down while messages arrive", temporal_down),
    DemoScenario(7, "pool ai stopped, then pool human stopped", pools_stopped),
    DemoScenario(8, "from chat to mail: one case, one agent, one timeline", chat_then_mail),
    DemoScenario(9, "a stranger with the same words learns nothing", stranger_with_the_same_words),
    DemoScenario(10, "one voice: the person speaks, the AI suggests", one_voice),
    DemoScenario(11, "pressure: borderline cases go to the AI, and back", pressure_shift),
    DemoScenario(12, "a photo, a person's decision, told by the AI", damaged_goods),
    DemoScenario(13, "a long exchange, from the chat to the warehouse", long_exchange),
    DemoScenario(14, "a late parcel: told once, unasked, and seen through", delay_message),
    DemoScenario(15, "questions in German, French and Spanish, answered with their sources", answers_in_german),
    DemoScenario(16, "a vague opening: one question back that offers two, then the answer", asks_back),
    DemoScenario(17, "proof of identity in a chat, wrong ones refused alike", identity_proof),
    DemoScenario(18, "a draft of the AI that an agent sends", draft_sent),
    DemoScenario(19, "a handoff with its brief", handed_over),
    DemoScenario(20, "the AI switched off and on again", ai_stopped),
)

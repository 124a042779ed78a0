"""Questions that the knowledge base surely answers, and conversations made of them."""

from cli.demo.chat import ChatCustomer
from cli.demo.checks import check
from cli.demo.scenarios.closing import goodbye, resolved
from cli.demo.scenarios.standing_by import BY_A_PERSON

QUESTIONS = (
    ("How do I wash wool?", "wool cycle at 30 °C"),
    ("Which payment methods can I use?", "PayPal"),
    ("Do you ship to Switzerland?", "Norway"),
    ("How do I create an account?", "Create account"),
    ("How long do I have to return something?", "30 days of delivery"),
    ("How do I reset my password?", "Forgot password"),
)
"""Each with words that only the right answer has."""

PATIENCE = 90.0
"""Seconds for an answer while parts fail."""


async def asks(customer: ChatCustomer, question: str) -> None:
    """Ask and wait for the answer; a person who gives it closes the case, too."""
    answer = await customer.ask(question, within=PATIENCE)
    if answer.author == "agent":
        await resolved(customer, within=PATIENCE)


async def ends_well(customer: ChatCustomer, asked: list[tuple[str, str]]) -> int:
    """Thanks close the case; then what was seen is exactly question, answer, question, answer, in order.

    Returns how many of the answers a person gave.
    """
    await goodbye(customer, within=PATIENCE)
    seen = customer.seen
    check([said.seq for said in seen] == list(range(1, len(seen) + 1)), "every message once, without gaps", seen)
    spoken = [said for said in seen if said.author != "system"]
    turns = ["customer" if said.author == "customer" else "answer" for said in spoken]
    check(turns == ["customer", "answer"] * len(asked) + ["customer"], "one answer to each question", customer.shown)
    for (_, fact), answer in zip(asked, customer.answers, strict=True):
        right = fact if answer.author == "ai" else BY_A_PERSON
        check(right in answer.text, f"'{right}' in the answer at its place", customer.shown)
    return sum(said.author == "agent" for said in spoken)

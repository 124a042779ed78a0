"""Questions that the knowledge base surely answers, and conversations made of them."""

from cli.demo.chat import ChatCustomer
from cli.demo.checks import check
from cli.demo.scenarios.closing import goodbye

QUESTIONS = (
    ("How do I wash wool?", "wool cycle at 30 °C"),
    ("Which payment methods can I use?", "PayPal"),
    ("Do you ship to Switzerland?", "Norway"),
    ("How do I create an account?", "Create account"),
    ("How long do I have to return something?", "30 days of delivery"),
    ("How can I unsubscribe from the newsletter?", "Unsubscribe"),
)
"""Each with words that only the right answer has."""

PATIENCE = 90.0
"""Seconds for an answer while parts fail."""


async def ends_well(customer: ChatCustomer, asked: list[tuple[str, str]]) -> None:
    """Thanks close the case; then what was seen is exactly question, answer, question, answer, in order."""
    await goodbye(customer, within=PATIENCE)
    seen = customer.seen
    check([said.seq for said in seen] == list(range(1, len(seen) + 1)), "every message once, without gaps", seen)
    wanted = ["customer", "ai"] * len(asked) + ["customer"]
    check([said.author for said in seen] == wanted, "one answer to each question", customer.shown)
    for (_, fact), answer in zip(asked, customer.answers, strict=True):
        check(fact in answer.text, f"'{fact}' in the answer at its place", customer.shown)

"""How conversations end, so that no scenario leaves an open case behind."""

from cli.demo.chat import ChatCustomer
from cli.demo.checks import eventually


async def goodbye(customer: ChatCustomer) -> None:
    """The customer is content, which closes the case without another word."""
    await customer.say("Thanks, that helped!")
    await resolved(customer)


async def resolved(customer: ChatCustomer, *, within: float = 30) -> None:
    """Wait until the customer's case is closed."""

    async def look() -> bool:
        return await customer.state() == "resolved"

    await eventually(look, within=within, expected="a resolved case")

"""How conversations end, so that no scenario leaves an open case behind."""

from cli.demo.chat import ChatCustomer
from cli.demo.checks import ScenarioFailed, eventually


async def goodbye(customer: ChatCustomer, *, within: float = 30) -> None:
    """The customer is content, which closes the case without another word."""
    await customer.say("Thanks, that helped!")
    await resolved(customer, within=within)


async def resolved(customer: ChatCustomer, *, within: float = 30) -> None:
    """Wait until the customer's case is closed."""
    state = ""

    async def look() -> bool:
        nonlocal state
        state = await customer.state()
        return state == "resolved"

    try:
        await eventually(look, within=within, expected="a resolved case")
    except ScenarioFailed as failure:
        raise ScenarioFailed(f"{failure}; it is {state} after {customer.shown}") from None

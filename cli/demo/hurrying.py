"""The demo's time: what takes days in a shop takes seconds here, and customers are told of delays unasked."""

from domain.policy import Policy

_REMIND_DAYS = 8 / 86_400
"""Eight seconds after the label a customer hears that the parcel is still with them."""


def in_a_hurry(policy: Policy) -> Policy:
    """The policy of the file with the demo's reminders, and with delays told; what it permits stays as it is."""
    rules = policy.commerce
    hurried = {"remind_days": (_REMIND_DAYS,)}
    commerce = rules.model_copy(
        update={
            "returns": rules.returns.model_copy(update=hurried),
            "exchanges": rules.exchanges.model_copy(update=hurried),
            "delays": rules.delays.model_copy(update={"offered": True}),
        }
    )
    return policy.model_copy(update={"commerce": commerce})

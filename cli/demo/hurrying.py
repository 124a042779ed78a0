"""The demo's time: what takes days in a shop takes seconds here, and customers are told of delays unasked."""

from domain.policy import Policy

_SECOND = 1 / 86_400
"""In days."""
REMINDED_AFTER = 8 * _SECOND
"""Days after the label at which a customer hears that the parcel is still with them."""


def in_a_hurry(policy: Policy) -> Policy:
    """The policy of the file with the demo's durations; what it permits stays as it is."""
    rules = policy.commerce
    hurried = {"remind_days": (REMINDED_AFTER,)}
    commerce = rules.model_copy(
        update={
            "returns": rules.returns.model_copy(update=hurried),
            "exchanges": rules.exchanges.model_copy(update=hurried),
            "delays": rules.delays.model_copy(update={"offered": True}),
        }
    )
    return policy.model_copy(update={"commerce": commerce})

"""What people of a role may do alone, as the policy says."""

from domain.money import Money
from domain.policy import Policy
from domain.team import RoleLimits

_NOTHING = RoleLimits(out_of_order=False)


def limits_of(role: str, policy: Policy) -> RoleLimits:
    """The limits of a role; a role that does no people's work may do nothing."""
    return next((limits for name, limits in policy.roles.items() if name == role), _NOTHING)


def may_approve(limits: RoleLimits, total: Money | None) -> bool:
    """May they approve a case about this amount? A case without a known amount has no limit."""
    return total is None or total.minor <= limits.approve_up_to.get(total.currency, 0)

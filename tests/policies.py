"""Policies for tests: small matrices and short durations."""

from domain.policy import Policy
from domain.policy_file import read_policy

_SMALL = """
brand: {name: Test Shop, ai_label: Test Shop · AI assistant}
assistant: {mode: auto}
overflow: support
teams:
  support:
    title: Support
    channels:
      chat: {mode: offer, offer_seconds: 30}
      email: {mode: assign}
tiers:
  guest: {}
  standard: {}
  vip: {priority_minutes: 60}
pauses: {chat: 0.2, messaging: 0.2, email: 0}
deadlines:
  ai_start_seconds: 3
  ai_work_seconds: 10
  step_seconds: 20
matrix:
  complaint:
    any: [{plan: ["queue:support"]}]
  spam:
    any: [{plan: [set_aside]}]
defaults:
  - {plan: [ai, "queue:support"], when: {confidence_at_least: 0.5}}
  - {plan: ["queue:support"]}
"""

_MORE = """
matrix:
  damaged_wrong:
    any:
      - plan:
          - {do: ai, until: collected, collect: [order], deadline_minutes: 60, otherwise: "queue:support"}
          - {do: "queue:support", until: decided}
          - {do: ai, until: told}
  return:
    any:
      - {plan: [ai, "queue:support"], when: {confidence_at_least: 0.99}, pressure: ai}
      - {plan: ["queue:support"]}
"""


def small_policy(**deadlines: float) -> Policy:
    """One team, everything but complaints to the AI; `deadlines` override the durations."""
    policy = read_policy(_SMALL)
    return policy.model_copy(update={"deadlines": policy.deadlines.model_copy(update=deadlines)})


def story_policy(**deadlines: float) -> Policy:
    """The small policy, with a plan of several stages and a row that gives way under pressure at once."""
    policy = read_policy(_SMALL.replace("\nmatrix:\n", _MORE) + "pressure: {dwell_seconds: 0}\n")
    return policy.model_copy(update={"deadlines": policy.deadlines.model_copy(update=deadlines)})

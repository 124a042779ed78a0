"""Why a case came to an agent, in one sentence for people."""

from domain.matching import Because, Choice
from domain.requirement import Requirement


def said(choice: Choice) -> str:
    """The sentence."""
    load = f"{choice.load} of {choice.capacity}"
    reason = {
        Because.KNOWS_CUSTOMER: "Knows the customer",
        Because.ONLY_ONE: "The only one here with room who could take it",
        Because.LOWEST_LOAD: f"The lowest load ({load}) of the {choice.able} who could take it",
        Because.LONGEST_IDLE: f"The longest without new work of the {choice.able} who could take it, load {load}",
        Because.PULLED: "Picked it from the queue",
        Because.REASSIGNED: "Was given it by a supervisor",
    }[choice.because]
    asked = f"; asked for: {_asked(choice.asked_for)}" if choice.asked_for else ""
    passed = f"; {choice.passed_by} let it pass before" if choice.passed_by else ""
    return f"{reason}{asked}{passed}."


def _asked(key: str) -> str:
    wanted = Requirement.read(key)
    named = ["this agent by name"] if wanted.agent else []
    speaks = [f"language {wanted.language}"] if wanted.language else []
    return ", ".join(named + speaks + [f"{skill} at level {level}" for skill, level in wanted.skills])

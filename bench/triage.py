"""Fits the temperature and the threshold of the local assistant's triage on its own examples, subtopics kept apart.

`python -m bench.triage` prints the figures, also for each language and for spam; `integrations.assistant.evaluation`
measures on labelled messages.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from domain.triage import IssueType
from integrations.assistant.local.classifier import TEMPERATURE, IssueClassifier, Ranking
from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.settings import RECOMMENDED_THRESHOLD
from integrations.assistant.local.spam import SPAM_THRESHOLD, SpamFilter
from integrations.assistant.local.training import Example, ExampleSet

FOLDS = 5


def out_of_fold(examples: Sequence[Example], embedder: Embedder, folds: int = FOLDS) -> list[tuple[Example, Ranking]]:
    """Each honest example with the ranking of a classifier that has not seen its subtopic, in no language."""
    honest = [example for example in examples if example.issue is not IssueType.SPAM]
    labels = [example.issue.value for example in honest]
    groups = [example.group for example in honest]
    judged: list[tuple[Example, Ranking]] = []
    for train, test in StratifiedGroupKFold(folds, shuffle=True, random_state=0).split(labels, labels, groups):
        classifier = IssueClassifier()
        classifier.fit([honest[index] for index in train], embedder)
        for unseen in (honest[index] for index in test):
            ranking = classifier.rank([unseen.text], embedder, unseen.language, temperature=1.0)[0]
            judged.append((unseen, ranking))
    return judged


def spam_out_of_fold(examples: Sequence[Example], folds: int = FOLDS) -> list[tuple[Example, float]]:
    """Each example with the probability of spam that a filter gives which has not seen its subtopic."""
    labels = [example.issue is IssueType.SPAM for example in examples]
    groups = [example.group for example in examples]
    judged: list[tuple[Example, float]] = []
    for train, test in StratifiedGroupKFold(folds, shuffle=True, random_state=0).split(labels, labels, groups):
        spam_filter = SpamFilter()
        spam_filter.fit([examples[index] for index in train])
        judged += [(examples[index], spam_filter.probability(examples[index].text)) for index in test]
    return judged


def spam_shares(judged: Sequence[tuple[Example, float]]) -> dict[str, float]:
    """Spam found, and honest messages lost, at the threshold."""
    spam = [sure >= SPAM_THRESHOLD for example, sure in judged if example.issue is IssueType.SPAM]
    honest = [sure >= SPAM_THRESHOLD for example, sure in judged if example.issue is not IssueType.SPAM]
    return {"spam_recall": float(np.mean(spam)), "honest_lost": float(np.mean(honest))}


def tempered(ranking: Ranking, temperature: float) -> Ranking:
    """The ranking as the classifier would give it at another temperature."""
    raised = np.array([probability for _, probability in ranking]) ** (1 / temperature)
    return [(issue, float(value)) for (issue, _), value in zip(ranking, raised / raised.sum(), strict=True)]


def is_right(example: Example, issue: IssueType) -> bool:
    """Whether an issue is the example's own or one that is also right for it."""
    return issue is example.issue or issue in example.also


def negative_log_likelihood(judged: Sequence[tuple[Example, Ranking]], temperature: float) -> float:
    """How surprised the tempered rankings are by the truth, on average; what is also right counts as right."""
    shares = [
        sum(value for issue, value in tempered(ranking, temperature) if is_right(example, issue))
        for example, ranking in judged
    ]
    return float(-np.mean(np.log(np.maximum(shares, 1e-9))))


def shares_at(judged: Sequence[tuple[Example, Ranking]], temperature: float, threshold: float) -> dict[str, float]:
    """Acted on, of these right, and of `other` acted on, at a threshold."""
    tops = [(example, *tempered(ranking, temperature)[0]) for example, ranking in judged]
    store = [(example, issue, sure) for example, issue, sure in tops if example.issue is not IssueType.OTHER]
    outside = [(issue, sure) for example, issue, sure in tops if example.issue is IssueType.OTHER]
    acted = [(example, issue) for example, issue, sure in store if sure >= threshold and issue is not IssueType.OTHER]
    let_through = sum(sure >= threshold and issue is not IssueType.OTHER for issue, sure in outside)
    return {
        "lenient": float(np.mean([is_right(example, issue) for example, issue, _ in tops])),
        "acted_on": len(acted) / len(store),
        "acted_right": sum(is_right(example, issue) for example, issue in acted) / len(acted),
        "other_acted_on": let_through / len(outside),
    }


def fit() -> None:
    """Print the best temperature, a line for each threshold, one for each language, and one for spam."""
    examples = ExampleSet().examples
    judged = out_of_fold(examples, Embedder())
    temperatures = np.arange(0.4, 1.65, 0.05)
    best = min(temperatures, key=lambda temperature: negative_log_likelihood(judged, temperature))
    print(f"temperature {best:.2f}")
    for threshold in np.arange(0.3, 0.85, 0.05):
        print(f"{threshold:.2f}", _line(shares_at(judged, TEMPERATURE, threshold)))
    for language in dict.fromkeys(example.language for example, _ in judged):
        spoken = [entry for entry in judged if entry[0].language == language]
        print(language, _line(shares_at(spoken, TEMPERATURE, RECOMMENDED_THRESHOLD)))
    print("spam", _line(spam_shares(spam_out_of_fold(examples))))


def _line(figures: dict[str, float]) -> str:
    return " ".join(f"{name} {value:.3f}" for name, value in figures.items())


if __name__ == "__main__":
    fit()

"""The trained model as one file in the cache: made once for each state of examples and code.

A pickle can run code when it is loaded, so only files of Baton's own cache folder are ever read, and only if nobody but
their owner may write there.
"""

import os
import pickle
import tempfile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import structlog
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from integrations.assistant.local import classifier
from integrations.assistant.local.classifier import IssueClassifier
from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.language import LanguageReader
from integrations.assistant.local.patterns import pattern_bytes
from integrations.assistant.local.sign_model import SignModel, sign_examples
from integrations.assistant.local.spam import SpamFilter
from integrations.assistant.local.training import ExampleSet

_LEARNED_FROM = ("further_languages", "glossary", "spam")
"""Pattern files that the trained model depends on."""
log = structlog.get_logger(__name__)


class TriageModel:
    """The trained parts."""

    def __init__(self) -> None:
        self.issues = IssueClassifier()
        self.spam = SpamFilter()
        self.signs = SignModel()
        self.languages = LanguageReader()

    @classmethod
    def train(cls, examples: ExampleSet, embedder: Embedder) -> "TriageModel":
        """Train from the examples; takes some seconds."""
        model = cls()
        with threadpool_limits(limits=1):  # on a busy machine, threads that wait for each other cost ten times the sums
            model._fit(examples, embedder)
        return model

    def _fit(self, examples: ExampleSet, embedder: Embedder) -> None:
        self.issues.fit(examples.examples, embedder)
        self.spam.fit(examples.examples)
        self.signs.fit(examples.examples, embedder)
        self.languages.fit(examples.examples)


def load_model(examples: ExampleSet, embedder: Embedder, folder: Path) -> TriageModel:
    """The model for these examples: from the cache, else trained now and put there.

    Two processes at once both train and each puts a whole file in place. A cache that cannot be read or written only
    costs the training.
    """
    path = folder / f"triage-{_key(examples)}.pickle"
    cached = _read(path)
    if cached is not None:
        return cached
    log.info("triage_model_training", examples=len(examples.examples))
    model = TriageModel.train(examples, embedder)
    _write(path, model)
    return model


def _key(examples: ExampleSet) -> str:
    parts = (
        examples.digest,
        sha256(repr(sign_examples()).encode()).hexdigest(),
        *(sha256(pattern_bytes(name)).hexdigest() for name in _LEARNED_FROM),
        classifier.CODE_VERSION,
        *(version(name) for name in ("scikit-learn", "numpy", "wordllama")),
    )
    return sha256("\n".join(parts).encode()).hexdigest()[:24]


def _is_private(folder: Path) -> bool:
    if os.name == "nt":
        return True
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _read(path: Path) -> TriageModel | None:
    try:
        if not _is_private(path.parent):
            log.warning("triage_cache_not_private")
            return None
        model = pickle.loads(path.read_bytes())  # noqa: S301 - own private folder, checked above
    except FileNotFoundError:
        return None
    except Exception as error:
        log.warning("triage_cache_unreadable", error=type(error).__name__)
        return None
    return model if isinstance(model, TriageModel) else None


def _write(path: Path, model: TriageModel) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            part.write(pickle.dumps(model, protocol=pickle.HIGHEST_PROTOCOL))
        Path(part.name).replace(path)
    except OSError as error:
        log.warning("triage_cache_not_written", error=type(error).__name__)

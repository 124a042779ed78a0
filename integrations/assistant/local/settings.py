"""What a brand may set about the local assistant, and the threshold that its own examples recommend."""

import os
import sys
from pathlib import Path

from domain.values import Value
from integrations.assistant.local.training import EXAMPLES_DIR

RECOMMENDED_THRESHOLD = 0.7
"""The least confidence at which to act, as the default of the policy has it.

By cross-validation that keeps subtopics apart (`bench/triage.py`), some 8 % of own examples that no store can answer
are acted on there; most of these lie closer to a store's business than what strangers really write.
"""


def default_cache_dir() -> Path:
    """The platform's cache directory for Baton (XDG Base Directory, Apple File System guide, Windows known folders)."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "baton"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "baton"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baton"


class LocalSettings(Value):
    """Settings of the local assistant."""

    order_prefix: str = "BT-"
    """What the shop prints before an order's digits."""
    phone_region: str = "DE"
    """Where a phone number without country code is dialled (ISO 3166-1)."""
    cache_dir: Path | None = None
    """Where the trained model is kept; the platform's cache directory unless set."""

    examples_dir: Path | None = None
    """A brand's own training examples, added to Baton's: one YAML file for each issue type, languages other than
    English in sub-folders named by their code."""

    @property
    def example_folders(self) -> tuple[Path, ...]:
        """All folders to learn from."""
        return (EXAMPLES_DIR, self.examples_dir) if self.examples_dir else (EXAMPLES_DIR,)

    @property
    def model_dir(self) -> Path:
        """The folder of trained models."""
        return (self.cache_dir or default_cache_dir()) / "assistant"

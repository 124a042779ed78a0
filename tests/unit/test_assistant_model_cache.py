"""The cached model: trained once, never trusted from elsewhere, safe with two processes."""

import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from integrations.assistant.local import model
from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.model import TriageModel, load_model
from integrations.assistant.local.training import ExampleSet

SMALL = {
    "order_status": "where is my order\nhas it shipped yet\ntrack my parcel",
    "account": "forgot my password\ncannot log in\nchange my email",
    "spam": "win a free prize now, txt to 85555\nbuy cheap pills http://pills.example\nclaim your cash prize",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def examples(tmp_path: Path) -> ExampleSet:
    for issue, texts in SMALL.items():
        indented = texts.replace("\n", "\n      ")
        body = f"issue: {issue}\ngroups:\n  all:\n    texts: |\n      {indented}\n"
        (tmp_path / f"{issue}.yaml").write_text(body)
    return ExampleSet(tmp_path)


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each training."""
    seen: list[int] = []
    train = TriageModel.train

    def counted(examples: ExampleSet, embedder: Embedder) -> TriageModel:
        seen.append(1)
        return train(examples, embedder)

    monkeypatch.setattr(model.TriageModel, "train", staticmethod(counted))
    return seen


def test_a_second_start_loads_what_the_first_trained(examples: ExampleSet, folder: Path, trainings: list[int]) -> None:
    embedder = Embedder()
    first = load_model(examples, embedder, folder)
    second = load_model(examples, embedder, folder)
    assert len(trainings) == 1
    assert first.issues.rank(["where is it"], embedder) == second.issues.rank(["where is it"], embedder)


def test_changed_examples_train_anew(examples: ExampleSet, folder: Path, trainings: list[int], tmp_path: Path) -> None:
    load_model(examples, Embedder(), folder)
    path = tmp_path / "account.yaml"
    path.write_text(path.read_text() + "      reset my password\n")
    load_model(ExampleSet(tmp_path), Embedder(), folder)
    assert len(trainings) == 2


def test_a_damaged_file_costs_only_a_training(examples: ExampleSet, folder: Path, trainings: list[int]) -> None:
    load_model(examples, Embedder(), folder)
    [file] = folder.glob("*.pickle")
    file.write_bytes(b"rubbish")
    load_model(examples, Embedder(), folder)
    load_model(examples, Embedder(), folder)
    assert len(trainings) == 2


class Planted:
    """What an attacker would put into the cache: loading it creates a file."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.trace,))


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_folder_that_others_may_write_to_is_never_loaded_from(
    examples: ExampleSet, folder: Path, tmp_path: Path
) -> None:
    embedder, trace = Embedder(), tmp_path / "trace"
    load_model(examples, embedder, folder)
    [file] = folder.glob("*.pickle")
    file.write_bytes(pickle.dumps(Planted(trace)))
    folder.chmod(0o777)
    assert isinstance(load_model(examples, embedder, folder), TriageModel)
    assert not trace.exists()


def test_a_cache_that_cannot_be_written_still_gives_a_model(examples: ExampleSet, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert isinstance(load_model(examples, Embedder(), blocked / "cache"), TriageModel)


def test_two_at_once_leave_one_whole_file(examples: ExampleSet, folder: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: load_model(examples, Embedder(), folder), range(2)))
    assert all(isinstance(found, TriageModel) for found in both)
    assert [path.suffix for path in folder.iterdir()] == [".pickle"]

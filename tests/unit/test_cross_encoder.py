"""Loading a cross-encoder, and what its scores are for."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.embedding import open_reranker
from bot.calibrations import home_file, key_of, load_calibration, save_calibration
from core.domain.errors import FinalError, MissingCalibrationError
from core.evaluate.cutoffs import cheapest_cutoff
from core.ports.reranker import Reranker
from tests.fakes.embedder import HashEmbedder
from tests.fakes.reranker import WordsReranker
from tests.fakes.tiny_cross_encoder import write_cross_encoder
from tests.unit.desk.support import CALIBRATION


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("reranker") / "tiny")


@pytest.fixture(scope="module")
def reranker(folder: Path) -> Reranker:
    return asyncio.run(open_reranker(str(folder), folder.parent))


async def test_its_scores_are_the_models_logits_through_the_sigmoid(folder: Path, reranker: Reranker) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForSequenceClassification.from_pretrained(folder)
    texts = ["restart the index every night", "rotate the key", "x"]
    with torch.no_grad():
        logits = [model(**tokenizer("how to restart?", text, return_tensors="pt")).logits for text in texts]
    expected = [float(torch.sigmoid(one)[0, 0]) for one in logits]
    assert await reranker.score("how to restart?", texts) == pytest.approx(expected, abs=1e-5)


async def test_many_texts_are_scored_in_batches_as_they_are_alone(reranker: Reranker) -> None:
    texts = [f"{'word ' * (n % 17)}{n}" for n in range(70)]
    scores = await reranker.score("which?", texts)
    assert [scores[n] for n in (0, 33, 69)] == pytest.approx(
        [(await reranker.score("which?", [texts[n]]))[0] for n in (0, 33, 69)], abs=1e-5
    )
    assert len(set(scores)) > 10


async def test_other_weights_are_another_identity(folder: Path, reranker: Reranker, tmp_path: Path) -> None:
    other = await open_reranker(str(write_cross_encoder(tmp_path / "tiny", seed=1)), tmp_path)
    assert other.identity.startswith("tiny@")
    assert other.identity != reranker.identity


async def test_a_model_that_is_missing_or_gives_more_than_one_score_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FinalError, match="There is no folder '/nowhere/model' to load the reranking model from"):
        await open_reranker("/nowhere/model", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(FinalError, match=r"The reranking model .* is incomplete"):
        await open_reranker(str(tmp_path / "empty"), tmp_path)
    classifier = write_cross_encoder(tmp_path / "classes", outputs=3)
    with pytest.raises(FinalError, match="gives 3 figures for a text, not one"):
        await open_reranker(str(classifier), tmp_path)
    (classifier / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(FinalError, match=r"cannot be loaded .* empty VIGIL_RERANKER_MODEL"):
        await open_reranker(str(classifier), tmp_path)


def test_thresholds_of_the_embedding_model_alone_are_refused_beside_a_reranking_model(tmp_path: Path) -> None:
    both = key_of(HashEmbedder(), WordsReranker())
    assert both == f"{HashEmbedder().identity}+words@1"
    with pytest.raises(MissingCalibrationError, match=r"models .*\+words@1: run `vigil engine fit` once"):
        load_calibration(both, tmp_path)


def test_the_cheapest_cutoff_weighs_wrong_answers_against_missed_ones() -> None:
    scores, labels = [0.9, 0.8, 0.7, 0.6, 0.5], [True, True, False, True, False]
    assert cheapest_cutoff(scores, labels, [1.0] * 5, 1.4) == 0.8
    assert cheapest_cutoff(scores, labels, [1.0] * 5, 0.5) == 0.6
    assert cheapest_cutoff(scores, [False] * 5, [1.0] * 5, 1.4) > 0.9
    assert cheapest_cutoff([0.5, 0.5, 0.4], [True, False, True], [1.0] * 3, 0.5) == 0.4


def test_thresholds_of_another_version_are_refused_in_a_sentence(tmp_path: Path) -> None:
    older = replace(CALIBRATION, identity="older", relevance=(0.0,) * 3)
    save_calibration(home_file(tmp_path), older)
    with pytest.raises(FinalError, match=r"no usable thresholds for older: run `vigil engine fit` again"):
        load_calibration("older", tmp_path)

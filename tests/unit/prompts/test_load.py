"""Prompt files are checked when they are loaded and filled without a gap (DESIGN 9)."""

import hashlib
from importlib.resources import files

import pytest

import core.prompts
from core.domain.answers import ABSTENTION
from core.domain.errors import FinalError
from core.domain.tasks import Block
from core.prompts.load import load_prompt, render
from core.prompts.tasks import extract_task, generate_task, identify_task, review_task, rewrite_task

TASKS = (identify_task, rewrite_task, generate_task, extract_task, review_task)


def test_a_prompt_is_named_by_its_own_text() -> None:
    prompt = load_prompt("identify", frozenset({"scope"}))
    text = files(core.prompts).joinpath("identify.md").read_text("utf-8")
    assert (prompt.text, prompt.hash) == (text, hashlib.sha256(text.encode()).hexdigest()[:12])


@pytest.mark.parametrize("filled", [frozenset[str](), frozenset({"scope", "tone"}), frozenset({"tone"})])
def test_a_placeholder_too_many_or_too_few_is_refused(filled: frozenset[str]) -> None:
    with pytest.raises(FinalError):
        load_prompt("identify", filled)


def test_every_prompt_file_has_its_task_and_every_task_its_file() -> None:
    named = {entry.name.removesuffix(".md") for entry in files(core.prompts).iterdir() if entry.name.endswith(".md")}
    tasks = [make() for make in TASKS]
    assert {task.name for task in tasks} == {task.prompt.name for task in tasks} == named
    assert len({task.prompt.hash for task in tasks}) == len(tasks)


def test_rendering_fills_the_stable_part_and_leaves_the_blocks_alone() -> None:
    block = Block("dialogue", "a {scope} and {anything}")
    prompt = render(identify_task().prompt, {"scope": "buckets {and} braces"}, block)
    assert "buckets {and} braces" in prompt.stable
    assert prompt.blocks == (block,)


def test_the_prompt_names_the_abstention_that_the_code_knows() -> None:
    assert ABSTENTION in render(generate_task().prompt, {"abstention": ABSTENTION}).stable

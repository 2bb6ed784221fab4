"""Prompt files are checked when they are loaded and filled without a gap (DESIGN 9)."""

import hashlib
from importlib.resources import files
from typing import Any

import pytest

import core.prompts
from core.domain.answers import ABSTENTION
from core.domain.errors import FinalError
from core.domain.tasks import Block, Task
from core.prompts.load import load_prompt, render
from core.prompts.tasks import extract_task, generate_task, identify_task, judge_tasks, review_task, rewrite_task

TASKS: tuple[Task[Any, Any], ...] = (
    *(identify_task(), rewrite_task(), generate_task(), extract_task(), review_task()),
    *judge_tasks(),
)


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
    assert {task.name for task in TASKS} == {task.prompt.name for task in TASKS} == named
    assert len({task.prompt.hash for task in TASKS}) == len(TASKS)


def test_rendering_fills_the_stable_part_and_leaves_the_blocks_alone() -> None:
    block = Block("dialogue", "a $scope and {anything}")
    prompt = render(identify_task().prompt, {"scope": "buckets {and} $scope for $5"}, block)
    assert prompt.own.endswith("The team supports: buckets {and} $scope for $5\n")
    assert "$scope" not in prompt.stable
    assert prompt.blocks == (block,)


def test_the_prompt_names_the_abstention_that_the_code_knows() -> None:
    stable = render(generate_task().prompt, {"abstention": ABSTENTION}).stable
    assert f"write exactly {ABSTENTION} and nothing else" in stable
    assert ABSTENTION not in generate_task().prompt.text


def test_all_that_teams_share_comes_before_what_differs() -> None:
    prompt = render(identify_task().prompt, {"scope": "buckets"})
    assert prompt.own == "# The team\nThe team supports: buckets\n"
    assert "buckets" not in prompt.stable

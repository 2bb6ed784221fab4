"""`vigil prompt show` prints what a model would read, from a file with a task's inputs."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.prompt_cli import prompt, request_of
from core.domain.errors import CallerError
from core.prompts.requests import request_makers

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "prompts"


@pytest.mark.parametrize("task", list(request_makers()))
def test_there_is_an_example_for_every_task_and_all_of_its_request_is_printed(task: str) -> None:
    file = EXAMPLES / f"{task}.json"
    request = request_of(task, file)
    printed = CliRunner().invoke(prompt, ["show", task, "--from", str(file)])
    assert printed.exit_code == 0
    assert request.prompt.stable in printed.stdout
    assert request.prompt.own in printed.stdout
    for block in request.prompt.blocks:
        assert f'<block label="{block.label}" id="FENCE">\n{block.text}\n</block FENCE>' in printed.stdout
    assert request.task.prompt.hash in printed.stdout


def test_the_passages_of_an_answer_are_printed_though_they_are_no_block() -> None:
    printed = CliRunner().invoke(prompt, ["show", "generate", "--from", str(EXAMPLES / "generate.json")])
    assert "[reference 2] Kelpbox client: E_LOCK_HELD at every sync" in printed.stdout


def test_no_example_is_of_a_task_that_there_is_not() -> None:
    assert {file.stem for file in EXAMPLES.iterdir()} == set(request_makers())


def test_what_is_wrong_with_a_file_or_a_task_is_said_in_a_sentence(tmp_path: Path) -> None:
    bad = {"no.json": "{", "list.json": "[]", "half.json": '{"scope": "x", "dialogue": [], "burst": [{"id": "m"}]}'}
    for name, text in bad.items():
        (tmp_path / name).write_text(text)
    wrong = [("identify", tmp_path / name) for name in (*bad, "missing.json")]
    for task, file in [
        *wrong,
        ("identify", tmp_path),
        ("identify", EXAMPLES / "judge.json"),
        ("nope", tmp_path / "no.json"),
    ]:
        with pytest.raises(CallerError) as refused:
            request_of(task, file)
        assert "\n" not in refused.value.sentence
        assert refused.value.sentence.endswith(".")
    with pytest.raises(CallerError, match=r"burst\.0\.role"):
        request_of("identify", tmp_path / "half.json")

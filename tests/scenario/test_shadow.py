"""``vigil shadow`` as people type it, on a home that has only recorded so far."""

import json
from pathlib import Path

from tests.scenario.command_line import one_sentence, vigil

LONG = ("--days", "3650")


def test_a_channel_is_told_by_topic_with_all_that_was_only_recorded(acme_home: Path) -> None:
    named = vigil(acme_home, "kb", "list", "--json").stdout
    assert named
    one_sentence(vigil(acme_home, "shadow"), 3, "No channel is in shadow mode")
    one_sentence(vigil(acme_home, "shadow", "--channel", "nowhere"), 2, "No channel nowhere", "known are #")
    known = vigil(acme_home, "shadow", "--channel", "nowhere").stderr
    channel = known.split("known are #")[1].split(",")[0].rstrip(".\n")
    done = vigil(acme_home, "shadow", "--channel", channel, "--json", *LONG)
    assert done.returncode == 0, done.stderr
    head, *topics = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = ("same", "corrected", "wrong", "unclear", "unanswered")
    assert head["answers"] == sum(topic["answers"] for topic in topics) == sum(head[kind] for kind in kinds)
    assert head["asked"] >= head["answers"] > 0
    assert all(topic["answers"] == len(topic["examples"]) for topic in topics)
    said = vigil(acme_home, "shadow", "--channel", f"#{channel}", *LONG).stdout
    assert f"#{channel}: Vigil would have answered {head['answers']} of {head['asked']} questions in scope." in said
    assert all(topic["examples"][0]["question"][:20] in said for topic in topics[:1])
    examples = [one for topic in topics for one in topic["examples"]]
    assert all(bool(one["analyst"]) == (one["comparison"] != "unanswered") for one in examples)
    quoted = [one["analyst"] for one in examples if one["analyst"]]
    assert quoted, "some were answered by an analyst"
    assert "        analyst: " in said

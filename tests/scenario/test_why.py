"""``vigil why`` tells what is on record of a message, by all the names that people have for it."""

import json
from pathlib import Path

from tests.scenario.command_line import one_sentence, vigil


def test_a_message_is_told_by_its_id_its_channel_and_its_link(acme_home: Path) -> None:
    export = Path(__file__).parents[2] / "examples" / "acme"
    day = min((export / "ext-globex").glob("*.json"))
    ts = next(one["ts"] for one in json.loads(day.read_text("utf-8")) if "?" in one.get("text", ""))
    channels = json.loads((export / "channels.json").read_text("utf-8"))
    channel = next(one["id"] for one in channels if one["name"] == "ext-globex")
    by_name = vigil(acme_home, "why", f"ext-globex:{ts}", "--json")
    told = json.loads(by_name.stdout)
    assert told["turn"]
    assert any(line.startswith("Class: ") for item in told["told"] for line in item["lines"])
    link = f"https://acme.slack.com/archives/{channel}/p{ts.replace('.', '')}"
    assert json.loads(vigil(acme_home, "why", link, "--json").stdout) == told
    assert told["told"][0]["heading"] in vigil(acme_home, "why", told["message"]).stdout
    one_sentence(vigil(acme_home, "why", "C0:1.2"), 2, "CHANNEL:TS")

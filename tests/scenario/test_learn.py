"""``vigil learn`` as people type it: documents are learned, shown, carried over, put away, and answered from."""

import json
from pathlib import Path

from tests.scenario.command_line import one_sentence, vigil

DOCS = "examples/acme/docs"


def test_a_folder_is_learned_asked_shown_and_carried_over(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    done = vigil(home, "learn", DOCS, "--audience", "shared", "--json")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["v"], one["type"], one["change"], one["audience"]) for one in told] == [
        (1, "document", "added", "shared")
    ] * 3

    asked = vigil(home, "ask", "my inventory report is missing, why?")
    assert asked.returncode == 0, asked.stderr
    assert '[1] Bucket inventory, "When a report is missing" · documentation, read today' in asked.stdout
    entry = next(one["entry"] for one in told if one["title"] == "Signing requests")
    shown = vigil(home, "kb", "show", entry[:8]).stdout
    assert "by hand" in shown
    assert 'Signing requests, "Session tokens"' in shown

    again = vigil(home, "learn", DOCS).stdout
    assert "3 documents read, 0 of them new or changed" in again
    file = tmp_path / "all.jsonl"
    assert vigil(home, "kb", "export", str(file)).returncode == 0
    assert "3 new" in vigil(other, "kb", "import", str(file)).stdout
    assert "3 known already" in vigil(other, "kb", "import", str(file)).stdout

    assert vigil(home, "kb", "retire", entry[:8]).returncode == 0
    assert vigil(home, "kb", "list").stdout.count("· document\n") == 2
    left = vigil(home, "learn", f"{DOCS}/signing.md").stdout
    assert f"vigil kb restore {entry[:8]}` brings it back" in left
    assert "retired by hand, left so" in left
    assert "0 documents read; 1 retired." in left
    assert vigil(home, "kb", "list").stdout.count("· document\n") == 2


def test_asked_to_be_internal_a_document_is_shared_no_longer_and_that_is_told(tmp_path: Path) -> None:
    home, file = tmp_path / "home", f"{DOCS}/signing.md"
    shared = json.loads(vigil(home, "learn", file, "--audience", "shared", "--json").stdout)["entry"]
    told = vigil(home, "learn", file, "--audience", "internal").stdout
    assert f"{shared[:8]} which was the same page for shared" in told
    assert f"kb restore {shared[:8]}` brings it back" in told
    assert "retired" in vigil(home, "kb", "show", shared[:8]).stdout
    again = json.loads(vigil(home, "learn", file, "--json").stdout)
    assert (again["change"], again["entry"] == shared, again["in_place_of"]) == ("unchanged", False, [])


def test_one_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "docs"
    folder.mkdir()
    (folder / "good.md").write_text("# Good\n\nThe queue is emptied every hour.\n", "utf-8")
    (folder / "empty.md").write_text("", "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    done = vigil(home, "learn", str(folder), "http://127.0.0.1:1/x", "/nowhere/at/all.md")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("left out") == 4, "three of them, and the sum"
    assert "1 document read, 1 of them new or changed; 3 left out; 1 file of other kinds." in done.stdout
    (folder / "good.md").unlink()
    gone = vigil(home, "learn", str(folder))
    assert (gone.returncode, "0 documents read; 1 retired; 1 left out; 1 file of other kinds." in gone.stdout) == (
        0,
        True,
    )
    assert "out of retrieval at once" in gone.stdout


def test_files_are_for_analysts_until_somebody_says_otherwise_and_that_stands(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "runbook.md"
    file.write_text("# Runbook\n\nThe queue is emptied every hour.\n", "utf-8")
    assert "· internal\n" in vigil(home, "learn", str(file)).stdout
    other = tmp_path / "other"
    assert "· shared\n" in vigil(other, "learn", str(file), "--audience", "shared").stdout
    file.write_text("# Runbook\n\nThe queue is emptied every day.\n", "utf-8")
    again = vigil(other, "learn", str(tmp_path)).stdout
    assert ("updated" in again, "· shared\n" in again, "internal" in again) == (True, True, False)


def test_links_that_lead_out_of_a_folder_are_counted_and_not_followed(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "docs"
    (folder / "sub").mkdir(parents=True)
    (folder / ".git").mkdir()
    for file in (tmp_path / "outside.txt", folder / ".git" / "hidden.txt", folder / "good.txt"):
        file.write_text(f"The {file.stem} queue is emptied every hour.\n", "utf-8")
    (folder / "sub" / "passwd.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "sub" / "hidden.txt").symlink_to(folder / ".git" / "hidden.txt")
    (folder / "sub" / "again.txt").symlink_to(folder / "good.txt")
    done = vigil(home, "learn", str(folder))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("it is a link that leads out of the folder") == 2
    assert "1 document read, 1 of them new or changed; 2 left out." in done.stdout
    assert "outside queue" not in vigil(home, "kb", "export", "-").stdout


def test_nothing_that_could_be_read_ends_with_a_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "empty").mkdir()
    one_sentence(vigil(home, "learn", str(tmp_path / "empty")), 2, "holds no document", ".pdf")
    one_sentence(vigil(home, "learn", "https://"), 2, "is no address")
    for empty in ("", "  "):
        one_sentence(vigil(home, "learn", empty), 2, "An empty name is no document")
    for scheme in ("file:///etc/passwd", "ftp://example.com/x.md"):
        one_sentence(vigil(home, "learn", scheme), 2, f"{scheme} is not read: only http and https")
    one_sentence(vigil(home, "learn", DOCS, "--audience", "T0NOBODY"), 2, "No customer T0NOBODY")
    done = vigil(home, "learn", "/nowhere/at/all.md")
    assert (done.returncode, "left out   /nowhere/at/all.md: there is no such file.\n" in done.stdout) == (1, True)
    assert vigil(home, "learn", "http://127.0.0.1:1/x").stdout.count("http://127.0.0.1:1/x") == 1
    kept = [line for line in vigil(home, "doctor").stdout.splitlines() if "by hand" in line]
    assert [line.count("http://127.0.0.1:1/x is not read") for line in kept] == [1], (
        "what never was there is no document"
    )
    assert kept[0].endswith("; this line stays for 7 days.")
    some = tmp_path / "some"
    some.mkdir()
    for name in ("a.md", "word.docx", "blob.bin", ".hidden.bin"):
        (some / name).write_text("# Parts\n\nSet the part size to 8 MB.\n", "utf-8")
    assert "; 2 files of other kinds. `" in vigil(home, "learn", str(some)).stdout


def test_a_secret_in_an_address_is_neither_asked_for_nor_kept_nor_shown(tmp_path: Path) -> None:
    home, secrets = tmp_path / "home", ("hunter2SECRETpw", "ghp_16C7e42F292c6912E7710c838347Ae178B4a")
    asked = [f"https://deploy:{secrets[0]}@docs.acme.test/x", f"https://docs.acme.test/x?token={secrets[1]}"]
    done = vigil(home, "learn", *asked, f"https://docs.acme.test/y?token={secrets[1]}#part", "--json")
    assert [json.loads(line)["target"] for line in done.stdout.splitlines()] == [
        "https://docs.acme.test/x", "https://docs.acme.test/x?token=<secret>", "https://docs.acme.test/y?token=<secret>"
    ]  # fmt: skip
    assert done.stdout.count("It is not read: its address holds a user name") == 3
    told = vigil(home, "learn", *asked).stdout + vigil(home, "doctor").stdout + done.stdout + done.stderr
    told += vigil(home, "learn", f"https://deploy:{secrets[0]}@docs.acme.test:x/").stderr
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert [one for one in secrets if one in told or one.encode() in kept] == []
    assert "by hand" in told


def test_a_citation_of_a_file_says_what_opens_it_and_that_prints_its_words(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert vigil(home, "learn", f"{DOCS}/signing.md").returncode == 0
    asked = vigil(home, "ask", "which characters of an object key need no percent-encoding before I sign?").stdout
    assert '[1] Signing requests, "Object keys" · documentation, read today · internal' in " ".join(asked.split())
    (opens,) = [line for line in asked.splitlines() if line.endswith("` prints it.")]
    assert 'docs/signing.md, "Object keys": `' in opens
    named = opens.partition("kb show ")[2].partition("`")[0]
    part = vigil(home, "kb", "show", named).stdout
    assert "Encode the object key as UTF-8" in part
    assert "signing.md#object-keys\n" in part
    document = vigil(home, "kb", "show", named.partition("#")[0]).stdout
    assert 'Signing requests, "Object keys" · #object-keys\n' in document
    assert f"{DOCS}/signing.md" in document
    for wrong in ("#99", "#x"):
        one_sentence(vigil(home, "kb", "show", named.partition("#")[0] + wrong), 2, "part")
    one_sentence(vigil(home, "kb", "restore", named.partition("#")[0]), 2)


def test_documents_of_one_title_are_told_apart_and_words_find_them(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name in ("first", "second"):
        (tmp_path / f"{name}.md").write_text(f"# Limits\n\nThe {name} queue holds ten jobs.\n", "utf-8")
    files = [str(tmp_path / f"{name}.md") for name in ("first", "second")]
    assert vigil(home, "learn", *files).returncode == 0
    listed = vigil(home, "kb", "list").stdout
    assert all(f"{name}.md" in listed for name in ("first", "second")), listed
    found = vigil(home, "kb", "list", "SECOND", "jobs").stdout
    assert found.count("· document") == 1
    assert "No entry has third in it." in vigil(home, "kb", "list", "third").stdout
    file = tmp_path / "all.jsonl"
    assert vigil(home, "kb", "export", str(file)).returncode == 0
    one_sentence(vigil(home, "kb", "export", str(file)), 2, "is there already", "--force")
    assert vigil(home, "kb", "export", "--force", str(file)).returncode == 0


def test_an_empty_home_says_how_to_fill_it(tmp_path: Path) -> None:
    for command in (("ask", "why?"), ("kb", "list")):
        one_sentence(vigil(tmp_path / "home", *command), 3, "learn FILE", "chat examples/acme")

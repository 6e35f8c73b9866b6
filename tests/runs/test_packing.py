"""A case in one file, and back."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pyrage
import pytest

from winset.cli import run_cli
from winset.errors import RunError, UsageError
from winset.evidence import gather
from winset.evidence.responses import CONTEXT
from winset.runs import open_run
from winset.runs.packing import MANIFEST, pack, unpack
from winset.runs.sealing import seal, unseal
from winset.study import load

HEAD = "statement,instrument,speaker,constituency,date,question,stance,count,source,note\n"
SAID = "a,north-voices,Pavlo,army,2025-01-20,river-border,-2,1,release,We did not die for half a valley\n"
VOICES = (
    "  north-voices: {label: Reporter, by: Paper, mode: in-person, kind: interviews, selection: journalist, "
    "population: soldiers}\n"
)


@pytest.fixture
def spoken(folder: Path) -> Path:
    """The valley with one voice, and the key to who it is."""
    (folder / "interviews.csv").write_text(HEAD + SAID)
    (folder / "speakers.key.csv").write_text("speaker,pseudonym\nPavlo,army-abcd\n")
    instruments = folder / "instruments.yaml"
    instruments.write_text(instruments.read_text() + VOICES)
    return folder


def test_a_study_and_its_run_come_back_as_they_were(tiny_run, tiny_folder, tmp_path):
    packed = pack([tiny_folder, tiny_run.folder])
    assert packed.stays == ()
    assert "1,000 draws, Laplace approximation" in packed.sentence
    assert packed.content == pack([tiny_folder, tiny_run.folder]).content  # no dates in it
    found = unpack(packed.content, tmp_path / "there")
    folders = [x.folder for x in found]
    assert [(f.name, x.kind) for f, x in zip(folders, found, strict=True)] == [("study", "study"), ("run", "run")]
    assert [x.says for x in found] == list(packed.holds)
    assert gather(load(folders[0])).table.equals(gather(load(tiny_folder)).table)
    again = open_run(folders[1], with_rooms=False)
    assert again.acceptance.shares("mediator-2025-01") == pytest.approx(tiny_run.acceptance.shares("mediator-2025-01"))
    with pytest.raises(UsageError, match="is there already, and nothing is overwritten"):
        unpack(packed.content, tmp_path / "there")


def test_voices_and_keys_stay_at_home_unless_asked(spoken, tmp_path):
    kept, all_of_it = pack([spoken]), pack([spoken], voices=True, keys=True)
    assert b"Pavlo" not in b"".join(parts(kept.content).values())
    assert "what people said" in kept.sentence
    assert "who is behind the pseudonyms" in kept.sentence
    (spoken / "memo.txt").write_text("ours")
    assert "files that the study does not read (memo.txt)" in pack([spoken]).sentence
    assert "what 1 person said" in all_of_it.sentence
    assert {"study/interviews.csv", "study/speakers.key.csv"} <= set(parts(all_of_it.content))
    assert "study/speakers.key.csv" not in parts(pack([spoken], voices=True).content)
    folder = unpack(kept.content, tmp_path / "there")[0].folder
    assert "interviews" not in {load(folder).instruments[i].kind for i in gather(load(folder)).table["instrument"]}


def test_quotations_stay_out_of_every_part_of_a_run(tiny_run, tmp_path):
    run = Path(shutil.copytree(tiny_run.folder, tmp_path / "run"))
    said = "We did not die for half a valley"
    context = pl.DataFrame(
        [["a", "north-poll", "speaker 1", "army", "dead", -2, "", "release", "x:2", said]], CONTEXT, orient="row"
    )
    context.write_parquet(run / "context.parquet")
    (run / "brief.html").write_text(said)
    told = json.loads((run / "findings.json").read_text())
    (run / "findings.json").write_text(json.dumps([*told, {"id": "reasons", "table": [{"note": said}]}]))
    found = parts(pack([run]).content)
    assert said.encode() not in b"".join(found.values())
    assert "run/brief.html" not in found
    assert [f["id"] for f in json.loads(found["run/findings.json"])] == [f["id"] for f in told]
    assert "run/brief.html" in parts(pack([run], voices=True).content)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def rebuilt(content: bytes, change) -> bytes:
    """A packed file with its parts and manifest tampered with."""
    found = parts(content)
    manifest = json.loads(found.pop(MANIFEST))
    change(found, manifest)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
        for name, part in found.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def other_text(found, manifest):
    found["study/polls.csv"] += b"#"


def outside(found, manifest):
    manifest["files"]["study/../../evil"] = manifest["files"].pop("study/polls.csv")


def lost(found, manifest):
    del found["study/polls.csv"]


def newer(found, manifest):
    manifest.update(format=9, winset="7.0")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (other_text, "`study/polls.csv` is not as it was packed"),
        (outside, "names a place outside its folders"),
        (lost, "is missing from this file or damaged"),
        (newer, r"packed by another version of winset \(7.0\)"),
    ],
)
def test_a_file_that_was_tampered_with_is_not_opened(folder, tmp_path, change, said):
    with pytest.raises((UsageError, RunError), match=said):
        unpack(rebuilt(pack([folder]).content, change), tmp_path / "there")
    assert not (tmp_path / "there").exists() or not list((tmp_path / "there").iterdir())


@pytest.mark.parametrize("content", [b"", b"PK", b"hello", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_packed_file_is_said(tmp_path, content):
    with pytest.raises(UsageError, match="no file that `winset pack` wrote"):
        unpack(content, tmp_path)


def test_a_sealed_file_opens_with_what_it_was_sealed_to_and_with_nothing_else(tmp_path):
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    (tmp_path / "mine.txt").write_text(f"# a comment\n{mine}\n")
    (tmp_path / "other.txt").write_text(f"{other}\n")
    (tmp_path / "to.txt").write_text(f"# us\n{mine.to_public()}\n")
    for recipient in (str(mine.to_public()), str(tmp_path / "to.txt")):
        closed = seal(b"terms", recipients=[recipient])
        assert b"terms" not in closed
        assert unseal(closed, identities={"mine.txt": (tmp_path / "mine.txt").read_bytes()}) == b"terms"
        with pytest.raises(UsageError, match="the secret key does not open this file"):
            unseal(closed, identities={"other.txt": (tmp_path / "other.txt").read_bytes()})
        with pytest.raises(UsageError, match="--identity"):
            unseal(closed)
    with pytest.raises(UsageError, match="no public key"):
        seal(b"", recipients=["age1nothing"])
    with pytest.raises(UsageError, match="neither a public key"):
        seal(b"", recipients=[str(tmp_path / "nowhere")])
    with pytest.raises(UsageError, match="12 characters at least"):
        seal(b"", passphrase="short")


def test_from_the_command_line_by_a_passphrase(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "word").write_text("four unrelated words here\n")
    assert run_cli(["pack", str(folder), "--passphrase-file", "word", "--out", "case.winset.age"]) == 0
    said = capsys.readouterr()
    assert "sealed" in said.out
    assert "It holds the study" in said.err
    assert run_cli(["unpack", "case.winset.age", "--out", "there"]) == 2
    assert "sealed by a passphrase" in capsys.readouterr().err
    assert run_cli(["unpack", "case.winset.age", "--out", "there", "--passphrase-file", "word", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["folders"] == ["there/study"]
    assert run_cli(["pack", str(folder), "--out", "case.winset.age"]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert run_cli(["pack", "nowhere"]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert run_cli(["unpack", "nowhere.winset"]) == 2
    assert run_cli(["pack", str(folder), "--passphrase"]) == 2
    assert "nobody is there to type" in capsys.readouterr().err

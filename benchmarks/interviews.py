"""Coded interviews: reading a large project, and what annotators cost the fit."""

from __future__ import annotations

import random
import shutil
import tempfile
import uuid
import zipfile
from pathlib import Path

from timing import report, timed

INTERVIEWS, CODERS, SEGMENTS = 200, 3, 20_000
HEAD = "statement,instrument,speaker,constituency,date,question,stance,count,coder,how,source"
REPORTER = "  reporter: {label: Reporter, by: Paper, mode: telephone, kind: interviews, selection: journalist, population: y}\n"


def write_project(path: Path) -> None:
    """200 interviews, 3 coders, 20,000 coded segments."""
    rng = random.Random(1)
    new = lambda: str(uuid.UUID(int=rng.getrandbits(128))).upper()  # noqa: E731
    words = ["truce", "river", "home", "winter", "“trust”", "мир", "🕊", "spring", "bridge"]
    users, codes = [new() for _ in range(CODERS)], [new() for _ in range(40)]
    texts, sources = {}, []
    for n in range(INTERVIEWS):
        text = " ".join(rng.choice(words) for _ in range(4000))
        guid, texts[f"{n}"] = new(), text
        selections = []
        for k in range(SEGMENTS // INTERVIEWS):
            start = rng.randrange(len(text) - 80)
            said = text[start : start + 60].replace("&", "&amp;").replace('"', "&quot;")
            user = users[k % CODERS]
            selections.append(
                f'<PlainTextSelection guid="{new()}" name="{said}" startPosition="{start}" endPosition="{start + 60}" '
                f'creatingUser="{user}"><Coding guid="{new()}" creatingUser="{user}"><CodeRef targetGUID="{rng.choice(codes)}"/>'
                "</Coding></PlainTextSelection>"
            )
        source = f'<TextSource guid="{guid}" name="Interview {n}" plainTextPath="internal://{n}.txt">'
        sources.append(f"{source}{''.join(selections)}</TextSource>")
    book = "".join(f'<Code guid="{g}" name="code {n}" isCodable="true"/>' for n, g in enumerate(codes))
    people = "".join(f'<User guid="{g}" name="coder {n}"/>' for n, g in enumerate(users))
    xml = (
        '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="large">'
        f"<Users>{people}</Users><CodeBook><Codes>{book}</Codes></CodeBook><Sources>{''.join(sources)}</Sources></Project>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", xml)
        for name, text in texts.items():
            file.writestr(f"sources/{name}.txt", text)


def reading() -> None:
    import pyrefiqda

    from winset.coding import read_coded

    folder = Path(tempfile.mkdtemp())
    write_project(path := folder / "large.qdpx")
    ours = timed(lambda: read_coded(path))
    theirs = timed(lambda: pyrefiqda.RefiProject.load(path, folder / "out"))
    found = read_coded(path).table.height
    note = f"{found:,} codings of {INTERVIEWS} interviews, offsets checked; the peer parses and checks nothing"
    report("read a REFI-QDA project", ours, "pyrefiqda", theirs, note)
    shutil.rmtree(folder)


def _stance(yes: bool, rng: random.Random) -> int:
    """What a coder makes of a person, one in ten wrongly."""
    return 2 if yes != (rng.random() < 0.1) else -2


def annotators() -> None:
    from winset.acceptance import measure
    from winset.study import load, write_new

    folder = Path(tempfile.mkdtemp()) / "study"
    write_new(folder)
    instruments = folder / "instruments.yaml"
    instruments.write_text(instruments.read_text() + REPORTER)
    rng = random.Random(2)
    people = [rng.random() < 0.3 for _ in range(INTERVIEWS)]
    judged = [
        f"s{n}-{c},reporter,speaker {n},army,2025-01,river-border,{_stance(yes, rng)},1,coder {c},quotation,release"
        for n, yes in enumerate(people)
        for c in range(CODERS)
    ]
    summed = [
        f"a,reporter,all,army,2025-01,river-border,2,{sum(people)},,aggregate,release",
        f"b,reporter,all,army,2025-01,river-border,-2,{INTERVIEWS - sum(people)},,aggregate,release",
    ]
    seconds = {}
    for name, rows in (("summed", summed), ("judged", judged)):
        (folder / "interviews.csv").write_text("\n".join([HEAD, *rows]) + "\n")
        study = load(folder)
        seconds[name] = [timed(lambda s=study, f=f: measure(s, fast=f), 1) for f in (False, True)]
    for n, method in enumerate(("NUTS", "Laplace")):
        note = "200 people judged by 3 coders, against the same people as one count; above 0.5 is below twice"
        report(
            f"annotators inside the fit, {method}",
            seconds["judged"][n],
            "without annotators (ours)",
            seconds["summed"][n],
            note,
        )
    shutil.rmtree(folder.parent)


if __name__ == "__main__":
    reading()
    annotators()

"""Damaged exports are answered by a sentence or read; nothing else."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.exports import makes

from winset.cli.judged import Asked, read_asked
from winset.conjoint import estimate_means
from winset.conjoint.mapping import draft_mapping
from winset.errors import WinsetError
from winset.evidence.wide import find_designs, read_export

MAKES: dict[str, Callable[[], makes.Columns]] = {
    "qualtrics": makes.qualtrics,
    "old qualtrics": makes.old_qualtrics,
    "plain qualtrics": makes.plain_qualtrics,
    "letters": makes.letters,
    "surveycto": makes.surveycto,
    "limesurvey": makes.limesurvey,
    "sawtooth": makes.sawtooth_answers,
    "sawtooth long": makes.sawtooth_long,
}
ODD = [
    "",
    "0",
    "-1",
    "9e999",
    "nan",
    "A",
    "|",
    "1,2|3",
    '"',
    "\u0000",
    "\u202e",
    "{task}",
    "=1+1",
    "x" * 5000,
    "٣",
    "²",
    " ",
]
"""Cells that no one foresees."""


def test_a_small_share_of_the_damage(tmp_path: Path) -> None:
    damage(range(80), tmp_path, both=False)


@pytest.mark.slow
def test_2500_kinds_of_damage(tmp_path: Path) -> None:
    damage(range(10_000, 12_500), tmp_path, both=True)


def damage(seeds: range, folder: Path, *, both: bool) -> None:
    """Read every damaged file by a mapping drafted from it and by that of the whole file, or by one of them in turn."""
    whole = {name: prepare(columns, folder / name.replace(" ", "-")) for name, columns in MAKES.items()}
    for seed in seeds:
        rng = random.Random(seed)
        name = rng.choice(list(MAKES))
        path, raw = whole[name]
        path.write_bytes(mutate(raw, rng))
        mappings = [path.parent / "drafted.yaml", path.parent / "whole.yaml"]
        for mapping in mappings if both else [mappings[seed % 2]]:
            try:
                if mapping.stem == "drafted":
                    mapping.write_text(draft_mapping(read_export(path), path.name, designs=find_designs(path)), "utf-8")
                for judged in read_asked(
                    Asked(path, None, None, None, mapping=mapping, drop_missing=rng.random() < 0.5)
                ):
                    estimate_means(judged.profiles)
            except WinsetError:
                continue  # a sentence
            except BaseException as error:
                error.add_note(f"seed {seed}, {name}, {mapping.stem}")
                raise


def prepare(columns: Callable[[], makes.Columns], folder: Path) -> tuple[Path, bytes]:
    folder.mkdir()
    path = makes.write(columns(), folder / "export.csv")
    if columns is makes.sawtooth_answers:
        makes.write(makes.sawtooth_design(), folder / "design.csv")
    text = draft_mapping(read_export(path), path.name, designs=find_designs(path))
    (folder / "whole.yaml").write_text(text, "utf-8")
    return path, path.read_bytes()


def mutate(raw: bytes, rng: random.Random) -> bytes:
    """One to four things that happen to files."""
    for _ in range(rng.randint(1, 4)):
        raw = rng.choice(
            (change_bytes, change_cells, change_cells, change_columns, change_columns, change_rows, recode)
        )(raw, rng)
    return raw


def change_bytes(raw: bytes, rng: random.Random) -> bytes:
    found = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(found) + 1)
        kind = rng.randrange(4)
        if kind == 0 and at < len(found):
            found[at] = rng.randrange(256)
        elif kind == 1:
            found[at:at] = rng.choice([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b'""', b";"])
        elif kind == 2:
            del found[at : at + rng.randint(1, 30)]
        else:
            del found[max(at, 10) :]
    return bytes(found) or b"\n"


def table(raw: bytes) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(raw.decode("utf-8", "replace").replace("\0", ""), newline=""))) or [[""]]
    except csv.Error:
        return [[""]]


def text(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def change_cells(raw: bytes, rng: random.Random) -> bytes:
    rows = table(raw)
    for _ in range(rng.randint(1, 20)):
        one, two = rng.choice(rows), rng.choice(rows)
        if one and two:
            a, b = rng.randrange(len(one)), rng.randrange(len(two))
            one[a], two[b] = (two[b], one[a]) if rng.random() < 0.5 else (rng.choice(ODD), two[b])
    return text(rows)


def change_columns(raw: bytes, rng: random.Random) -> bytes:
    rows = table(raw)
    width = max(len(rows[0]), 1)
    at, other = rng.randrange(width), rng.randrange(width)
    kind = rng.randrange(5)
    for n, row in enumerate(rows):
        if at < len(row) and other < len(row):
            if kind == 0:
                del row[at]
            elif kind == 1:
                row.append(row[at])
            elif kind == 2 and n == 0:
                row[at] = rng.choice(
                    [*ODD, row[other], f"{row[at]}_2", row[at].upper(), "Task", "rating_a1", "F-1-1-1"]
                )
            elif kind == 3 and n:
                row[at] = ""
            elif kind == 4:
                row[at], row[other] = row[other], row[at]
    return text(rows)


def change_rows(raw: bytes, rng: random.Random) -> bytes:
    rows = table(raw)
    at = rng.randrange(len(rows))
    return text(
        rng.choice(
            [rows[:at] + rows[at + 1 :], [*rows, rows[at]], rows[: rng.randint(1, 4)], rows[::-1], rows + rows[1:]]
        )
        or [[""]]
    )


def recode(raw: bytes, rng: random.Random) -> bytes:
    said = raw.decode("utf-8", "replace")
    return rng.choice(
        [
            said.encode("utf-16", "replace"),
            said.encode("utf-8-sig"),
            said.replace(",", ";").encode(),
            said.replace(",", "\t").encode(),
            said.replace("\n", "\r").encode(),
        ]
    )

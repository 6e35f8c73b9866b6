"""Work on one seed after the other, a line of JSON each, appended to a file that a killed run takes up again."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def add_options(parser: argparse.ArgumentParser, *, studies: int, first: int, out: str) -> None:
    """How many studies, from which seed on, kept where."""
    parser.add_argument("--studies", type=int, default=studies)
    parser.add_argument("--first", type=int, default=first)
    parser.add_argument("--out", type=Path, default=Path(out))
    parser.add_argument("--only-table", action="store_true")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """What a file holds already."""
    return [json.loads(x) for x in path.read_text().splitlines()] if path.exists() else []


def go_on(asked: argparse.Namespace, one: Callable[[int], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Work on the seeds that the file lacks; each line is kept before it is told."""
    done = {x["seed"] for x in read_lines(asked.out)}
    for seed in range(asked.first, asked.first + asked.studies):
        if asked.only_table or seed in done:
            continue
        line = one(seed)
        with asked.out.open("a") as file:
            file.write(json.dumps(line) + "\n")
        yield line

"""Refits of a run in its folder, a file each: what was broken off goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from pathlib import Path

from winset.runs.atomic import write_text


class KeptFits(MutableMapping[str, dict[str, list[float]]]):
    """Draws of finished refits by key, kept in ``refits`` of a run folder; files that cannot be read are made again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "refits"

    def __getitem__(self, key: str) -> dict[str, list[float]]:
        try:
            return json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise KeyError(key) from error

    def __setitem__(self, key: str, value: dict[str, list[float]]) -> None:
        write_text(self.folder / f"{key}.json", json.dumps(value))

    def __delitem__(self, key: str) -> None:
        (self.folder / f"{key}.json").unlink()

    def __iter__(self) -> Iterator[str]:
        return (p.stem for p in sorted(self.folder.glob("*.json")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

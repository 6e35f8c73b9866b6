"""Many people at the app at once: ``python benchmarks/load_app.py RUN --people 50 --minutes 10``.

Each has an account, looks at pages, asks for packages and who decides on them, and changes a cell of a workbook of their own
now and then, with a pause of some seconds between. Printed: how long answers took, by what was asked, and the server's memory
with that of the processes that it began.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from winset.app.accounts import OWN
from winset.app.serving import accounts_of
from winset.runs import open_run
from winset.workbook import write_starter

PAUSE = (2.0, 8.0)
"""Seconds between two requests of one person."""
CELL = "a sheet and a cell of it"
PASSWORD = "four words in a row"
PATIENCE = 120
"""Seconds after which an answer counts as none."""


class Person:
    """Somebody at a browser, with a workbook of their own."""

    def __init__(self, root: str, book: str, run: str, packages: list[str], number: int) -> None:
        self.root, self.book, self.run, self.packages = root, book, run, packages
        self.dice, self.opener = (
            random.Random(number),
            urllib.request.build_opener(urllib.request.HTTPCookieProcessor()),
        )
        entering = urllib.parse.urlencode({"name": f"person-{number}", "password": PASSWORD}).encode()
        page = self.opener.open(f"{root}/enter", entering, timeout=PATIENCE).read().decode()
        self.form = str(re.search(r'data-form="([^"]+)"', page)[1])  # pyright: ignore[reportOptionalSubscript]

    def get(self, path: str) -> str:
        """A page, as text."""
        with self.opener.open(self.root + path, timeout=PATIENCE) as answer:
            return answer.read().decode("utf-8", "replace")

    def ways(self) -> dict[str, tuple[int, Callable[[], object]]]:
        """What people do, and how often."""
        what = urllib.parse.quote(self.dice.choice(self.packages))
        return {
            "home": (1, lambda: self.get("/")),
            "a study": (1, lambda: self.get(f"/studies/{self.book}")),
            CELL: (3, lambda: None),
            "an answer's page": (3, lambda: self.get(f"/runs/{self.run}")),
            "its draws for the panel": (1, lambda: self.get(f"/runs/{self.run}/panel.json")),
            "support of a package": (6, lambda: self.get(f"/api/runs/{self.run}/support?what={what}")),
            "who decides on it": (1, lambda: self.get(f"/api/runs/{self.run}/pivots?what={what}")),
        }

    def type_cell(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Change a cell, as the grid does: a sheet is opened, and one of its cells written."""
        here = f"/studies/{self.book}/sheets/Start"
        seen: dict[str, Any] = {}
        yield "a sheet", lambda: seen.update(json.loads(self.get(here)))
        row = next(n for n, r in enumerate(seen["rows"], 1) if r[:1] == ["Question"])
        asked = {"form": self.form, "tag": seen["tag"], "before": {f"B{row}": seen["rows"][row - 1][1]}}
        asked["cells"] = {f"B{row}": f"Which terms? ({self.dice.randrange(10**6)})"}
        request = urllib.request.Request(
            self.root + here, json.dumps(asked).encode(), {"content-type": "application/json"}
        )
        yield "a cell", lambda: self.opener.open(request, timeout=PATIENCE).read()

    def work(self, until: float, took: dict[str, list[float]], failed: list[str]) -> None:
        """Ask one thing after the other."""
        while time.monotonic() < until:
            ways = self.ways()
            name = self.dice.choices(list(ways), [w for w, _ in ways.values()])[0]
            for what, ask in self.type_cell() if name == CELL else ((name, ways[name][1]),):
                began = time.monotonic()
                try:
                    ask()
                    took[what].append(time.monotonic() - began)
                except (OSError, ValueError) as error:
                    failed.append(f"{what}: {error}")
                    break
            time.sleep(self.dice.uniform(*PAUSE))


def measure_load(run: Path, people: int, minutes: float) -> None:
    """Serve a workspace with a run and a workbook a person, and let them work."""
    space = open_run(run, with_rooms=False).study.space
    dice = random.Random(1)
    draw = lambda: ";".join(f"{i.id}={dice.choice(i.options).id}" for i in space.issues)  # noqa: E731
    packages = [draw() for _ in range(500)]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(run, Path(folder) / "runs" / "asked")
        for n in range(people):
            write_starter(Path(folder) / f"case-{n}.xlsx", sides=2)
        known, root = accounts_of(Path(folder)), f"http://127.0.0.1:{_free_port()}"
        for n in range(people):
            known.add(f"person-{n}", PASSWORD, OWN)
        order = [sys.executable, "-m", "winset", "serve", folder, "--no-browser", "--public", root]
        server = subprocess.Popen([*order, "--port", root.rpartition(":")[2]], stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        server.stderr.readline()
        every = [Person(root, f"case-{n}.xlsx", "asked", packages, n) for n in range(people)]
        every[0].get("/runs/asked")
        took: dict[str, list[float]] = defaultdict(list)
        failed: list[str] = []
        until, memory = time.monotonic() + 60 * minutes, [_memory(server.pid)]
        threads = [threading.Thread(target=p.work, args=(until, took, failed)) for p in every]
        for t in threads:
            t.start()
        while time.monotonic() < until:
            time.sleep(min(30.0, max(until - time.monotonic(), 0.1)))
            memory.append(_memory(server.pid))
        for t in threads:
            t.join()
        server.terminate()
        server.wait(30)
    seconds = np.concatenate([np.array(v) for v in took.values()])
    for name, values in sorted(took.items()):
        print(
            f"{name}: {len(values)} times, median {np.median(values):.3f} s, 95 % below {np.quantile(values, 0.95):.3f} s"
        )
    print(f"all: {len(seconds)} answers, {len(failed)} failed, 95 % below {np.quantile(seconds, 0.95):.3f} s")
    print(f"memory of the server, MB: {', '.join(str(m) for m in memory)}")
    print("\n".join(failed[:5]))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _memory(process: int) -> int:
    """Of a server and the processes that it began."""
    status = Path(f"/proc/{process}/status").read_text()
    below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024 + sum(_memory(int(p)) for p in below)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10.0)
    asked = parser.parse_args()
    measure_load(asked.run, asked.people, asked.minutes)


if __name__ == "__main__":
    main()

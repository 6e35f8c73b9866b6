"""Fits, one at a time, each in a process of its own: a queue in SQLite that a restart of the server takes up again."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from winset.app.bases import open_base
from winset.app.workspace import HIDDEN, RUNS, Workspace

LIVE = ("queued", "running")
TABLE = """create table if not exists jobs (
    id integer primary key, study text not null, run text not null, fast integer not null,
    state text not null default 'queued', asked real not null, began real, ended real, process integer)"""
WAIT = 0.3
"""Seconds between looks at a process."""


@dataclass(frozen=True)
class Job:
    """A fit that was asked for.

    Parameters
    ----------
    state
        queued, running, done, failed or cancelled.
    said
        The last line that the fit printed.
    """

    id: int
    study: str
    run: str
    fast: bool
    state: str
    seconds: float
    said: str

    @property
    def live(self) -> bool:
        """Whether anything more will happen."""
        return self.state in LIVE


class Jobs:
    """The queue of a workspace."""

    def __init__(self, workspace: Workspace, *, finished: Callable[[str], None] = lambda _: None) -> None:
        self.workspace = workspace
        self.finished = finished
        self.place = workspace.folder / HIDDEN
        (self.place / "logs").mkdir(parents=True, exist_ok=True)
        self.stopping = threading.Event()
        self.wake = threading.Event()
        with self._open() as base:
            base.execute("pragma journal_mode=wal")
            base.execute(TABLE)
        self.thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin to work off the queue."""
        self.thread.start()

    def stop(self) -> None:
        """Leave the queue as it is; a fit that runs is ended, and taken up again by the next start."""
        self.stopping.set()
        self.wake.set()
        if self.thread.is_alive():
            self.thread.join(10)

    def add(self, study: str, *, fast: bool) -> int:
        """Ask for a fit; the one that waits or runs already, where there is one of the same kind."""
        run = self.workspace.run_of(study, fast=fast)
        with self._open() as base:
            same = base.execute(
                "select id from jobs where run = ? and state in ('queued', 'running')", (run,)
            ).fetchone()
            if same:
                return int(same[0])
            made = base.execute(
                "insert into jobs (study, run, fast, asked) values (?, ?, ?, ?)", (study, run, int(fast), time.time())
            )
        self.wake.set()
        return int(made.lastrowid or 0)

    def cancel(self, number: int) -> None:
        """End a fit, or take it off the queue; what a finished run held stays."""
        with self._open() as base:
            base.execute("update jobs set state = 'cancelled', ended = ? where id = ? and state in ('queued', 'running')",
                         (time.time(), number))  # fmt: skip
        self.wake.set()

    def listed(self, study: str | None = None) -> list[Job]:
        """Jobs, the latest first."""
        with self._open() as base:
            rows = base.execute(
                "select id, study, run, fast, state, began, ended from jobs where ? is null or study = ? "
                "order by id desc limit 50",
                (study, study),
            ).fetchall()
        return [self._job(*row) for row in rows]

    def find(self, number: int) -> Job | None:
        """A job by its number."""
        return next((j for j in self.listed() if j.id == number), None)

    def log(self, number: int) -> Path:
        """What a fit printed."""
        return self.place / "logs" / f"{number}.txt"

    def _job(
        self, number: int, study: str, run: str, fast: int, state: str, began: float | None, ended: float | None
    ) -> Job:
        seconds = (ended or time.time()) - began if began else 0.0
        return Job(number, study, run, bool(fast), state, seconds, self._last_line(number))

    def _last_line(self, number: int) -> str:
        try:
            lines = self.log(number).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1] if lines else ""

    def _work(self) -> None:
        self._take_up()
        while not self.stopping.is_set():
            with self._open() as base:
                row = base.execute(
                    "select id, study, run, fast from jobs where state = 'queued' order by id limit 1"
                ).fetchone()
            if row is None:
                self.wake.wait(2.0)
                self.wake.clear()
                continue
            try:
                self._fit(*row)
            except (OSError, sqlite3.Error) as error:  # a full disk: this fit fails, the queue goes on
                self._fail(row[0], str(error))
                self.stopping.wait(WAIT)

    def _fail(self, number: int, why: str) -> None:
        """End a fit that could not be kept or started, and say why where it can be said."""
        with contextlib.suppress(OSError, sqlite3.Error):
            self.log(number).write_text(f"the fit could not begin: {why}\n", encoding="utf-8")
            with self._open() as base:
                base.execute("update jobs set state = 'failed', ended = ? where id = ?", (time.time(), number))

    def _take_up(self) -> None:
        """What an earlier server left running: end it where it still runs, and put it back into the queue."""
        with self._open() as base:
            for number, process in base.execute("select id, process from jobs where state = 'running'").fetchall():
                if process and _is_ours(process):
                    with contextlib.suppress(OSError):
                        os.killpg(process, signal.SIGKILL)
                base.execute("update jobs set state = 'queued', began = null, process = null where id = ?", (number,))

    def _fit(self, number: int, study: str, run: str, fast: int) -> None:
        self.workspace.keep_run(run)
        order = [sys.executable, "-m", "winset", "run", study, "--out", f"{RUNS}/{run}", *(["--fast"] if fast else [])]
        with self.log(number).open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 -- names hold letters, digits, spaces and ._- alone
                order,
                cwd=self.workspace.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        with self._open() as base:
            base.execute(
                "update jobs set state = 'running', began = ?, process = ? where id = ? and state = 'queued'",
                (time.time(), process.pid, number),
            )
        while process.poll() is None:
            if self.stopping.is_set() or self._state(number) == "cancelled":
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGTERM)
                process.wait()
                break
            time.sleep(WAIT)
        if self.stopping.is_set():
            return
        state = "done" if process.returncode == 0 else "failed"
        with self._open() as base:
            base.execute(
                "update jobs set state = ?, ended = ? where id = ? and state = 'running'", (state, time.time(), number)
            )
        if state == "done":
            self.finished(run)

    def _state(self, number: int) -> str:
        with self._open() as base:
            return str(base.execute("select state from jobs where id = ?", (number,)).fetchone()[0])

    def _open(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        return open_base(self.place / "jobs.sqlite")


def _is_ours(process: int) -> bool:
    """Whether a process of that number still is a fit of ours, and not another that got its number since."""
    try:
        return b"winset" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False

"""The app under requests that nobody would write: ``python benchmarks/fuzz_app.py --cases 10000``; none may be an error of ours.

Requests are drawn from the app's own OpenAPI by schemathesis. Half of them name a study or an answer that there is, and all
carry the key of a form, so that they reach what lies behind.
"""

from __future__ import annotations

import argparse
import collections
import random
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis

from winset.app import Workspace, create_app
from winset.app.guard import Guard
from winset.runs import make_run
from winset.workbook import load, write_starter

HOST = "127.0.0.1:8321"
PATIENCE = 120
"""Seconds; some pages take a while the first time."""
STUDY, RUN = "Valley.xlsx", "Valley-quick"


def make_workspace(folder: Path) -> Workspace:
    """A study and its quick answer."""
    write_starter(folder / STUDY, sides=2)
    make_run(load(folder / STUDY), folder / "runs" / RUN, fast=True)
    return Workspace(folder)


def try_operation(
    operation: Any, headers: dict[str, str], form: str, cases: int, seed: int
) -> collections.Counter[int]:
    """Answers to drawn requests by their status; the requests that made an error are printed."""
    told: collections.Counter[int] = collections.Counter()
    dice = random.Random(seed)

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=cases, deadline=None, database=None, suppress_health_check=[*hypothesis.HealthCheck]
    )
    @hypothesis.given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        if "name" in (case.path_parameters or {}) and dice.random() < 0.5:
            case.path_parameters["name"] = RUN if "/runs/" in operation.path else STUDY
        if isinstance(case.body, dict):
            case.body["form"] = form
        try:
            status = case.call(headers=headers, timeout=PATIENCE).status_code
        except Exception as error:  # whatever the app lets through
            status = 500
            print(
                operation.label, case.path_parameters, case.query, str(case.body)[:300], repr(error)[:300], flush=True
            )
        told[status] += 1

    ask()
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="addresses that hold this, /api/ for instance")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        guard = Guard(frozenset({HOST}))
        app = create_app(make_workspace(Path(folder)), guard)
        headers = {"host": HOST, "cookie": f"{guard.cookie}={guard.session}"}
        schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=headers)
        every_one: list[Any] = [found.ok() for found in schema.get_all_operations()]  # pyright: ignore[reportAttributeAccessIssue]
        operations = [o for o in every_one if asked.only in o.path]
        operations.sort(
            key=lambda o: (o.method.lower() != "get", "archive" in o.path)
        )  # what takes things away comes last
        every: collections.Counter[int] = collections.Counter()
        for operation in operations:
            told = try_operation(operation, headers, guard.form, asked.cases // len(operations), asked.seed)
            print(f"{operation.label}: {dict(sorted(told.items()))}", flush=True)
            every += told
    print(f"{every.total()} requests to {len(operations)} addresses: {dict(sorted(every.items()))}")
    raise SystemExit(any(status >= 500 for status in every))


if __name__ == "__main__":
    main()

"""Studies of a few lines, written as files: what a case is about stands in its test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from winset.study import Study, load

ISSUES = {
    "land": {"label": "Land", "options": {"keep": "Keep", "split": "Split", "give": "Give"}},
    "water": {"label": "Water", "options": {"own": "Own", "joint": "Joint"}},
}
ORDER = {"land": ["keep", "split", "give"], "water": ["own", "joint"]}
POLLSTER = {"label": "Pollster", "by": "Pollster", "mode": "telephone", "kind": "poll"}
POLLSTER |= {"selection": "random", "population": "adults"}
HEAD = "poll,question,instrument,side,constituency,start,end,n,answer,share,source,sample\n"


def side(**changed: Any) -> dict[str, Any]:
    """A side with one public, some of it changed; its first constituency decides."""
    made = {
        "label": "Side",
        "leader": {"label": "Leader"},
        "constituencies": {"public": {"label": "Public"}},
        "order": ORDER,
    } | changed
    return {"ratification": {"support": next(iter(made["constituencies"])), "at_least": 0.5}} | made


def question(**changed: Any) -> dict[str, Any]:
    """A yes/no question about splitting the land."""
    base = {
        "side": "a",
        "kind": "package",
        "scale": "yes-no",
        "wording": "Would you?",
        "offer": {"land": "split", "water": "joint"},
    }
    return base | changed


def poll(question: str, who: str, n: object, *answers: str, **changed: str) -> str:
    """Rows of one poll; answers are ``accept 40`` and the like."""
    row = {"side": "", "start": "2025-01-05", "end": "2025-01-08", "sample": "", "instrument": "pollster"} | changed
    name = f"{question}-{who}-{row['side']}-{row['start']}-{row['sample']}"
    head = f"{name},{question},{row['instrument']},{row['side']},{who},{row['start']},{row['end']},{n}"
    return "".join(f"{head},{a.replace(' ', ',', 1)},release,{row['sample']}\n" for a in answers)


def write_small(
    folder: Path,
    sides: Mapping[str, Any],
    questions: Mapping[str, Any],
    polls: Sequence[str],
    **more: Any,
) -> Study:
    """A small study in a folder, loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    declared = {
        "study": "small",
        "title": "Small",
        "question": "Which?",
        "as_of": "2025-02-01",
        "issues": ISSUES,
        "sides": sides,
    }
    declared["proposals"] = {
        "plan": {"label": "Plan", "sponsor": "Mediator", "date": "2025-01-01", "source": "release"}
        | {"terms": {"land": "split", "water": "joint"}}
    }
    instruments = more.pop("instruments", {"pollster": POLLSTER})
    (folder / "study.yaml").write_text(json.dumps(declared | more, indent=1))
    (folder / "questions.yaml").write_text(json.dumps({"questions": questions}, indent=1))
    (folder / "instruments.yaml").write_text(json.dumps({"instruments": instruments}))
    (folder / "sources.csv").write_text("id,publisher,title\nrelease,Pollster,Release\n")
    (folder / "polls.csv").write_text(HEAD + "".join(polls))
    return load(folder)

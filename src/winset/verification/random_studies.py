"""Studies drawn at random, answered by people whose acceptance is drawn from the priors: on them a fit must hold.

A study is written as files, as a person would write them, and read back: wholes and parts, several sides asked one question,
words of leaders, people asked because they refused, prints without n or with one answer, few voices.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from winset.acceptance import AcceptanceDraws, draw_truth, pose
from winset.acceptance.prints import draw_answers, hide_some
from winset.evidence import gather
from winset.study import Study, load

AS_OF = dt.date(2025, 6, 1)
MOST_SIDES, MOST_GROUPS, MOST_ISSUES, MOST_ROWS, MOST_POLLSTERS = 6, 8, 15, 400, 5
SCALES = {
    "four": {"answers": ["never", "rather-not", "rather", "gladly"], "accepts_from": "rather"},
    "five": {"answers": ["no-way", "no", "torn", "yes", "gladly"], "accepts_from": "yes", "neutral": "torn"},
}
TRUTHS = 100_000
"""Seeds from here on are those of further truths of a study."""
KINDS = ("mood", "vague", "clause", "term", "package")
COLUMNS: tuple[str, ...] = (
    "poll",
    "question",
    "instrument",
    "side",
    "constituency",
    "start",
    "end",
    "n",
    "answer",
    "share",
    "source",
    "sample",
)


@dataclass
class Draft:
    """A study while it is being drawn: what will stand in its files."""

    study: dict[str, Any]
    questions: dict[str, Any]
    instruments: dict[str, Any]
    polls: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class RandomStudy:
    """A study with answers, and the acceptance that they were drawn from.

    Parameters
    ----------
    truth
        One draw from the priors.
    values
        The same draw of every site of the model.
    """

    study: Study
    truth: AcceptanceDraws
    values: dict[str, np.ndarray]


def draw_study(folder: Path, seed: int, *, rows: int | None = None, truth: int | None = None) -> RandomStudy:
    """Write a random study into a folder, with answers drawn from the model, and load it.

    Parameters
    ----------
    rows
        Printed results; drawn between 0 and ``MOST_ROWS`` where absent.
    truth
        Number of another truth and other answers for the same questions.
    """
    rng = np.random.default_rng([seed, 29])
    count = rows if rows is not None else _spread(rng, MOST_ROWS) * int(rng.random() > 0.03)
    draft = _declare(rng)
    _ask(rng, draft, count)
    _write(folder, draft)
    study = load(folder)
    problem = pose(study, gather(study))
    drawn, values = draw_truth(problem, seed if truth is None else TRUTHS + truth)
    if len(problem.cells):
        _answer(rng if truth is None else np.random.default_rng([seed, truth, 3]), draft, problem, values)
        _write(folder, draft)
        study = load(folder)
    return RandomStudy(study, drawn, values)


def _spread(rng: np.random.Generator, most: int, least: int = 1) -> int:
    """A count between 1 and ``most``, as often in each octave."""
    return int(np.floor(np.exp(rng.uniform(np.log(least), np.log(most + 1)))))


def _declare(rng: np.random.Generator) -> Draft:
    issues = {}
    for k in range(_spread(rng, MOST_ISSUES)):
        options = {f"o{j}": f"Option {j}" for j in range(int(rng.integers(2, 6)))}
        issues[f"i{k}"] = {"label": f"Issue {k}", "options": options}
    sides = {f"s{s}": _side(rng, s, issues) for s in range(_spread(rng, MOST_SIDES))}
    pollsters = {}
    for i in range(int(rng.integers(1, MOST_POLLSTERS + 1))):
        pollsters[f"p{i}"] = {
            "label": f"Pollster {i}", "by": "Pollster", "mode": "telephone", "kind": "poll", "selection": "random",
            "population": "adults", "direct": bool(rng.random() < 0.5), "design_effect": 1.3,
        }  # fmt: skip
    if rng.random() < 0.4:
        pollsters["voices"] = {
            "label": "Reporter", "by": "Paper", "mode": "telephone", "kind": "interviews",
            "selection": str(rng.choice(["journalist", "vetted", "public-voices"])), "population": "people met",
        }  # fmt: skip
    study = {
        "study": "random", "title": "A random study", "question": "Which terms?", "as_of": str(AS_OF),
        "issues": issues, "sides": sides, "proposals": {f"plan-{n}": _proposal(rng, issues) for n in range(2)},
    }  # fmt: skip
    return Draft(study, {"scales": SCALES, "questions": {}}, pollsters)


def _side(rng: np.random.Generator, s: int, issues: dict[str, Any]) -> dict[str, Any]:
    groups: dict[str, Any] = {f"c{j}": {"label": f"Group {j}"} for j in range(_spread(rng, MOST_GROUPS))}
    names = list(groups)
    if len(groups) > 2 and rng.random() < 0.5:
        shares = rng.dirichlet(np.full(len(names), 4.0)).round(2)
        shares[-1] = round(1 - shares[:-1].sum(), 2)
        if shares.min() > 0.01:
            parts: dict[str, Any] = dict(zip(names, shares.tolist(), strict=True))
            if rng.random() < 0.3:
                parts[names[0]] = {"normal": [parts[names[0]], 0.02]}
            groups["all"] = {"label": "Everybody", "parts": parts}
    order: dict[str, Any] = {i: [str(o) for o in rng.permutation(list(x["options"]))] for i, x in issues.items()}
    for i in issues:
        if rng.random() < 0.1:
            order[i] = "unordered"
    for c in names[1:]:
        if rng.random() < 0.2:
            i = str(rng.choice(list(issues)))
            groups[c]["order"] = {i: order[i][::-1] if order[i] != "unordered" else list(issues[i]["options"])}
    lines = {i: [o[-1]] for i, o in order.items() if o != "unordered" and rng.random() < 0.3}
    side = {
        "label": f"Side {s}", "leader": {"label": f"Leader {s}"}, "constituencies": groups, "order": order,
        "red_lines": lines, "ratification": {"support": names[0], "at_least": 0.5}, "repressive": bool(rng.random() < 0.3),
    }  # fmt: skip
    if rng.random() < 0.3:
        side["voices"] = {f"party-{s}": {"label": f"Party {s}"}}
    if rng.random() < 0.2:
        side["undecided"] = {"uniform": [0.1, 0.6]}
    return side


def _proposal(rng: np.random.Generator, issues: dict[str, Any]) -> dict[str, Any]:
    terms = {i: str(rng.choice(list(x["options"]))) for i, x in issues.items()}
    return {"label": "A plan", "sponsor": "Mediator", "date": str(AS_OF), "source": "release", "terms": terms}


def _ask(rng: np.random.Generator, draft: Draft, rows: int) -> None:
    """Questions and the polls on them, all answers still even."""
    sides, issues = draft.study["sides"], draft.study["issues"]
    years = float(rng.choice([0.5, 2, 15]))
    while len(draft.polls) < rows:
        q = f"q{len(draft.questions['questions'])}"
        side = str(rng.choice(list(sides)))
        kind = str(rng.choice(KINDS, p=(0.1, 0.1, 0.2, 0.35, 0.25)))
        voices = "voices" in draft.instruments and rng.random() < 0.2
        scale = "five" if voices else str(rng.choice(["yes-no", "four", "five"], p=(0.7, 0.2, 0.1)))
        asked: dict[str, Any] = {"side": side, "kind": kind, "scale": scale, "wording": "Would you?"}
        asked["offer"] = _offer(rng, kind, issues)
        _dress(rng, draft, asked, side)
        draft.questions["questions"][q] = asked
        for _ in range(min(_spread(rng, 12), rows - len(draft.polls))):
            _field(rng, draft, q, asked, years, voices=voices)


def _offer(rng: np.random.Generator, kind: str, issues: dict[str, Any]) -> dict[str, str]:
    count = {"mood": 0, "vague": 1, "clause": 1, "term": min(2, len(issues)), "package": max(1, 2 * len(issues) // 3)}[
        kind
    ]
    chosen = rng.choice(list(issues), size=count, replace=False) if count else []
    return {str(i): str(rng.choice(list(issues[str(i)]["options"]))) for i in chosen}


def _dress(rng: np.random.Generator, draft: Draft, asked: dict[str, Any], side: str) -> None:
    """Words of leaders, bases, several sides, loyal answers."""
    sides, known = draft.study["sides"], draft.questions["questions"]
    if rng.random() < 0.15:
        speakers = ["leader", *sides[side].get("voices", {}), *(s for s in sides if s != side)]
        asked["endorsed"] = {str(rng.choice(speakers)): str(rng.choice(["for", "against"]))}
    before = [q for q, x in known.items() if x["side"] == side and "base" not in x and x["kind"] != "clause"]
    if before and asked["kind"] != "clause" and rng.random() < 0.1:
        asked["base"] = {str(rng.choice(["refused", "accepted"])): str(rng.choice(before))}
    elif rng.random() < 0.05:
        asked["base"] = {"voters": True} if rng.random() < 0.5 else {"share": 0.5}
    if sides[side]["repressive"] and rng.random() < 0.3:
        asked["loyal"] = str(rng.choice(["accept", "reject"]))


def _field(
    rng: np.random.Generator, draft: Draft, q: str, asked: dict[str, Any], years: float, *, voices: bool
) -> None:
    """One wave of a question: a group, or a whole and some of its parts from one sample."""
    groups = draft.study["sides"][asked["side"]]["constituencies"]
    pollsters = [i for i in draft.instruments if i != "voices"]
    day = AS_OF - dt.timedelta(days=int(rng.uniform(20, 365 * years)))
    c = str(rng.choice(list(groups)))
    wave = {
        "question": q, "instrument": "voices" if voices else str(rng.choice(pollsters)), "side": "",
        "start": str(day), "end": str(day + dt.timedelta(days=int(rng.integers(1, 12)))), "source": "release", "sample": "",
    }  # fmt: skip
    n = int(rng.integers(5, 25)) if voices else int(np.exp(rng.normal(6.8, 0.4)))
    named = [(c, n)]
    if c == "all" and not voices and rng.random() < 0.6:
        few = rng.choice([g for g in groups if g != "all"], size=int(rng.integers(1, 3)), replace=False)
        named += [(str(g), max(30, n // 4)) for g in few]
    printed = (
        str(rng.choice(["all", "for", "against", "range"], p=(0.7, 0.12, 0.1, 0.08)))
        if asked["scale"] == "yes-no"
        else "all"
    )
    unknown = not voices and rng.random() < 0.1
    for group, people in named:
        wave_id = f"w{len(draft.polls)}"
        draft.polls.append(
            {"poll": wave_id, "constituency": group, "n": people, "unknown": unknown, "printed": printed} | wave
        )


def _answer(rng: np.random.Generator, draft: Draft, problem: Any, values: dict[str, np.ndarray]) -> None:
    """Answers of every wave, drawn from the model's probabilities and rounded as they are printed."""
    cells, layout = problem.cells, problem.layout
    places = {
        (r["question"], r["instrument"], r["constituency"], str(r["end"])): n
        for n, r in enumerate(cells.names.iter_rows(named=True))
    }
    shares: dict[int, np.ndarray] = {}
    chances = hide_some(cells.partial, cells.hidden, values["counted"], rng)
    for poll in draft.polls:
        cell = places[poll["question"], poll["instrument"], poll["constituency"], poll["end"]]
        effective = max(round(poll["n"] / draft.instruments[poll["instrument"]].get("design_effect", 1.0)), 1)
        shares[cell] = draw_answers(chances[cell], float(values["correlation"][cell]), effective, rng) / effective
        poll["cell"] = cell
    for poll in draft.polls:
        n = poll["cell"]
        inside = problem.cells.remainder.inside[n]
        group = layout.mixing[cells.group[n]]
        whole = shares[n] * group[inside].sum() if cells.remainder.said[n] else 0 * shares[n]
        for other in draft.polls:
            m = other["cell"]
            apart = layout.mixing[cells.group[m]] > 0
            same = all(other[k] == poll[k] for k in ("question", "instrument", "end"))
            if m != n and same and (apart & (group > 0) & ~inside).any():
                whole = whole + shares[m] * group[apart].sum()
        poll["shares"] = whole / whole.sum()


def _rows(poll: dict[str, Any], scale: Sequence[str]) -> list[dict[str, Any]]:
    """Printed rows of one poll."""
    share = poll.get("shares")
    share = np.full(len(scale), 1 / len(scale)) if share is None else share[: len(scale)]
    n = "?" if poll["unknown"] else poll["n"]
    row = {k: poll[k] for k in COLUMNS if k not in {"answer", "share", "n"}} | {"n": n}
    points = np.round(100 * share).astype(int)
    if poll["printed"] not in {"for", "against", "range"}:
        points[int(points.argmax())] += 100 - points.sum()  # where all answers are printed, rounding must not lose any
    match poll["printed"]:
        case "for":
            return [{**row, "answer": scale[-1], "share": points[-1]}]
        case "against":
            return [{**row, "answer": scale[0], "share": points[0]}]
        case "range":
            low = min(max(int(points[-1]) - 4, 0), 92)
            return [{**row, "answer": scale[-1], "share": f"{low}-{low + 8}"}]
    return [{**row, "answer": a, "share": s} for a, s in zip(scale, points.tolist(), strict=True)]


def _write(folder: Path, draft: Draft) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(json.dumps(draft.study, indent=1))
    (folder / "questions.yaml").write_text(json.dumps(draft.questions, indent=1))
    (folder / "instruments.yaml").write_text(json.dumps({"instruments": draft.instruments}, indent=1))
    (folder / "sources.csv").write_text("id,publisher,title\nrelease,A pollster,A release\n")
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for poll in draft.polls:
        scale = draft.questions["questions"][poll["question"]]["scale"]
        answers = SCALES[scale]["answers"] if scale in SCALES else ("reject", "accept")
        writer.writerows(_rows(poll, list(answers)))
    (folder / "polls.csv").write_text(out.getvalue())

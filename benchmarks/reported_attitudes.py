"""How well reported attitudes are found in the labelled paragraphs: `--half seen`, `--half unseen`, `-v` for what went wrong.

`later` are paragraphs written when the unseen half had been judged and the faults it showed were being mended.
What counts was fixed before any rule: found is what shares half of the longer text with the labelled words, or with what
they are about; a holder is right if one phrase holds all content words of the other, numbers and quantifiers aside; a count
is right if k and n both are; a direction is for or against settling, or unclear; a denied attitude must yield no stance.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from winset.statements import propose
from winset.statements.article import Article

FILE = Path(__file__).parents[1] / "tests" / "statements" / "reported_attitudes.json"
HALF = 0.5
SMALL = frozenset(
    """
    a an the of in on at to for among some many most few several all both each every none no not one two three four five
    six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty dozens
    hundreds other others remaining rest majority minority half third thirds quarters number part large small growing
    sizeable great handful any same who whom that his her their our
    """.split()  # noqa: SIM905
)


def read_labels(half: str) -> list[dict]:
    """Paragraphs of a half, or of both."""
    return [p for p in json.loads(FILE.read_text(encoding="utf-8")) if half in {"both", p["half"]}]


def find(text: str) -> list[dict]:
    """What the reader drafts from a paragraph, direct quotations aside."""
    found = []
    for c in propose(Article("p.txt", "", "", "", text)).candidates:
        if c.kind.startswith(("direct", "indirect")) and hasattr(c, "count"):
            continue  # plain reports of facts; before counts were read, nothing told them from attitudes
        if c.kind.startswith("direct"):
            continue
        direction = "unclear" if c.stance is None else ("for" if c.stance > 0 else "against")
        counted = getattr(c, "count", None)
        found.append(
            {
                "start": c.start, "end": c.end, "text": c.text, "holder": c.speaker, "direction": direction, "kind": c.kind,
                "count": None if counted is None else [counted, getattr(c, "of", None)],
                "quantifier": getattr(c, "quantifier", "") or None, "why": c.stance_why,
            }
        )  # fmt: skip
    return found


def overlap(found: dict, label: dict) -> float:
    """Shared part of the longer text: of the labelled words, or of what they are about."""
    best = 0.0
    for words, start in ((label["words"], label["start"]), (label["about"], label["about_start"])):
        if words is not None:
            end = start + len(words)
            shared = min(end, found["end"]) - max(start, found["start"])
            best = max(best, max(shared, 0) / max(end - start, found["end"] - found["start"]))
    return best


def content(phrase: str) -> set[str]:
    """Words of a phrase that say who is meant."""
    words = re.findall(r"\w+", phrase.lower().replace("’s", "").replace("'s", ""))
    return {w for w in words if w not in SMALL and not w.isdigit()} or set(words)


def same_holder(a: str, b: str) -> bool:
    """Equal, or one holds all content words of the other."""
    x, y = content(a), content(b)
    return x == y or bool(x and y and (x <= y or y <= x))


def pair(labels: list[dict], found: list[dict]) -> list[tuple[dict, dict]]:
    """Labels and findings, one to one, the largest overlap first."""
    every = sorted(((overlap(f, a), n, m) for n, a in enumerate(labels) for m, f in enumerate(found)), reverse=True)
    pairs, used_a, used_f = [], set(), set()
    for shared, n, m in every:
        if shared >= HALF and n not in used_a and m not in used_f:
            pairs.append((labels[n], found[m]))
            used_a.add(n)
            used_f.add(m)
    return pairs


def stanced_denials(labels: list[dict], found: list[dict], pairs: list[tuple[dict, dict]]) -> list[str]:
    """Denied attitudes whose words were given a stance."""
    others = [id(f) for a, f in pairs if not a["denied"]]
    wrong = []
    for a in labels:
        end = a["start"] + len(a["words"])
        touched = [f for f in found if f["start"] < end and f["end"] > a["start"] and id(f) not in others]
        if a["denied"] and any(f["direction"] != "unclear" for f in touched):
            wrong.append(a["words"])
    return wrong


def judge(half: str, *, verbose: bool = False) -> dict[str, float]:
    """Scores of a half."""
    c: Counter[str] = Counter()
    for p in read_labels(half):
        labels, found = p["attitudes"], find(p["text"])
        pairs = pair(labels, found)
        wrong = stanced_denials(labels, found, pairs)
        c.update(labelled=len(labels), found=len(found), hits=len(pairs), denied=sum(a["denied"] for a in labels))
        c.update(stanced=len(wrong))
        notes = [f"missed: {a['words']}" for a in labels if a not in [x for x, _ in pairs]]
        notes += [f"extra: [{f['kind']}] {f['text']} ({f['holder']})" for f in found if f not in [y for _, y in pairs]]
        notes += [f"denied but stance: {w}" for w in wrong]
        for a, f in pairs:
            notes += compare(a, f, c)
        if verbose and notes:
            print(p["id"], p["text"], *notes, sep="\n   ")
    precision, recall = c["hits"] / max(c["found"], 1), c["hits"] / max(c["labelled"], 1)
    share = lambda right, of: round(c[right] / max(c[of], 1), 3)  # noqa: E731
    return {
        "attitudes": c["labelled"],
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
        "holder": share("holder", "hits"),
        "counts": share("counts", "counted"),
        "counted": c["counted"],
        "quantifiers": share("quantifiers", "quantified"),
        "direction": share("direction", "directed"),
        "denied": c["denied"],
        "denied given a stance": c["stanced"],
    }


def compare(a: dict, f: dict, c: Counter[str]) -> list[str]:
    """Count what is right in a finding; what is wrong as notes."""
    notes = []
    if same_holder(a["holder"], f["holder"]):
        c["holder"] += 1
    else:
        notes.append(f"holder: {a['holder']!r}, read {f['holder']!r} of {f['text']!r}")
    if a["count"] or f["count"]:
        c["counted"] += 1
        c["counts"] += a["count"] == f["count"]
        notes += [] if a["count"] == f["count"] else [f"count: {a['count']}, read {f['count']} of {f['text']!r}"]
    if a["quantifier"]:
        c["quantified"] += 1
        right = bool(f["quantifier"]) and bool(content(f["quantifier"]) & content(a["quantifier"]))
        c["quantifiers"] += right
        notes += [] if right else [f"quantifier: {a['quantifier']!r}, read {f['quantifier']!r}"]
    if not a["denied"]:
        c["directed"] += 1
        right = a["direction"] == f["direction"]
        c["direction"] += right
        notes += [] if right else [f"direction: {a['direction']}, read {f['direction']} ({f['why']}) of {f['text']!r}"]
    return notes


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("seen", "unseen", "later"), action="append")
    parser.add_argument("-v", action="store_true")
    given = parser.parse_args()
    for half in given.half or ("seen", "unseen", "later"):
        print(json.dumps({"half": half, **judge(half, verbose=given.v)}))

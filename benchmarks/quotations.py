"""Precision and recall of quotation finding on the labelled paragraphs of quotations.txt."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from winset.statements.quotations import find_quotations

FILE = Path(__file__).with_name("quotations.txt")
MARK = re.compile(r"\[\[([din])\|([^|]*)\|(.*?)\]\]")
KINDS = {"d": "direct", "i": "indirect", "n": "negated"}
SMALL = {"the", "a", "an", "of", "mr.", "mrs.", "his", "her", "their"}


def read_labels() -> list[tuple[str, list[tuple[str, int, int, str]]]]:
    """Paragraphs with their marks taken out, and (kind, start, end, speaker) of each."""
    blocks = re.split(r"\n\s*\n", FILE.read_text(encoding="utf-8"))
    found = []
    for block in (b.strip() for b in blocks if not b.startswith("#")):
        plain, labels, at = "", [], 0
        for m in MARK.finditer(block):
            plain += block[at : m.start()]
            labels.append((KINDS[m[1]], len(plain), len(plain) + len(m[3]), "" if m[2] == "-" else m[2]))
            plain += m[3]
            at = m.end()
        found.append((plain + block[at:], labels))
    return found


def same_speaker(a: str, b: str) -> bool:
    """Equal, or one holds all content words of the other."""
    x, y = ({w for w in s.lower().replace("’s", "").replace(",", "").split() if w not in SMALL} for s in (a, b))
    return x == y or (bool(x and y) and (x <= y or y <= x))


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Shared part of the longer one."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(shared, 0) / max(a[1] - a[0], b[1] - b[0])


def judge() -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of spans by kind, and of speakers of direct quotations that were found."""
    hits, found, wanted, speakers = {}, {}, {}, [0, 0, 0]
    for text, labels in read_labels():
        quotes = find_quotations(text)
        for kind in KINDS.values():
            gold = [x for x in labels if x[0] == kind]
            own = [q for q in quotes if q.kind == kind]
            pairs = [(g, q) for g in gold for q in own if overlap((g[1], g[2]), (q.start, q.end)) > 0.7]
            hits[kind] = hits.get(kind, 0) + len({p[0][1] for p in pairs})
            found[kind] = found.get(kind, 0) + len(own)
            wanted[kind] = wanted.get(kind, 0) + len(gold)
            if kind == "direct":
                right = sum(same_speaker(g[3], q.speaker) for g, q in pairs)
                speakers = [speakers[0] + right, speakers[1] + len(own), speakers[2] + len(gold)]
            if "-v" in sys.argv:
                missed = [g for g in gold if g not in [p[0] for p in pairs]]
                extra = [q for q in own if q not in [p[1] for p in pairs]]
                wrong = [(g[3], q.speaker, q.why) for g, q in pairs if not same_speaker(g[3], q.speaker)]
                if missed or extra or wrong:
                    print(f"{kind}: {text}")
                    print("   missed", [text[g[1] : g[2]] for g in missed])
                    print("   extra", [(q.text, q.speaker) for q in extra], "speaker", wrong)
    table = {k: scores(hits[k], found[k], wanted[k]) for k in KINDS.values()}
    return table | {"speakers of direct quotations": scores(*speakers)}


def scores(hits: int, found: int, wanted: int) -> dict[str, float]:
    """Precision, recall and their harmonic mean."""
    p, r = hits / max(found, 1), hits / max(wanted, 1)
    return {
        "precision": round(p, 3),
        "recall": round(r, 3),
        "f1": round(2 * p * r / max(p + r, 1e-9), 3),
        "labelled": wanted,
    }


if __name__ == "__main__":
    for name, row in judge().items():
        print(json.dumps({"name": name, **row}))

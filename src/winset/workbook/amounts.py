"""Shares and rules as people write them in a cell, read and written back without loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

NUMBER = r"(\d+(?:[.,]\d+)?)\s*(%?)"
RANGE = re.compile(rf"{NUMBER}\s*(?:-|–|to)\s*{NUMBER}")
ABOUT = re.compile(rf"{NUMBER}\s*(?:±|\+/-|\+-)\s*{NUMBER}")
ONE = re.compile(NUMBER)
EXAMPLES = "50%, 40-60% or 50% ± 5%"

CLAUSES = (
    ("vote", re.compile(r"vote of (?P<who>.+?) at least (?P<amount>.+?),? turnout (?P<turnout>.+)", re.IGNORECASE)),
    ("coalition", re.compile(r"(?:weighted )?mean of (?P<who>.+?) at least (?P<amount>.+)", re.IGNORECASE)),
    ("support", re.compile(r"(?P<who>.+?) at least (?P<amount>.+)", re.IGNORECASE)),
    ("veto", re.compile(r"(?P<who>.+?) not below (?P<amount>.+)", re.IGNORECASE)),
)
RULE_EXAMPLE = "`public at least 50% and army not below 20-40%`"

Name = Callable[[str], str]


def read_share(text: str) -> float | dict[str, Any]:
    """A share, or a distribution of it, as study.yaml has them.

    Raises
    ------
    ValueError
        With what to write instead.

    Examples
    --------
    >>> read_share("50%"), read_share("0.5"), read_share("20-40%"), read_share("34.7% ± 2%")
    (0.5, 0.5, {'uniform': [0.2, 0.4]}, {'normal': [0.347, 0.02]})
    """
    for pattern, kind in ((RANGE, "uniform"), (ABOUT, "normal")):
        if found := pattern.fullmatch(text):
            percent = found[4] or found[2]
            return {kind: [_share(found[1], found[2] or percent, text), _share(found[3], found[4] or percent, text)]}
    if found := ONE.fullmatch(text):
        return _share(found[1], found[2], text)
    raise ValueError(f"`{text}` is no share; write {EXAMPLES}")


def _share(number: str, percent: str, text: str) -> float:
    value = float(number.replace(",", "."))
    if not percent and value > 1:
        raise ValueError(f"`{text}` is above 1; write per cent with its sign: {EXAMPLES}")
    return round(value / 100, 12) if percent else value


def write_share(share: Any) -> str:
    """A share or its distribution as ``read_share`` reads it."""
    if isinstance(share, Mapping):
        kind, (one, other) = next(iter(share.items()))
        return f"{_percent(one)}-{_percent(other)}" if kind == "uniform" else f"{_percent(one)} ± {_percent(other)}"
    return _percent(share)


def _percent(value: float) -> str:
    return f"{round(value * 100, 10):.12g}%"


def read_rule(text: str, name: Name = str) -> dict[str, Any]:
    """A rule of ratification as study.yaml has it.

    Parameters
    ----------
    name
        The id of a group, given as it was written.

    Raises
    ------
    ValueError
        With what to write instead.

    Examples
    --------
    >>> read_rule("public at least 50% and (army not below 20-40% or mean of 2 army + 1 public at least 0.5)")["all_of"][1]
    {'any_of': [{'veto': 'army', 'below': {'uniform': [0.2, 0.4]}}, {'coalition': {'army': 2.0, 'public': 1.0}, 'at_least': 0.5}]}
    """
    text = text.strip()
    for word, kind in (("or", "any_of"), ("and", "all_of")):
        parts = _split(text, word)
        if len(parts) > 1:
            return {kind: [read_rule(p, name) for p in parts]}
    if text.startswith("(") and text.endswith(")"):
        return read_rule(text[1:-1], name)
    return _read_clause(text, name)


def _split(text: str, word: str) -> list[str]:
    """Parts of a text between a word that stands outside brackets."""
    parts, depth, start = [], 0, 0
    for found in re.finditer(rf"[()]|\b{word}\b", text, re.IGNORECASE):
        if found[0] in "()":
            depth += 1 if found[0] == "(" else -1
        elif not depth:
            parts.append(text[start : found.start()])
            start = found.end()
        if depth < 0:
            break
    if depth:
        raise ValueError(f"brackets of `{text}` do not match; write for instance {RULE_EXAMPLE}")
    return [*parts, text[start:]]


def _read_clause(text: str, name: Name) -> dict[str, Any]:
    if re.match(r"(?:a )?(?:vote|referendum) (?:of|in) ", text, re.IGNORECASE) and "turnout" not in text.lower():
        raise ValueError(
            f"`{text}` does not say who turns out; write for instance `vote of public at least 50% turnout 60-80%`"
        )
    for kind, pattern in CLAUSES:
        found = pattern.fullmatch(text)
        if not found:
            continue
        who, amount = found["who"].strip(), read_share(found["amount"].strip())
        match kind:
            case "vote":
                return {"vote": {"of": name(who), "at_least": amount, "turnout": read_share(found["turnout"].strip())}}
            case "coalition":
                return {"coalition": _read_weights(who, name), "at_least": amount}
            case "veto":
                return {"veto": name(who), "below": amount}
            case _:
                return {"support": name(who), "at_least": amount}
    raise ValueError(f"`{text}` is no rule; write for instance {RULE_EXAMPLE}")


def _read_weights(text: str, name: Name) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in text.strip("() ").split("+"):
        found = re.fullmatch(r"(?:(\d+(?:\.\d+)?)\s+)?(.+)", part.strip())
        if not found:
            raise ValueError(f"`{text}` is no mean of groups; write for instance `mean of 0.6 public + 0.4 army`")
        weights[name(found[2].strip())] = float(found[1] or 1)
    return weights


def write_rule(rule: Mapping[str, Any], *, inside: bool = False) -> str:
    """A rule as ``read_rule`` reads it."""
    for kind, word in (("all_of", " and "), ("any_of", " or ")):
        if kind in rule:
            text = word.join(write_rule(r, inside=True) for r in rule[kind])
            return f"({text})" if inside and len(rule[kind]) > 1 else text
    if "vote" in rule:
        vote = rule["vote"]
        return f"vote of {vote['of']} at least {write_share(vote['at_least'])} turnout {write_share(vote['turnout'])}"
    if "coalition" in rule:
        weights = " + ".join(f"{w:g} {c}" for c, w in rule["coalition"].items())
        return f"mean of {weights} at least {write_share(rule['at_least'])}"
    if "veto" in rule:
        return f"{rule['veto']} not below {write_share(rule['below'])}"
    return f"{rule['support']} at least {write_share(rule['at_least'])}"

"""Numbers in words, the same words everywhere."""

from __future__ import annotations

from collections.abc import Mapping

from winset.language import tr, trn

WORDS = (
    (0.01, tr("almost certainly not")),
    (0.10, tr("very unlikely")),
    (0.33, tr("unlikely")),
    (0.66, tr("about as likely as not")),
    (0.90, tr("likely")),
    (0.99, tr("very likely")),
    (1.01, tr("almost certain")),
)
"""Upper bound and phrase, after the scale of the Intergovernmental Panel on Climate Change (Mastrandrea et al. 2010)."""


def likelihood_word(probability: float) -> str:
    """Calibrated word for a probability.

    Examples
    --------
    >>> likelihood_word(0.05), likelihood_word(0.5)
    ('very unlikely', 'about as likely as not')
    """
    whole = round(100 * probability)  # the word goes with the number that is printed beside it
    return next(word for bound, word in WORDS if whole < round(100 * bound))


def percent(share: float) -> str:
    """Share as a whole per cent; the ends are never claimed.

    Examples
    --------
    >>> percent(0.468), percent(0.005), percent(0.0001), percent(0.999)
    ('47 %', '<1 %', '<1 %', '>99 %')
    """
    whole = round(100 * share)
    return tr("<1 %") if whole < 1 else tr(">99 %") if whole > 99 else tr("{whole} %", whole=whole)


def points(share: float, *, signed: bool = False) -> str:
    """A change of a share, in points.

    Examples
    --------
    >>> points(0.08), points(-0.01, signed=True)
    ('8 points', '-1 point')
    """
    whole = round(100 * share)
    return trn("{change} point", "{change} points", abs(whole), change=f"{whole:+d}" if signed else whole)


def span(mean: float, low: float, high: float) -> str:
    """Mean with its 90 % interval.

    Examples
    --------
    >>> span(0.468, 0.332, 0.611)
    '47 [33, 61]'
    """
    return f"{100 * mean:.0f} [{100 * low:.0f}, {100 * high:.0f}]"


def odds(row: Mapping[str, float]) -> str:
    """Selection odds with their interval.

    Examples
    --------
    >>> odds({"mean": 0.44, "low": 0.1, "high": 1.6})
    '0.44 [0.1, 1.6]'
    """
    return f"{row['mean']:.2g} [{row['low']:.2g}, {row['high']:.2g}]"

"""How many people a sample is worth."""

from __future__ import annotations

import math

Z = 1.959963984540054
"""97.5 % point of the standard normal: margins are printed at 95 %."""


DOUBT = 2 * 1.6448536269514722
"""Standard deviations between the ends of a range that holds nine in ten."""

UNPRINTED = {"institute": (850.0, 0.4), "press": (600.0, 0.45)}
"""Median and log standard deviation of n where nobody printed it, by kind of publication. Of 230 polls of whole publics whose n
was printed (Israel and Palestine 2003-18, Cyprus 2002-04) each public's median lies between 670 and 1,300 with a log sd
of .23 to .35; surveys for the press there have 340 to 600."""


def range_size(low: float, high: float) -> tuple[float, float]:
    """Median and log standard deviation of an n that was printed as a range, taken to hold nine in ten.

    Examples
    --------
    >>> n, doubt = range_size(400, 900)
    >>> round(n), round(doubt, 3)
    (600, 0.247)
    """
    return math.sqrt(low * high), math.log(high / low) / DOUBT


def effective_size(
    n: float, *, n_eff: float | None = None, margin: float | None = None, design_effect: float = 1.0
) -> float:
    """Effective number of respondents.

    Parameters
    ----------
    n
        Printed number of respondents.
    n_eff
        Effective number where the publication or a weighted file gives it; wins over all else.
    margin
        Printed margin of error at 50 %, in percentage points.
    design_effect
        Printed n divided by effective n, used where nothing else is known.

    Notes
    -----
    ``p (1 - p) (z / margin)^2`` at p = 1/2 (Kish 1965, sec. 2.6).

    Examples
    --------
    KIIS printed 1,022 respondents with a margin of 4.1 points: worth 571.

    >>> round(effective_size(1022, margin=4.1))
    571
    """
    if n_eff is not None:
        return n_eff
    if margin is not None:
        return 0.25 * (Z / (margin / 100)) ** 2
    return n / design_effect

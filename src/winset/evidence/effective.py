"""How many people a sample is worth."""

from __future__ import annotations

Z = 1.959963984540054
"""97.5 % point of the standard normal: margins are printed at 95 %."""


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

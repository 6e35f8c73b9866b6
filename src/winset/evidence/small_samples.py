"""What "k of n said so" can and cannot tell, exactly."""

from __future__ import annotations

from dataclasses import dataclass

from winset.errors import UsageError


@dataclass(frozen=True)
class FewVoices:
    """Exact statements about the share of a population, were the voices a random sample of it, which they rarely are.

    Parameters
    ----------
    low, high
        Clopper & Pearson (1934), two-sided.
    at_least, at_most
        One-sided bounds at the same level, each alone.
    jeffreys
        Equal-tailed interval under the prior Beta(1/2, 1/2) (Brown, Cai & DasGupta 2001, with their ends at 0 and n).
    bounds
        Share that says so among all who were reached, whatever those without an answer think (Manski 1989).
    """

    said: int
    of: int
    silent: int
    level: float
    low: float
    high: float
    at_least: float
    at_most: float
    jeffreys: tuple[float, float]
    bounds: tuple[float, float]

    @property
    def sentence(self) -> str:
        """The same in words."""
        start = f"{self.said} of {self.of} said so."
        if self.silent:
            start += (
                f" With {self.silent} more who did not answer, the share among those reached is between "
                f"{100 * self.bounds[0]:.0f} and {100 * self.bounds[1]:.0f} %, whatever they think."
            )
        edge = (
            f"at least {100 * self.at_least:.0f} %"
            if 2 * self.said >= self.of
            else f"at most {100 * self.at_most:.0f} %"
        )
        return (
            f"{start} Were they a random sample, the share in their group would be {edge} ({100 * self.level:.0f} %, one-sided); "
            "they are not one, and the model adds how they were chosen."
        )


def weigh_few(said: int, of: int, *, silent: int = 0, level: float = 0.95) -> FewVoices:
    """Weigh ``said`` of ``of`` voices, with ``silent`` more who were asked and gave no answer.

    Raises
    ------
    UsageError
        If the counts are impossible.

    Examples
    --------
    >>> eleven = weigh_few(11, 11)
    >>> round(eleven.at_least, 4), round(eleven.low, 4)
    (0.7616, 0.7151)
    """
    if not (0 <= said <= of and of >= 1 and silent >= 0 and 0 < level < 1):
        raise UsageError(f"{said} of {of} with {silent} silent at level {level} is impossible")
    from scipy.special import betaincinv  # loaded where voices are weighed: every study imports this package
    from scipy.stats import binomtest  # most of a second to import

    two = binomtest(said, of).proportion_ci(level, method="exact")
    less = binomtest(said, of, alternative="greater").proportion_ci(level, method="exact")
    more = binomtest(said, of, alternative="less").proportion_ci(level, method="exact")
    tail = (1 - level) / 2
    a, b = said + 0.5, of - said + 0.5
    jeffreys = (
        0.0 if said == 0 else float(betaincinv(a, b, tail)),
        1.0 if said == of else float(betaincinv(a, b, 1 - tail)),
    )
    reached = of + silent
    return FewVoices(
        said, of, silent, level, float(two.low), float(two.high), float(less.low), float(more.high), jeffreys,
        (said / reached, (said + silent) / reached),
    )  # fmt: skip

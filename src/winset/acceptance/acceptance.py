"""What was measured, and the questions one may ask of it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import ndtri

from winset.acceptance.cells import Cells
from winset.acceptance.diagnostics import Diagnostics
from winset.acceptance.draws import AcceptanceDraws, acceptance, hear, refusal
from winset.acceptance.fitted import Fit
from winset.acceptance.hearing import Hearing
from winset.acceptance.prints import hide
from winset.evidence import Responses
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

LOW, HIGH = 0.05, 0.95
"""Every interval holds 90 %."""


@dataclass(frozen=True)
class Acceptance:
    """Measured acceptance of offers by constituency and date.

    Parameters
    ----------
    known
        Cells that the fit learned from; the others are predicted only.
    draws, prior
        Draws given the evidence, and before any evidence.
    fit
        All sampled sites, for diagnostics and export.
    hearing
        Whose words the questions asked about.
    """

    study: Study
    responses: Responses
    cells: Cells
    known: Bool[np.ndarray, " cell"]
    draws: AcceptanceDraws
    prior: AcceptanceDraws
    fit: Fit
    diagnostics: Diagnostics
    seed: int
    hearing: Hearing

    def __repr__(self) -> str:
        return f"<Acceptance of {self.study.id}: {len(self.draws)} draws by {self.fit.method}, {self.responses!r}>"

    def shares(
        self,
        what: str | Mapping[str, str],
        date: dt.date | None = None,
        *,
        prior: bool = False,
        endorsed: Mapping[str, str] | None = None,
    ) -> Float[np.ndarray, "draw constituency"]:
        """Draws of acceptance of a proposal's id, ``issue=option`` text, or a mapping.

        Parameters
        ----------
        endorsed
            Who speaks for or against it: ``{"leader": "for"}`` (each side's own), a voice, or a side (its leader).

        Raises
        ------
        UsageError
            If the study has no such proposal, option or speaker.
        """
        package, not_read = self.study.find(what)
        draws = self.prior if prior else self.draws
        space = self.study.space
        unread = tuple(k for k, i in enumerate(space.issues) if i.id in not_read)
        heard = functools.partial(hear, draws, study=self.study, endorsed=endorsed or {})
        return acceptance(draws, space.encode(package), draws.level_at(date or self.study.as_of), unread, heard=heard)

    def support(
        self,
        what: str | Mapping[str, str],
        date: dt.date | None = None,
        *,
        endorsed: Mapping[str, str] | None = None,
    ) -> pl.DataFrame:
        """Acceptance by constituency: mean, 5 % and 95 %, and how much of it is evidence.

        Returns
        -------
        Columns side, constituency, label, mean, low, high (shares), refuse (share that refuses at any
        price), evidence (0: all prior, 1: all evidence; one minus posterior over prior variance on the
        probit scale), answers (effective answers from the constituency itself).
        """
        shares, before = (self.shares(what, date, prior=p, endorsed=endorsed) for p in (False, True))
        package, _ = self.study.find(what)
        refused = refusal(self.draws, self.study.space.encode(package))
        return pl.DataFrame(
            [
                {
                    "side": s,
                    "constituency": c,
                    "label": self.study.label(s, c),
                    **interval(shares[:, j]),
                    "refuse": float(refused[:, j].mean()),
                    "evidence": evidence_share(shares[:, j], before[:, j]),
                    "answers": self.answers(s, c),
                }
                for j, (s, c) in enumerate(self.study.constituencies())
            ],
        )

    def answers(self, side: str, constituency: str) -> float:
        """Effective answers that a constituency itself gave, to any question."""
        side, constituency = self.study.asked_as(side, constituency)
        own = (pl.col("side") == side) & (pl.col("constituency") == constituency)
        return float(self.responses.table.filter(own)["weight"].sum())

    def importance(self) -> pl.DataFrame:
        """Importance of each issue by constituency; importances of a constituency sum to one."""
        rows = []
        for j, (s, c) in enumerate(self.study.constituencies()):
            for k, issue in enumerate(self.study.space.issues):
                after, before = self.draws.importance[:, j, k], self.prior.importance[:, j, k]
                rows.append(
                    {"side": s, "constituency": c, "issue": issue.id, "label": issue.label, **interval(after)}
                    | {"evidence": _learned(np.log(after), np.log(before))}
                )
        return pl.DataFrame(rows)

    def part_worths(self) -> pl.DataFrame:
        """Part-worths in probit units, centred within each issue."""
        rows = [
            {"side": s, "constituency": c, "issue": i.id, "option": o.id, **interval(self.draws.worth[:, j, k, n])}
            for j, (s, c) in enumerate(self.study.constituencies())
            for k, i in enumerate(self.study.space.issues)
            for n, o in enumerate(i.options)
        ]
        return pl.DataFrame(rows)

    def instrument_bias(self) -> pl.DataFrame:
        """What each pollster adds to the truth, in probit units: its house and what all pollsters share.

        Returns
        -------
        Columns instrument, label, selection, answers (effective), mean, low, high.
        """
        return self._by_instrument("instrument_bias", lambda x: x)

    def selection_odds(self) -> pl.DataFrame:
        """How many times as likely people who accept are to be reached as people who reject, by instrument.

        Returns
        -------
        Columns instrument, label, selection, answers (effective), mean (geometric), low, high; only of instruments
        that are no random sample.
        """
        table = self._by_instrument("log_odds", np.exp)
        return table.filter(pl.col("selection") != "random") if table.height else table

    def coder_errors(self) -> pl.DataFrame:
        """Each coder's chance of a label other than the true one, by true label, on each scale that was coded.

        Returns
        -------
        Columns scale, coder, stance (true answer), people (whom the coder judged), mean, low, high; empty where
        nobody was coded one by one.
        """
        samples = self.fit.samples.get("confusion")
        if samples is None:
            return pl.DataFrame()
        flat = samples.reshape(-1, *samples.shape[2:])
        voices, rows = self.cells.voices, []
        for s in np.unique(self.cells.scale[voices.cell]):
            here = self.cells.scale[voices.cell] == s
            for j, coder in enumerate(voices.coders):
                people = float(voices.people[here & (voices.judged[:, j] >= 0)].sum())
                rows += [
                    {
                        "scale": int(s),
                        "coder": coder,
                        "stance": answer,
                        "people": people,
                        **interval(1 - flat[:, s, j, k, k]),
                    }
                    for k, answer in enumerate(self.cells.scales[s].answers)
                    if people
                ]
        return pl.DataFrame(rows)

    def _by_instrument(self, site: str, show: Callable[[np.ndarray], np.ndarray]) -> pl.DataFrame:
        """Mean and interval of a site with one value an instrument, on the scale that ``show`` turns it to."""
        samples = self.fit.samples.get(site)
        if samples is None:
            return pl.DataFrame()
        weights = dict(self.responses.table.group_by("instrument").agg(pl.col("weight").sum()).iter_rows())
        flat = samples.reshape(-1, samples.shape[-1])
        rows = []
        for n, i in enumerate(self.cells.instruments):
            known = self.study.instruments[i]
            rows.append(
                {"instrument": i, "label": known.label, "selection": known.selection, "answers": weights.get(i, 0.0)}
                | {k: float(show(np.asarray(v))) for k, v in interval(flat[:, n]).items()}
            )
        return pl.DataFrame(rows)

    def over_time(self, what: str | Mapping[str, str]) -> pl.DataFrame:
        """Acceptance of a package in every month with evidence, for every constituency."""
        layout = self.draws.layout
        package, _ = self.study.find(what)
        rows = []
        for month in layout.knots:
            year, m = divmod(layout.start.month - 1 + int(month), 12)
            date = dt.date(layout.start.year + year, m + 1, 15)
            shares = acceptance(self.draws, self.study.space.encode(package), self.draws.level_at(date))
            rows += [
                {"date": date, "side": s, "constituency": c, **interval(shares[:, j])}
                for j, (s, c) in enumerate(self.study.constituencies())
            ]
        return pl.DataFrame(rows)

    def predictive(self) -> pl.DataFrame:
        """Observed against predicted acceptance for every poll and set of voices.

        Returns
        -------
        One row per cell: the printed share that it is scored on (``measure`` says which: for, of those who decided; for or
        against, of all asked, where only that was printed), its prediction (mean, low, high, sampling noise included), and
        whether the interval covers it; ``decided``, the share for among those who decided, or what the print lets guess of it;
        ``known``, whether the fit had seen it; ``lower`` and ``upper`` bound the share when
        don't-knows all reject or all accept (Manski).
        """
        cells, observed = self.cells, self.cells.observed()
        predicted, decided = self.replicate(), cells.decided_share()
        size = cells.total + cells.undecided
        rows = []
        for n in np.flatnonzero(np.isfinite(observed)):
            bounds = interval(predicted[:, n])
            said = float(observed[n] * (cells.bins * cells.scored[1]).sum(1)[n])
            open_ = 0.0 if cells.partial[n] else cells.undecided[n]
            rows.append(
                {**cells.names.row(int(n), named=True), "measure": self._measure[n], "observed": float(observed[n])}
                | {"decided": float(decided[n])}
                | bounds
                | {"covered": bounds["low"] - 1e-9 <= observed[n] <= bounds["high"] + 1e-9}
                | {"known": bool(self.known[n]), "lower": said / size[n], "upper": (said + open_) / size[n]}
            )
        return pl.DataFrame(rows)

    @functools.cached_property
    def _measure(self) -> list[str]:
        return self.cells.measure

    def replicate(self) -> Float[np.ndarray, "draw cell"]:
        """Replicated printed shares: beta-binomial noise about each draw's probability, with as many people as were asked."""
        rng = np.random.default_rng([self.seed, 11])
        flat = {k: v.reshape(-1, *v.shape[2:]) for k, v in self.fit.samples.items() if k in {"bins", "correlation"}}
        share = self.cells.share_of(flat["bins"])
        unsaid = (1 - hide(rng.random(share.shape), self.cells.hidden)) / (1 - self.cells.hidden)
        p = np.clip(share * np.where(self.cells.partial, unsaid, 1.0), 1e-6, 1 - 1e-6)
        a = np.maximum(1 / flat["correlation"] - 1, 1e-3)
        people = (self.cells.bins * self.cells.scored[1]).sum(1) * np.exp(
            self.cells.doubt * rng.standard_normal(p.shape)
        )
        n = np.maximum(np.round(people), 1).astype(int)
        return rng.binomial(n, rng.beta(a * p, a * (1 - p))) / n


def interval(values: Float[np.ndarray, " draw"]) -> dict[str, float]:
    """Mean and 90 % interval."""
    low, high = np.quantile(values, [LOW, HIGH])
    return {"mean": float(values.mean()), "low": float(low), "high": float(high)}


def evidence_share(after: Float[np.ndarray, " draw"], before: Float[np.ndarray, " draw"]) -> float:
    """How much of a number is evidence: one minus the ratio of variances on the probit scale."""
    z_after, z_before = (ndtri(np.clip(v, 1e-6, 1 - 1e-6)) for v in (after, before))
    return _learned(z_after, z_before)


def _learned(after: Float[np.ndarray, " draw"], before: Float[np.ndarray, " draw"]) -> float:
    """One minus the ratio of variances; 0 for what cannot vary (an only issue has all the importance)."""
    return float(np.clip(1 - after.var() / before.var(), 0, 1)) if before.var() > 1e-12 else 0.0

"""List experiments told."""

from __future__ import annotations

import polars as pl

from winset.evidence.list_experiment import (
    FalseAnswer,
    Prevalence,
    check_list,
    combine_direct,
    compare_means,
    deflate,
    fit_list,
)
from winset.evidence.sensitive import ListData
from winset.findings.finding import Finding


def describe_list(data: ListData, false_answer: FalseAnswer = "no", deflation: float = 0.0) -> list[Finding]:
    """Findings of a list experiment; the last line of the first says how to enter it into a study."""
    means = compare_means(data.count, data.treated)
    model = fit_list(data.count, data.treated, data.items, data.covariates, data.names)
    estimates: list[tuple[str, Prevalence]] = [("difference in means", means), ("maximum likelihood", model.prevalence)]
    if deflation:
        estimates.append((f"difference in means, {deflation:.0%} deflation given back", deflate(means, deflation)))
    placebo = None
    if data.direct is not None:
        combined, placebo = combine_direct(data.count, data.treated, data.direct, false_answer=false_answer)
        estimates.append(("combined with the direct question", combined))
        estimates.append(
            (f"placebo: the list among those taken at their word (should be {int(false_answer == 'no')})", placebo)
        )
    table = pl.DataFrame([{"estimator": name, **vars(p), "worth": p.effective} for name, p in estimates])
    said = (
        f"By difference in means {means.share:.1%} [{means.low:.1%}, {means.high:.1%}] agree with the item; a direct question to "
        f"{means.effective:.0f} people would tell as much as the {means.people} on the list. To enter it into a study, write the "
        f"share into polls.csv on a question with `asked: list`, n = {means.effective:.0f}."
    )
    checks = check_list(data.count, data.treated, data.items)
    basis = (
        f"{means.people} people, {data.dropped} with a gap left out; Imai 2011, Blair & Imai 2012, Aronow et al. 2015"
    )
    likelihood = f"Log-likelihood {model.log_likelihood:.3f}."
    return [
        Finding("list", "What share agrees, when nobody learns who?", said, table, basis),
        Finding(
            "list-checks",
            "Can the list be trusted?",
            checks.sentence,
            checks.joint,
            "Blair & Imai 2012, test for design effects",
        ),
        Finding("list-model", "Who agrees?", likelihood, model.table, "constrained maximum likelihood, logit"),
    ]

"""What is said of answers under other assumptions."""

from __future__ import annotations

import polars as pl

from winset.findings import describe_sensitivity
from winset.study import Study

STANDS = {"as it stands": (0.40, 0.60), "shared bias doubled": (0.42, 0.59)}
LEANT = {"undecided lean low": (0.31, 0.55), "undecided lean high": (0.45, 0.64)}


def table(means: dict[str, tuple[float, float]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "variant": v,
                "proposal": "mediator-2025-01",
                "side": "north",
                "constituency": c,
                "mean": m,
                "low": m - 0.1,
                "high": m + 0.1,
            }
            for v, pair in means.items()
            for c, m in zip(("public", "army"), pair, strict=True)
        ]
    )


def test_the_undecided_get_one_sentence_where_their_lean_was_varied(study: Study):
    said = describe_sensitivity(study, table(STANDS | LEANT)).sentence
    assert said.endswith(
        "If the undecided broke against it, 31 % of General public (North) would accept Mediator's text instead of 40 %; "
        "if they broke for it, 45 %."
    )


def test_one_end_alone_is_told_alone(study: Study):
    said = describe_sensitivity(study, table(STANDS | {"undecided lean high": LEANT["undecided lean high"]})).sentence
    assert said.endswith(
        "If the undecided broke for it, 45 % of General public (North) would accept Mediator's text instead of 40 %."
    )


def test_nothing_is_said_of_them_elsewhere(study: Study):
    assert "undecided" not in describe_sensitivity(study, table(STANDS)).sentence

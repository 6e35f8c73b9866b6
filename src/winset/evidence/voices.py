"""What few people said, question by question: counts, exact bounds, agreement of those who coded them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from winset.coding.agreement import Agreement, judge_agreement, list_doubtful
from winset.evidence.responses import NOT_PRINTED, Responses, is_judged, is_single
from winset.evidence.small_samples import FewVoices, weigh_few
from winset.study import Study

KEYS: tuple[str, ...] = ("instrument", "question", "side", "constituency")


def weigh_voices(study: Study, responses: Responses) -> Iterator[tuple[dict[str, str], FewVoices]]:
    """Exact statement for every question that a set of interviews answers, by constituency.

    Judgements of several coders are settled by the majority for this count; the model keeps their doubt.
    """
    sets = [i for i, x in study.instruments.items() if x.kind == "interviews"]
    table = responses.table.filter(pl.col("instrument").is_in(sets) & ~is_single())
    for key, rows in table.group_by(KEYS, maintain_order=True):
        accepted = rejected = silent = 0.0
        for category, categories, weight in rows.select("category", "categories", "weight").iter_rows():
            scale = study.scale_of(str(key[1]), categories)
            between = scale.neutral is not None and category == scale.border - 1
            if category is None or category == NOT_PRINTED or between:
                silent += weight
            elif category >= scale.border:
                accepted += weight
            else:
                rejected += weight
        said, against, quiet = round(accepted), round(rejected), round(silent)
        if said + against:
            named = dict(zip(KEYS, map(str, key), strict=True))
            yield named, weigh_few(said, said + against, silent=quiet)


def list_agreement(responses: Responses, question: str, *, seed: int = 1) -> tuple[Agreement, pl.DataFrame] | None:
    """Agreement of coders on what each person said to one question, and the people on whom they disagree.

    Returns
    -------
    None where fewer than two coders judged anybody. People are named by their pseudonyms.
    """
    rows = responses.table.filter(is_judged() & (pl.col("question") == question) & pl.col("category").is_not_null())
    coders = rows["coder"].unique().sort().to_list()
    if len(coders) < 2:
        return None
    people = rows.select("respondent").unique(maintain_order=True)
    places = {r: n for n, r in enumerate(people["respondent"])}
    ratings = np.full((people.height, len(coders)), np.nan)
    for who, coder, category in rows.select("respondent", "coder", "category").iter_rows():
        ratings[places[who], coders.index(coder)] = category
    where = rows.group_by("respondent", maintain_order=True).agg(pl.col("locator").first())
    return judge_agreement(ratings, coders, seed=seed), list_doubtful(ratings, where)


def heard_reasons(responses: Responses) -> pl.DataFrame:
    """Columns instrument, speaker, reason: reasons as coded, and stances taken.

    Speakers who gave none are kept, with a null reason: they are interviews that brought nothing new.
    """
    themes = responses.context.filter(pl.col("theme") != "").select("instrument", "speaker", reason="theme")
    judged = responses.table.filter(is_judged())
    sign = pl.when(pl.col("category") * 2 >= pl.col("categories")).then(pl.lit("for")).otherwise(pl.lit("against"))
    stances = judged.select(
        "instrument", speaker="respondent", reason=pl.concat_str("question", pl.lit(": "), sign, ignore_nulls=False)
    )
    return pl.concat([themes, stances]).unique(maintain_order=True)

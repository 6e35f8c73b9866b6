"""The one table of evidence: responses to offers, through instruments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from winset.errors import Mistake
from winset.study import Study

RESPONSES = pl.Schema(
    {
        "instrument": pl.String(),
        "question": pl.String(),
        "side": pl.String(),
        "constituency": pl.String(),
        "respondent": pl.String(),
        "coder": pl.String(),
        "date": pl.Date(),
        "end": pl.Date(),
        "offer": pl.UInt32(),
        "against": pl.UInt32(),
        "category": pl.Int8(),
        "categories": pl.UInt8(),
        "weight": pl.Float64(),
        "least": pl.Float64(),
        "most": pl.Float64(),
        "doubt": pl.Float64(),
        "n": pl.String(),
        "share": pl.Float64(),
        "sample": pl.String(),
        "source": pl.String(),
        "locator": pl.String(),
    },
)
"""Columns of the table. ``offer`` and ``against`` are rows of ``offers`` (against null: no deal);
``category`` counts from 0 (least accepting), null is don't know, ``NOT_PRINTED`` any answer that the
publication does not print; ``weight`` is the effective number of people, between ``least`` and ``most`` where only a range
was printed (null: exact); ``doubt`` is the log standard deviation of the number of people, 0 where n was printed, and ``n`` how
a poll printed it (1600, 400-600, ?). ``share`` is the per cent of a poll as it was printed (shares may add up to 101), null of
people who were heard one by one.
``date`` is the middle of the field work and ``end`` its last day: what is known on a day had ended by then.
``sample`` tells samples of one instrument and wave apart (null: one sample). A coder's judgement of what a person said
is a row of its own, several coders of one person share its weight."""

RESULT: tuple[str, ...] = (
    "instrument",
    "question",
    "side",
    "constituency",
    "date",
    "end",
    "sample",
    "against",
    "categories",
)
"""What answers printed as one result have in common."""

NOT_PRINTED = -1
"""Category of people who gave none of the printed answers (don't-knows among them)."""


def is_single() -> pl.Expr:
    """Rows that are one person's answer to one of the many offers of an experiment."""
    return pl.col("respondent").is_not_null() & pl.col("coder").is_null()


def is_judged() -> pl.Expr:
    """Rows that are one coder's judgement of what one person said."""
    return pl.col("coder").is_not_null()


CONTEXT = pl.Schema(
    {
        "statement": pl.String(),
        "instrument": pl.String(),
        "speaker": pl.String(),
        "constituency": pl.String(),
        "theme": pl.String(),
        "stance": pl.Int8(),
        "why": pl.String(),
        "source": pl.String(),
        "locator": pl.String(),
        "note": pl.String(),
    },
)
"""Statements that were read but are no response of their own: they give reasons, not weight."""


@dataclass(frozen=True)
class Response:
    """One answer, or a count of equal answers; fields as in ``RESPONSES``."""

    instrument: str
    question: str
    side: str
    constituency: str
    date: dt.date
    offer: Mapping[str, str]
    against: Mapping[str, str] | None
    category: int | None
    categories: int
    weight: float
    source: str
    locator: str
    respondent: str | None = None
    coder: str | None = None
    end: dt.date | None = None
    least: float | None = None
    most: float | None = None
    doubt: float = 0.0
    n: str | None = None
    share: float | None = None
    sample: str | None = None


@dataclass(frozen=True)
class Statement:
    """A statement kept for its reasons; fields as in ``CONTEXT``."""

    statement: str
    instrument: str
    speaker: str
    constituency: str
    theme: str
    stance: int
    why: str
    source: str
    locator: str
    note: str


@dataclass(frozen=True)
class Reading:
    """What one reader found in a study's folder."""

    responses: Sequence[Response] = ()
    context: Sequence[Statement] = ()
    mistakes: Sequence[Mistake] = ()
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Responses:
    """All evidence of a study.

    Parameters
    ----------
    table
        Rows with the schema ``RESPONSES``.
    offers
        One row per distinct package: column ``offer`` and one column of option indices per issue, -1 open.
    context
        Statements that give reasons, schema ``CONTEXT``.
    left_out
        Kinds of instrument or of question, instruments or questions that were left out on purpose.
    """

    table: pl.DataFrame
    offers: pl.DataFrame
    context: pl.DataFrame
    left_out: tuple[str, ...] = ()
    files: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return self.table.height

    @property
    def printed(self) -> int:
        """Number of printed results: of one question, group, wave and sample; an experiment is one."""
        alone, single = self.table.filter(~is_single()), self.table.filter(is_single())
        return (
            alone.select(RESULT).n_unique() + single.select("instrument", "question", "side", "constituency").n_unique()
        )

    def __repr__(self) -> str:
        people = self.table["weight"].sum()
        return f"<Responses: {len(self)} rows, {people:,.0f} effective answers, {self.offers.height} offers>"

    def until(self, date: dt.date) -> Responses:
        """Evidence whose gathering had ended by ``date``."""
        return self._keep(pl.col("end") <= date, f"after {date}")

    def without(self, study: Study, names: Sequence[str]) -> Responses:
        """Evidence without some kinds of instrument or of question, instruments or questions."""
        kinds = {i for i, x in study.instruments.items() if x.kind in names or i in names}
        asked = {q for q, x in study.questions.items() if x.kind in names or q in names}
        dropped = pl.col("instrument").is_in(list(kinds)) | pl.col("question").is_in(list(asked))
        return self._keep(~dropped, *names)

    def _keep(self, rows: pl.Expr, *names: str) -> Responses:
        return Responses(self.table.filter(rows), self.offers, self.context, (*self.left_out, *names), self.files)


def tabulate(study: Study, responses: Sequence[Response]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The responses table and its offers."""
    offers: dict[tuple[int, ...], int] = {}

    def number(package: Mapping[str, str] | None) -> int | None:
        return None if package is None else offers.setdefault(study.space.encode(package), len(offers))

    rows = [
        {
            "instrument": r.instrument,
            "question": r.question,
            "side": r.side,
            "constituency": r.constituency,
            "respondent": r.respondent,
            "coder": r.coder,
            "date": r.date,
            "end": r.end or r.date,
            "offer": number(r.offer),
            "against": number(r.against),
            "category": r.category,
            "categories": r.categories,
            "weight": r.weight,
            "least": r.least,
            "most": r.most,
            "doubt": r.doubt,
            "n": r.n,
            "share": r.share,
            "sample": r.sample,
            "source": r.source,
            "locator": r.locator,
        }
        for r in responses
    ]
    columns = {"offer": pl.UInt32(), **{i.id: pl.Int16() for i in study.space.issues}}
    packages = [dict(zip(columns, (n, *x), strict=True)) for x, n in offers.items()]
    return pl.DataFrame(rows, schema=RESPONSES), pl.DataFrame(packages, schema=columns)

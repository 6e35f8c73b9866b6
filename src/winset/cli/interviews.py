"""``winset interviews``: coded interviews, agreement of coders, few voices, sensitive questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from winset.cli.output import out, out_findings, out_json, say, warn
from winset.errors import Mistake, MistakesError, UsageError, suggest

interviews = typer.Typer(
    name="interviews",
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Coded interviews: reading, agreement, what few voices can tell.",
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Seed = Annotated[int, typer.Option(help="Seed of everything random.")]
Files = Annotated[
    list[Path],
    typer.Argument(help="REFI-QDA .qdpx, .qde or .qdc; .json, .zip, .tsv, .jsonl, .csv of other programs."),
]
Studies = Annotated[str, typer.Argument(help="Study folder, or the name of a shipped study.")]


@interviews.command()
def show(files: Files, as_json: Json = False) -> None:
    """Show what files of coded interviews hold, and how their offsets were read."""
    import polars as pl

    from winset.coding import read_coded

    coded = read_coded(files)
    counts = coded.table.group_by("code", maintain_order=True).agg(
        passages=pl.len(), speakers=pl.col("speaker").n_unique(), coders=pl.col("coder").n_unique()
    )
    if as_json:
        about = {"documents": list(coded.documents), "coders": list(coded.coders), "notes": list(coded.notes)}
        out_json(about | {"codes": counts.to_dicts(), "codebook": dict(coded.codes)})
        return
    for note in coded.notes:
        out(note)
    for row in counts.iter_rows(named=True):
        out(f"{row['code']}: {row['passages']} passages, {row['speakers']} speakers, {row['coders']} coders")
    unused = [c for c in coded.codes if c not in counts["code"].to_list()]
    out(
        f"{len(coded.documents)} documents, coders {', '.join(coded.coders) or 'none'}; {len(unused)} codes without a passage"
    )


@interviews.command("map")
def draft(
    files: Files,
    study: Annotated[str | None, typer.Option("--study", help="Study whose questions codes may mean.")] = None,
) -> None:
    """Draft codings.yaml from the codes of files; guesses are marked."""
    from winset.coding import read_coded
    from winset.evidence.mapping_codes import draft_codings
    from winset.workbook import load

    out(draft_codings(read_coded(files), [f.name for f in files], load(study) if study else None).rstrip())


@interviews.command()
def agree(
    files: Files,
    code: Annotated[str | None, typer.Option(help="One code only.")] = None,
    units: Annotated[Path | None, typer.Option(help="CSV of all passages, coded or not: document,start,end.")] = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """How far coders agree on each code: alpha, kappas, AC1, with intervals."""
    from winset.coding import judge_agreement, read_coded
    from winset.coding.archive import UnreadableError, mistake
    from winset.coding.passages import mark_passages, read_units
    from winset.evidence.tablefile import read_table
    from winset.findings import describe

    coded = read_coded(files)
    if len(coded.coders) < 2:
        raise UsageError(
            f"{len(coded.coders)} coder in these files: agreement needs two; name the other coder's file too"
        )
    if code is not None and code not in coded.codes:
        raise UsageError(f"no code `{code}`{suggest(code, coded.codes)}")
    try:
        listed = None if units is None else read_units(read_table(units))
    except UnreadableError as error:
        raise MistakesError([mistake(units or Path(), error)]) from None
    if listed is None:
        warn("no --units: passages that nobody coded are not in the files, so that agreement flatters")
    found = []
    for name in [code] if code else sorted(coded.table["code"].unique()):
        ratings, _ = mark_passages(coded, name, listed)
        say(f"{name}: {len(ratings)} passages")
        found += describe(judge_agreement(ratings, coded.coders, seed=seed))
    out_findings(found, as_json=as_json)


@interviews.command()
def tell(folder: Studies, as_json: Json = False) -> None:
    """What a study's voices can and cannot tell: exact bounds, agreement, saturation; no model is fitted."""
    from winset.evidence import gather
    from winset.findings import describe_interviews
    from winset.workbook import load

    study = load(folder)
    out_findings(describe_interviews(study, gather(study)), as_json=as_json, study=study)


@interviews.command()
def doubtful(
    folder: Studies,
    question: Annotated[str, typer.Argument(help="Question whose coding is looked at.")],
    as_json: Json = False,
) -> None:
    """List the people on whose answer coders disagree: those that need a second look."""
    from winset.evidence import gather, list_agreement
    from winset.findings import Finding
    from winset.workbook import load

    study = load(folder)
    if question not in study.questions:
        raise UsageError(f"unknown question `{question}`{suggest(question, study.questions)}")
    pair = list_agreement(gather(study), question)
    if pair is None:
        raise UsageError(f"fewer than two coders judged anybody on `{question}`")
    said = f"{pair[1].height} people were judged differently; categories count from 0, least accepting."
    found = Finding(
        "doubtful", "Which statements need a second look?", said, pair[1], "for the coders only: it names speakers"
    )
    out_findings([found], as_json=as_json)


@interviews.command()
def quote(
    folder: Studies,
    locator: Annotated[str, typer.Argument(help="Locator of a row of the evidence, FILE#DOCUMENT:START-END.")],
) -> None:
    """Print the words behind a row of the evidence, from the files on this machine."""
    import polars as pl

    from winset.coding import read_coded
    from winset.evidence.codings import locate
    from winset.workbook import load

    study = load(folder)
    files, _, where = locator.partition("#")
    paths = [study.folder / Path(f).name for f in files.split("+")]
    coded = read_coded(paths)
    rows = coded.table.select("document", "start", "end", "quotation").unique(maintain_order=True)
    for r in rows.filter(pl.col("document").is_not_null()).iter_rows(named=True):
        if locate(files, r["document"], r["start"], r["end"]) == f"{files}#{where}":
            out(r["quotation"] or "(the file holds no words for this passage)")
            return
    raise UsageError(f"no passage `{where}` in {files}; locators stand in responses.parquet of a run")


@interviews.command()
def weigh(
    said: Annotated[int, typer.Argument(help="How many said so.")],
    of: Annotated[int, typer.Argument(help="Of how many who answered.")],
    silent: Annotated[int, typer.Option(help="How many more were asked and gave no answer.")] = 0,
    as_json: Json = False,
) -> None:
    """What "k of n said so" can tell, exactly."""
    from winset.evidence.small_samples import weigh_few

    few = weigh_few(said, of, silent=silent)
    if as_json:
        out_json(vars(few) | {"sentence": few.sentence})
        return
    out(few.sentence)
    low, high = few.jeffreys
    out(f"two-sided 95 %: {few.low:.3f} to {few.high:.3f} (Clopper-Pearson), {low:.3f} to {high:.3f} (Jeffreys)")


@interviews.command("list")
def list_experiment(
    file: Annotated[Path, typer.Argument(help="One row a person: CSV, .sav, .dta, Parquet.")],
    count: Annotated[str, typer.Option(help="Column: how many items the person agrees with.")],
    treated: Annotated[str, typer.Option(help="Column: 1 if the list held the sensitive item, else 0.")],
    items: Annotated[int, typer.Option(min=1, help="Control items.")],
    direct: Annotated[str | None, typer.Option(help="Column: 1 for yes to the same question asked directly.")] = None,
    false_answer: Annotated[
        str, typer.Option("--false", help="What those who falsify say when asked directly: no, yes.")
    ] = "no",
    deflation: Annotated[float, typer.Option(min=0, max=0.5, help="Agreement that lists lose by themselves.")] = 0.0,
    covariate: Annotated[list[str] | None, typer.Option(help="Numeric column for the model; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Estimate a list experiment: means, maximum likelihood, checks, combined with a direct question."""
    from winset.evidence.sensitive import read_list
    from winset.findings.sensitive import describe_list

    if false_answer not in {"no", "yes"}:
        raise UsageError("--false must be no (a view is denied) or yes (a view is professed)")
    data = read_list(file, count, treated, items, direct, covariate or [])
    out_findings(describe_list(data, false_answer, deflation), as_json=as_json)  # pyright: ignore[reportArgumentType]


def pseudonymise(folder: Path, key: Path | None) -> None:
    """Replace speakers in a study's interviews.csv by pseudonyms; the key is written apart, for its owner only."""
    from winset.evidence.pseudonyms import KEY, key_text, write_key
    from winset.evidence.pseudonyms import pseudonymise as replace_speakers
    from winset.runs.atomic import write_text
    from winset.workbook import load

    if folder.is_file():
        raise UsageError(
            f"{folder} is a workbook; write pseudonyms into its sheet Interviews, or `winset convert` it to a folder"
        )
    study = load(folder)
    target = key or folder.resolve().parent / f"{study.id}.{KEY}"
    if not target.name.endswith(KEY):
        raise UsageError(f"name the key so that it ends in `{KEY}`: such files are never copied into runs")
    for parent in (target.parent, *target.parent.parents):
        if (parent / "provenance.json").exists():
            raise UsageError(f"{parent} is a run folder; keep the key elsewhere")
    if not (folder / "interviews.csv").exists():
        raise MistakesError([Mistake(str(folder / "interviews.csv"), 0, "no such file; there is nobody to protect")])
    done = replace_speakers(folder, target)
    write_key(target, key_text(done.key))
    write_text(folder / "interviews.csv", done.text)
    out(f"{done.new} speakers got a pseudonym, {len(done.key) - done.new} had one; the key is {target} (keep it apart)")

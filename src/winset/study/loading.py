"""A folder of files -> a study, or all the mistakes in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from winset.errors import Mistake, StudyError, relative
from winset.study.checking import (
    check_codings,
    check_experiments,
    check_instruments,
    check_questions,
    check_study,
    check_war,
)
from winset.study.combinations import read_combinations
from winset.study.complaint import word_error
from winset.study.files import CodingsFile, ExperimentsFile, InstrumentsFile, QuestionsFile, StudyFile
from winset.study.history import read_history
from winset.study.question import YES_NO
from winset.study.results import read_results
from winset.study.rows import read_rows
from winset.study.several import spell_questions, spell_study
from winset.study.source import Source
from winset.study.study import Study
from winset.study.war import TalksFile, War
from winset.study.yamlfile import Lines, read_yaml
from winset.terms import Issue, Option, Package, Proposal, Space


def load(folder: str | Path) -> Study:
    """Read a study folder (study.yaml, and where present questions, instruments, experiments.yaml, sources.csv).

    Parameters
    ----------
    folder
        The folder, or the name of a study that ships with the package.

    Raises
    ------
    StudyError
        With every mistake in the folder, each with file, line and what to write instead.

    Examples
    --------
    >>> load("istanbul-2025")
    <Study istanbul-2025 as of 2025-06-05: 2 sides, 14 issues, 17 proposals>
    """
    folder = _find(Path(folder))
    sources, mistakes = _read_sources(folder / "sources.csv")
    told = sources if not mistakes else None
    study, lines, wrong = _read_study(folder)
    mistakes += wrong
    questions, question_lines, wrong = _read_optional(folder / "questions.yaml", QuestionsFile)
    mistakes += wrong
    instruments, instrument_lines, wrong = _read_optional(folder / "instruments.yaml", InstrumentsFile)
    mistakes += wrong
    experiments, experiment_lines, wrong = _read_optional(folder / "experiments.yaml", ExperimentsFile)
    mistakes += wrong
    codings, coding_lines, wrong = _read_optional(folder / "codings.yaml", CodingsFile)
    mistakes += wrong
    talks, talk_lines, wrong = _read_optional(folder / "talks.yaml", TalksFile)
    mistakes += wrong
    if questions is not None:
        questions = questions.model_copy(update={"scales": {"yes-no": YES_NO, **questions.scales}})
    space = None
    if study is not None:
        mistakes += check_study(study, lines, told)
        space, wrong = read_combinations(study, _space(study), lines)
        mistakes += wrong
        if questions is not None:
            questions, wrong = spell_questions(questions, study, question_lines)
            mistakes += wrong
            mistakes += check_questions(questions, question_lines, study)
    if instruments is not None:
        mistakes += check_instruments(instruments, instrument_lines)
    if (
        mistakes
        or study is None
        or space is None
        or questions is None
        or instruments is None
        or experiments is None
        or codings is None
        or talks is None
    ):
        raise StudyError(mistakes)
    mistakes += check_experiments(experiments, experiment_lines, study, questions, instruments, sources)
    mistakes += check_codings(codings, coding_lines, study, questions, instruments, sources)
    if talks.war is not None:
        mistakes += check_war(talks.war, talk_lines, study, sources, questions.questions)
    history, wrong = read_history(folder, study.sides, sources)
    mistakes += wrong
    results, wrong = read_results(folder, study, sources)
    mistakes += wrong
    if mistakes:
        raise StudyError(mistakes)
    return replace(
        _study(study, space, questions, instruments, experiments, codings, sources, folder),
        war=talks.war,
        history=history,
        results=results,
    )


def load_war(path: Path, study: Study) -> War:
    """The war and the scenarios of another talks.yaml, checked against a study.

    Raises
    ------
    StudyError
        With every mistake in the file.
    """
    talks, lines, mistakes = read_yaml(path, TalksFile)
    if talks is not None and talks.war is None:
        mistakes.append(
            Mistake(relative(path), 0, "says nothing of a war; `winset schema talks` shows what it must say")
        )
    if talks is not None and talks.war is not None:
        declared, _, wrong = _read_study(study.folder)
        mistakes += wrong
        if declared is not None:
            mistakes += check_war(talks.war, lines, declared, study.sources, study.questions)
    if mistakes or talks is None or talks.war is None:
        raise StudyError(mistakes)
    return talks.war


def shipped() -> dict[str, Path]:
    """Studies that come with the package, by name."""
    root = Path(__file__).parent.parent / "studies"
    return {p.name: p for p in sorted(root.iterdir()) if (p / "study.yaml").is_file() and not p.name.startswith("_")}


def _find(folder: Path) -> Path:
    if folder.is_dir():
        if not (folder / "study.yaml").exists():
            raise StudyError([Mistake(relative(folder), 0, "holds no study.yaml; `winset new DIR` writes one")])
        return folder
    if folder.is_file():
        raise StudyError([Mistake(relative(folder), 0, "is a file; name the folder that holds study.yaml")])
    if str(folder) in shipped():
        return shipped()[str(folder)]
    raise StudyError(
        [Mistake(str(folder), 0, f"no such folder; studies that ship with winset: {', '.join(shipped())}")],
    )


def _read_study(folder: Path) -> tuple[StudyFile | None, Lines, list[Mistake]]:
    study, lines, mistakes = read_yaml(folder / "study.yaml", StudyFile)
    if study is None:
        return None, lines, mistakes
    spelt, wrong = spell_study(study, lines)
    return spelt, lines, [*mistakes, *wrong]


def _read_optional(path: Path, model: type) -> tuple:
    if path.exists():
        return read_yaml(path, model)
    return model(), Lines(relative(path), None), []


def _read_sources(path: Path) -> tuple[dict[str, Source], list[Mistake]]:
    if not path.exists():
        return {}, []
    rows, mistakes = read_rows(path, ("id", "publisher", "title"), ("date", "url"))
    sources: dict[str, Source] = {}
    for row in rows:
        if row["id"] in sources:
            mistakes.append(row.mistake(f"source `{row['id']}` stands twice"))
            continue
        try:
            sources[row["id"]] = Source.model_validate(row.cells)
        except ValidationError as error:
            mistakes += [row.mistake(word_error(e, Source, None, str(e["loc"][0]))) for e in error.errors()]
    return sources, mistakes


def _space(study: StudyFile) -> Space:
    issues = study.issues.items()
    options = {i: tuple(Option(o, x.label, x.meaning, x.searched) for o, x in e.options.items()) for i, e in issues}
    return Space(tuple(Issue(i, e.label, options[i], e.searched) for i, e in issues))


def _study(
    study: StudyFile,
    space: Space,
    questions: QuestionsFile,
    instruments: InstrumentsFile,
    experiments: ExperimentsFile,
    codings: CodingsFile,
    sources: dict[str, Source],
    folder: Path,
) -> Study:
    proposals = {
        p: Proposal(p, e.label, e.sponsor, e.date, Package.of(e.terms), e.source, e.status, e.not_read)
        for p, e in study.proposals.items()
    }
    return Study(
        id=study.study,
        title=study.title,
        question=study.question,
        as_of=study.as_of,
        space=space,
        sides=study.sides,
        proposals=proposals,
        scales=questions.scales,
        questions=questions.questions,
        instruments=instruments.instruments,
        sources=sources,
        folder=folder,
        notes=study.notes,
        experiments=experiments.experiments,
        codings=codings.codings,
        minimum_count=study.minimum_count,
        quotations=study.quotations,
        wholes=study.wholes,
    )

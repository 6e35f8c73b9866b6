"""A folder of files -> a study, or all the mistakes in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
from winset.study.electorates import join_electorates
from winset.study.files import MODELS, StudyFile
from winset.study.history import read_history
from winset.study.question import PLAIN, READY_SCALES
from winset.study.results import read_results
from winset.study.rows import read_rows
from winset.study.salvage import NO_GROUP
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
    read = _read_files(folder)
    mistakes = [m for m in [*read.mistakes, *_check_declared(read)] if not _follows(m, read.dropped)]
    rest = _studied(read, folder) if read.complete else None
    if rest is None:
        raise StudyError(mistakes)
    history, wrong = read_history(folder, rest.sides, rest.sources)
    mistakes += wrong
    results, wrong = read_results(folder, read.of("study"), rest.sources)
    mistakes += wrong
    if mistakes:
        told = [m for m in mistakes if not _follows(m, read.dropped)]
        rest, unusable = _without_unusable(rest)
        raise StudyError(told, rest if read.sources_known or read.sources else None, (*read.dropped, *unusable))
    return replace(rest, war=read.of("talks").war, history=history, results=results)


@dataclass
class _Files:
    """What was read of a folder: models, or what is left of them where they hold mistakes."""

    models: dict[str, Any]
    lines: dict[str, Lines]
    sources: dict[str, Source]
    sources_known: bool
    mistakes: list[Mistake]
    space: Space | None = None

    def of(self, file: str) -> Any:
        """Model of a file, None where nothing can be said of it."""
        return self.models[file]

    @property
    def complete(self) -> bool:
        """Whether something can be said of every file."""
        return self.space is not None and all(m is not None for m in self.models.values())

    @property
    def dropped(self) -> tuple[str, ...]:
        """Ids of entries that were taken out because they are wrong."""
        return tuple(d for lines in self.lines.values() for d in lines.dropped)


def _read_files(folder: Path) -> _Files:
    sources, mistakes = _read_sources(folder / "sources.csv")
    read = _Files({}, {}, sources, not mistakes, mistakes)
    for name, model in MODELS.items():
        path = folder / f"{name}.yaml"
        found, lines, wrong = _read_study(folder) if name == "study" else _read_optional(path, model)
        read.models[name], read.lines[name] = found if found is not None else lines.rest, lines
        mistakes += wrong
    if (questions := read.of("questions")) is not None:
        used = {PLAIN, *(q.scale for q in questions.questions.values())}
        ready = {name: scale for name, scale in READY_SCALES.items() if name in used}
        scales = {"scales": {**ready, **questions.scales}}
        read.models["questions"] = questions.model_copy(update=scales)
    return read


def _follows(mistake: Mistake, dropped: Collection[str]) -> bool:
    """Whether a mistake only follows from an entry that is missing because it is wrong itself."""
    if NO_GROUP in dropped and f"`{NO_GROUP}`" in mistake.message:
        return True
    return mistake.message.startswith("unknown") and any(f"`{d}`" in mistake.message.split(";")[0] for d in dropped)


def _check_declared(read: _Files) -> list[Mistake]:
    """Mistakes that need more than one place to be seen; fills the space and spells out the questions on the way."""
    study, questions, lines = read.of("study"), read.of("questions"), read.lines
    mistakes: list[Mistake] = []
    if study is not None:
        mistakes += check_study(study, lines["study"], read.sources if read.sources_known else None)
        read.space, wrong = read_combinations(study, _space(study), lines["study"])
        mistakes += wrong
        if questions is not None:
            questions, wrong = spell_questions(questions, study, lines["questions"])
            read.models["questions"] = questions
            mistakes += [*wrong, *check_questions(questions, lines["questions"], study)]
    if (instruments := read.of("instruments")) is not None:
        mistakes += check_instruments(instruments, lines["instruments"])
    return [*mistakes, *_check_rest(read)] if read.complete else mistakes


def _check_rest(read: _Files) -> list[Mistake]:
    """Mistakes of the files that name questions and instruments."""
    study, questions, instruments, experiments, codings, talks = (read.of(f) for f in MODELS)
    lines, sources = read.lines, read.sources
    war = [] if talks.war is None else check_war(talks.war, lines["talks"], study, sources, questions.questions)
    return [
        *check_experiments(experiments, lines["experiments"], study, questions, instruments, sources),
        *check_codings(codings, lines["codings"], study, questions, instruments, sources),
        *war,
    ]


def _without_unusable(study: Study) -> tuple[Study, tuple[str, ...]]:
    """A study without the questions that no row of evidence can be read by, and their ids."""
    usable = {
        q: x for q, x in study.questions.items() if x.scale in study.scales and all(s in study.sides for s in x.sides)
    }
    return replace(study, questions=usable), tuple(q for q in study.questions if q not in usable)


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
            inside = folder / "study"
            wanted = f"name its study: {relative(inside)}" if inside.is_dir() else "`winset new DIR` writes one"
            raise StudyError([Mistake(relative(folder), 0, f"holds no study.yaml; {wanted}")])
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
        if lines.rest is not None:
            lines.rest, wrong = spell_study(lines.rest, lines)
            mistakes = [*mistakes, *wrong]
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
            mistakes.append(row.mistake(f"source `{row['id']}` stands twice", "id"))
            continue
        try:
            sources[row["id"]] = Source.model_validate(row.cells)
        except ValidationError as error:
            mistakes += [
                row.mistake(word_error(e, Source, None, str(e["loc"][0])), str(e["loc"][0])) for e in error.errors()
            ]
    return sources, mistakes


def _space(study: StudyFile) -> Space:
    issues = study.issues.items()
    options = {i: tuple(Option(o, x.label, x.meaning, x.searched) for o, x in e.options.items()) for i, e in issues}
    return Space(tuple(Issue(i, e.label, options[i], e.searched) for i, e in issues))


def _studied(read: _Files, folder: Path) -> Study:
    study, questions = read.of("study"), read.of("questions")
    proposals = {
        p: Proposal(p, e.label, e.sponsor, e.date, Package.of(e.terms), e.source, e.status, e.not_read)
        for p, e in study.proposals.items()
    }
    return Study(
        id=study.study,
        title=study.title,
        question=study.question,
        as_of=study.as_of,
        space=read.space,  # pyright: ignore[reportArgumentType]
        sides=join_electorates(study.sides, study.wholes),
        proposals=proposals,
        scales=questions.scales,
        questions=questions.questions,
        instruments=read.of("instruments").instruments,
        sources=read.sources,
        folder=folder,
        notes=study.notes,
        experiments=read.of("experiments").experiments,
        codings=read.of("codings").codings,
        minimum_count=study.minimum_count,
        quotations=study.quotations,
        wholes=study.wholes,
        asked=study.asked,
    )

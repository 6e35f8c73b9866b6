"""What no package may combine, as study.yaml says it under ``never`` and ``only_with``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from winset.errors import Mistake, UsageError
from winset.study.files import StudyFile
from winset.study.yamlfile import Lines
from winset.terms import AnyConstraint, Space, check_constraint, parse_constraint, parse_exclusion, spell_constraint

Place = tuple[str, int]


def read_combinations(study: StudyFile, space: Space, lines: Lines) -> tuple[Space, list[Mistake]]:
    """The space with what may not be combined in it, and every mistake in what the study says of that."""
    found, mistakes = _parse(study, space, lines)
    where = {c: place for place, c in found.items()}
    bound = Space(space.issues, tuple(where))
    if mistakes:
        return bound, mistakes
    return bound, [*_check_some_left(bound, where, lines), *_check_proposals(study, where, lines)]


def _parse(study: StudyFile, space: Space, lines: Lines) -> tuple[dict[Place, AnyConstraint], list[Mistake]]:
    options = {i.id: [o.id for o in i.options] for i in space.issues}
    found: dict[Place, AnyConstraint] = {}
    mistakes = []
    texts = [(("never", n), parse_exclusion, text) for n, text in enumerate(study.never)]
    texts += [(("only_with", n), parse_constraint, text) for n, text in enumerate(study.only_with)]
    for place, parse, text in texts:
        try:
            found[place] = spell_constraint(parse(text), options)
            check_constraint(found[place], options)
        except UsageError as error:
            mistakes.append(lines.mistake(place, str(error)))
    return found, mistakes


def _check_some_left(space: Space, where: Mapping[AnyConstraint, Place], lines: Lines) -> Iterator[Mistake]:
    """Some package must be left, in what the search settles too."""
    try:
        against = space.contradiction() or space.searched().contradiction()
    except UsageError as error:
        yield lines.mistake(next(iter(where.values())), str(error))
        return
    if against:
        said = ", ".join(f"`{c}` ({lines.where(where[c])})" for c in against)
        yield lines.mistake(where[against[0]], f"no package is left that keeps to {said}; leave one of them out")


def _check_proposals(study: StudyFile, where: Mapping[AnyConstraint, Place], lines: Lines) -> Iterator[Mistake]:
    """What is on record can be combined."""
    for p, proposal in study.proposals.items():
        for c, place in where.items():
            if not c.holds(proposal.terms):
                said = f"`{p}` is on record and breaks `{c}` ({place[0]}, {lines.where(place)})"
                yield lines.mistake(("proposals", p, "terms"), f"{said}; mend its terms, or leave the constraint out")

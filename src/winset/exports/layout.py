"""How to read one file of judged packages, from a study or from a command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from winset.study import Experiment, Wide


@dataclass(frozen=True)
class Layout:
    """Which column is what.

    Parameters
    ----------
    respondent, outcome, task, profile
        Columns of a long file; of a wide one only the respondent.
    attributes
        Columns of levels.
    keep
        Columns that are carried along: weights, groups, features of respondents.
    where, fill_down, partial, names_profile
        As in ``experiments.yaml``.
    """

    respondent: str
    outcome: str
    attributes: tuple[str, ...]
    task: str | None = None
    profile: str | None = None
    keep: tuple[str, ...] = ()
    wide: Wide | None = None
    where: dict[str, str] = field(default_factory=dict)
    fill_down: tuple[str, ...] = ()
    partial: bool = False
    names_profile: bool = False

    @property
    def columns(self) -> list[str]:
        """Columns of a long file that are read."""
        own = [self.outcome, self.respondent, *self.attributes, *self.keep, *self.where, *self.fill_down]
        return list(dict.fromkeys([*own, *(c for c in (self.task, self.profile) if c)]))


def layout_of(experiment: Experiment, keep: Sequence[str] = ()) -> Layout:
    """What a study's experiment says of its file."""
    return Layout(
        respondent=experiment.respondent,
        outcome=experiment.outcome,
        attributes=tuple(experiment.attributes),
        task=experiment.task,
        profile=experiment.profile,
        keep=tuple(dict.fromkeys(keep)),
        wide=experiment.wide,
        where=dict(experiment.where),
        fill_down=experiment.fill_down,
        partial=experiment.partial,
        names_profile=experiment.names_profile,
    )

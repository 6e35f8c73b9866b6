"""An item on the table and its possible settlements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One possible settlement of an issue.

    Parameters
    ----------
    id
        Stable name used in files and on the command line.
    label
        Short name for tables.
    meaning
        One line that says what the option settles.
    searched
        Whether the search over whole packages may choose it.
    """

    id: str
    label: str
    meaning: str = ""
    searched: bool = True


@dataclass(frozen=True)
class Issue:
    """An item on the table with its options in the order declared.

    An issue that is not ``searched`` stays open when whole packages are enumerated.
    """

    id: str
    label: str
    options: tuple[Option, ...]
    searched: bool = True

    def index(self, option: str) -> int:
        """Position of an option.

        Raises
        ------
        KeyError
            If the issue has no such option.
        """
        for i, o in enumerate(self.options):
            if o.id == option:
                return i
        raise KeyError(option)

"""Names of a package that are imported when they are first used."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def late(
    package: str, where: Mapping[str, Iterable[str]], inside: Mapping[str, str] | None = None
) -> Callable[[str], Any]:
    """A module's ``__getattr__`` (PEP 562) for names that stand in modules of it.

    Parameters
    ----------
    where
        Names by module.
    inside
        What a name is called in its module, where that is another name.
    """
    modules = {name: module for module, names in where.items() for name in names}

    def find(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{modules[name]}"), (inside or {}).get(name, name))

    return find

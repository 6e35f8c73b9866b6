"""Where a fact was read."""

from __future__ import annotations

from winset.study.declared import Declared, Id, Text


class Source(Declared):
    """A publication that a row of evidence or a proposal rests on."""

    id: Id
    publisher: Text
    title: Text
    date: str = ""
    url: str = ""

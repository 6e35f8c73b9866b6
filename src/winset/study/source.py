"""Where a fact was read."""

from __future__ import annotations

from winset.study.declared import Declared, Id, Text

INVENTED = "(invented)"
"""How titles of the example end that a new study is filled with, until somebody writes over them."""


class Source(Declared):
    """A publication that a row of evidence or a proposal rests on."""

    id: Id
    publisher: Text
    title: Text
    date: str = ""
    url: str = ""

    @property
    def invented(self) -> bool:
        """Whether it is one of the example that a new study starts with."""
        return self.title.endswith(INVENTED)

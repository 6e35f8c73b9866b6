"""Texts that are English as they stand and remember how they were made, so that they can be told in another language.

``tr("{side}: no question", side=label)`` is a ``str`` that reads as English everywhere: JSON, console and annex need no care.
``Language.say`` tells it again from a gettext catalogue. Whole sentences with named places are written, so that a language may
put them in its own order; labels that a study's author wrote stay as they are.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import io
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from winset.errors import UsageError, suggest

CATALOGUES = Path(str(files("winset"))) / "locale"
"""One ``.po`` file a language: another one that lies there is another language."""
FIRST_STRONG, POP = "\u2068", "\u2069"
"""Marks around a text that runs in the direction of its own first letter."""


@dataclass(frozen=True)
class Language:
    """A language, and its catalogue.

    Parameters
    ----------
    code
        As in the ``lang`` attribute of a page: ``fr``, ``uk``.
    locale
        What dates and numbers follow.
    """

    code: str
    locale: str
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations, repr=False, compare=False)

    @property
    def name(self) -> str:
        """What its speakers call it."""
        from babel import Locale

        known = Locale.parse(self.code, sep="-")
        return (known.get_display_name(known) or self.code).capitalize()

    @functools.cached_property
    def right_to_left(self) -> bool:
        """Whether it is written from right to left."""
        if self.code == "en":
            return False
        from babel import Locale

        return Locale.parse(self.code, sep="-").text_direction == "rtl"

    def say(self, text: str) -> str:
        """A text in this language, where it remembers how it was made; any other stays as it is.

        Where one reads from right to left it is marked as a text apart, so that a Latin label turns no sentence round and
        English that nobody translated keeps its full stop at its end.
        """
        said = self.tell(text)
        return f"{FIRST_STRONG}{said}{POP}" if self.right_to_left and said else said

    def tell(self, text: str) -> str:
        """The same without marks."""
        return text.made.tell(self) if isinstance(text, Text) else text

    def forms(self) -> dict[str, list[str]]:
        """Every text that the catalogue has, in all its forms, by the English one."""
        found: dict[str, list[str]] = {}
        for told, said in getattr(self.catalogue, "_catalog", {}).items():  # gettext has no other way to all of it
            found.setdefault(told[0] if isinstance(told, tuple) else told, []).append(said)
        return {told: said for told, said in found.items() if told}

    def plural(self, n: int) -> int:
        """Which of the catalogue's forms goes with a number."""
        rule = getattr(self.catalogue, "plural", None)  # what NullTranslations lacks
        return int(rule(n)) if rule else int(n != 1)


class Made(Protocol):
    """What a text is made of."""

    def tell(self, language: Language) -> str:
        """The text in a language."""
        ...


class Text(str):
    """An English text that can be told in another language."""

    made: Made

    def __new__(cls, made: Made) -> Text:
        """Its value is the English one."""
        text = super().__new__(cls, made.tell(ENGLISH))
        text.made = made
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        return Text, (self.made,)


@dataclass(frozen=True)
class _Phrase:
    """A sentence of the catalogue with values in its places; with ``many``, the form that goes with ``n``."""

    one: str
    many: str
    n: int
    values: Mapping[str, Any]

    def tell(self, language: Language) -> str:
        catalogue = language.catalogue
        if not self.one:  # gettext would answer with the catalogue's head
            return ""
        text = catalogue.ngettext(self.one, self.many, self.n) if self.many else catalogue.gettext(self.one)
        said = {k: language.say(v) if isinstance(v, str) else v for k, v in self.values.items()}
        return text.format(**said)


@dataclass(frozen=True)
class _Number:
    value: float
    places: int

    def tell(self, language: Language) -> str:
        if language.code == "en":
            return f"{self.value:,.{self.places}f}"
        from babel.numbers import format_decimal

        zeros = f".{'0' * self.places}" if self.places else ""
        return format_decimal(f"{self.value:.{self.places}f}", f"#,##0{zeros}", locale=language.locale)


@dataclass(frozen=True)
class _Day:
    value: dt.date

    def tell(self, language: Language) -> str:
        if language.code == "en":
            return f"{self.value:%-d %B %Y}"
        from babel.dates import format_date

        return format_date(self.value, "long", locale=language.locale)


@dataclass(frozen=True)
class _Joined:
    parts: tuple[str, ...]
    between: str

    def tell(self, language: Language) -> str:
        return language.tell(self.between).join(language.say(p) for p in self.parts)


@dataclass(frozen=True)
class _Capital:
    text: str

    def tell(self, language: Language) -> str:
        said = language.tell(self.text)
        return said[:1].upper() + said[1:]


@dataclass(frozen=True)
class _Elsewhere:
    english: str
    other: str

    def tell(self, language: Language) -> str:
        return self.english if language.code == "en" else language.tell(self.other)


ENGLISH = Language("en", "en_GB")


def tr(text: str, **values: Any) -> Text:
    """A text of the catalogue.

    Examples
    --------
    >>> tr("{side}, no question on: {terms}.", side="North", terms="Water")
    'North, no question on: Water.'
    """
    return Text(_Phrase(text, "", 0, values))


def trn(one: str, many: str, n: int, **values: Any) -> Text:
    """A text of the catalogue in the form that goes with a number, which stands at ``{n}``.

    Examples
    --------
    >>> trn("{n} point", "{n} points", 1), trn("{n} point", "{n} points", 2)
    ('1 point', '2 points')
    """
    return Text(_Phrase(one, many, n, {"n": number(n), **values}))


def number(value: float, places: int = 0) -> Text:
    """A number with the language's separators: the digits are the same in all.

    Examples
    --------
    >>> number(1600), number(2.25, 1)
    ('1,600', '2.2')
    """
    return Text(_Number(value, places))


def day(date: dt.date) -> Text:
    """A date, its month by name.

    Examples
    --------
    >>> day(dt.date(2025, 6, 5))
    '5 June 2025'
    """
    return Text(_Day(date))


def join(parts: Iterable[str], between: str) -> Text:
    """Parts of a list, or sentences, one after the other."""
    return Text(_Joined(tuple(parts), between))


def capital(text: str) -> Text:
    """A text as the beginning of a sentence."""
    return Text(_Capital(text))


def elsewhere(english: str, other: str) -> Text:
    """An English text as it is, and another one in all other languages."""
    return Text(_Elsewhere(english, other))


KINDS = {kind.__name__: kind for kind in (_Phrase, _Number, _Day, _Joined, _Capital, _Elsewhere)}
"""What texts are made of, by name."""


def to_plain(text: Any) -> Any:
    """A text, or a value in it, as JSON keeps it; ``from_plain`` reads it again.

    Raises
    ------
    TypeError
        If it holds a value that JSON has no form for.
    """
    if isinstance(text, Text):
        parts = {f.name: to_plain(getattr(text.made, f.name)) for f in fields(text.made)}  # pyright: ignore[reportArgumentType]
        return {"made": type(text.made).__name__, **parts}
    if isinstance(text, Mapping):
        return {"values": {k: to_plain(v) for k, v in text.items()}}
    if isinstance(text, tuple):
        return [to_plain(t) for t in text]
    if isinstance(text, dt.date):
        return {"day": text.isoformat()}
    if text is None or isinstance(text, str | bool | int | float):
        return text
    raise TypeError(f"{type(text).__name__} has no form in JSON")


def from_plain(plain: Any) -> Any:
    """What ``to_plain`` wrote.

    Examples
    --------
    >>> from_plain(to_plain(tr("{n} of {all}", n=number(1600), all="2,000")))
    '1,600 of 2,000'
    """
    if isinstance(plain, list):
        return tuple(from_plain(p) for p in plain)
    if not isinstance(plain, dict):
        return plain
    if "made" in plain:
        return Text(KINDS[plain["made"]](**{k: from_plain(v) for k, v in plain.items() if k != "made"}))
    if "day" in plain:
        return dt.date.fromisoformat(plain["day"])
    return {k: from_plain(v) for k, v in plain["values"].items()}


COMMA, SEMICOLON, AND, OR = tr(", "), tr("; "), tr(" and "), tr(" or ")
"""What stands between the parts of a list."""


def list_languages(folder: Path = CATALOGUES) -> tuple[str, ...]:
    """Codes of the languages that there are, English first."""
    return ("en", *sorted(p.stem for p in folder.glob("*.po")))


@functools.cache
def find_language(name: str, folder: Path = CATALOGUES) -> Language:
    """A language by its code, or by the path of a catalogue: ``de.po``.

    Raises
    ------
    UsageError
        If there is no such language, or its catalogue cannot be used.
    """
    if name == "en":
        return ENGLISH
    path = Path(name) if name.endswith(".po") else folder / f"{name}.po"
    if not path.is_file():
        known = list_languages(folder)
        raise UsageError(f"no language `{name}`{suggest(name, known)}; a catalogue may be named: --language de.po")
    return _read(path)


def _read(path: Path) -> Language:
    """A catalogue of texts, compiled in memory: nobody has to build anything."""
    from babel import Locale, UnknownLocaleError
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    compiled = io.BytesIO()
    try:
        with path.open("rb") as file:
            found = read_po(file, abort_invalid=True)
        code = str(found.locale_identifier or path.stem).replace("_", "-")
        Locale.parse(code, sep="-")
        write_mo(compiled, found)
    except (PoFileError, UnknownLocaleError, ValueError, OSError) as error:
        raise UsageError(f"{path} is no catalogue of texts that can be read ({error})") from None
    for message in found:
        if message.id and not message.fuzzy:
            _check(path, message.id, message.string)
    compiled.seek(0)
    return Language(code, code.replace("-", "_"), gettext.GNUTranslations(compiled))


def _check(path: Path, told: Any, said: Any) -> None:
    """A translation has the places of its text; a form for one number may leave the number out."""
    texts: list[str] = [told] if isinstance(told, str) else list(told)
    asked = set().union(*(list_places(t) for t in texts))
    for form in said if isinstance(said, tuple | list) else (said,):
        if form and not asked - ({"n"} if len(texts) > 1 else set()) <= list_places(form) <= asked:
            places = ", ".join(f"{{{a}}}" for a in sorted(asked)) or "no place in braces"
            raise UsageError(f"{path}: “{form}” must hold {places}, as “{texts[-1]}” does")


def list_places(text: str) -> set[str]:
    """Names of the places of a text.

    Examples
    --------
    >>> sorted(list_places("{n} of {all}"))
    ['all', 'n']
    """
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}

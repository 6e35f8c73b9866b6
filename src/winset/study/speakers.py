"""Who may speak for or against an offer: leaders, parties and further leaders of any side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from winset.errors import UsageError, suggest
from winset.study.question import LEADER, Stand
from winset.study.side import Side

Relation = Literal["leader", "voice", "other"]
"""What a speaker is to those who hear: their own leader, a voice of their own side, or somebody of another side."""


@dataclass(frozen=True)
class Speaker:
    """Somebody whose word may move people.

    Parameters
    ----------
    id
        A side's id for its leader, or a voice's id.
    side
        Whose he is.
    """

    id: str
    side: str
    label: str
    leads: bool

    def relation(self, side: str) -> Relation:
        """What he is to people of a side."""
        if side != self.side:
            return "other"
        return "leader" if self.leads else "voice"


def list_speakers(sides: Mapping[str, Side]) -> tuple[Speaker, ...]:
    """Every leader, then every voice, in the order declared."""
    leaders = [Speaker(s, s, side.leader.label, leads=True) for s, side in sides.items()]
    voices = [Speaker(v, s, x.label, leads=False) for s, side in sides.items() for v, x in side.voices.items()]
    return (*leaders, *voices)


def find_speaker(name: str, side: str, speakers: tuple[Speaker, ...]) -> int:
    """Number of a speaker as people of a side would name him: ``leader`` is their own.

    Raises
    ------
    UsageError
        If nobody has that name.
    """
    wanted = side if name == LEADER else name
    for n, speaker in enumerate(speakers):
        if speaker.id == wanted:
            return n
    known = [LEADER, *(x.id for x in speakers)]
    raise UsageError(f"nobody named `{name}` is declared{suggest(name, known)}; voices are declared at their side")


def contradict_words(endorsed: Iterable[str], sides: Iterable[str], speakers: tuple[Speaker, ...]) -> Iterator[str]:
    """Sentences on words of somebody unknown, and of somebody whom people of a side would hear twice."""
    sides, unknown = tuple(sides), set()
    for name in endorsed:
        try:
            find_speaker(name, sides[0], speakers)
        except UsageError as error:
            unknown.add(name)
            yield str(error)
    for side in sides:
        heard: dict[int, str] = {}
        for name in (n for n in endorsed if n not in unknown):
            before = heard.setdefault(find_speaker(name, side, speakers), name)
            if before != name:
                yield f"`{before}` and `{name}` are one speaker to the people of `{side}`; name each one once"


def parse_endorsed(text: str) -> dict[str, Stand]:
    """Read ``leader`` or ``leader:for,party:against``; a name alone speaks for the offer.

    Raises
    ------
    UsageError
        If a stand is neither ``for`` nor ``against``.

    Examples
    --------
    >>> parse_endorsed("leader, unity:against")
    {'leader': 'for', 'unity': 'against'}
    """
    found: dict[str, Stand] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, stand = (s.strip() for s in part.partition(":"))
        if stand not in ("", "for", "against"):
            raise UsageError(f"`{part}`: write {name}:for or {name}:against")
        found[name] = "against" if stand == "against" else "for"
    return found

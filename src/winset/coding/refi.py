"""REFI-QDA projects (.qdpx, .qde) and codebooks (.qdc), of NVivo, ATLAS.ti, MAXQDA, QualCoder and others.

Source: REFI-QDA standard 1.5 (2019), namespaces urn:QDA-XML:project:1.0 and urn:QDA-XML:codebook:1.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from winset.coding.archive import Archive, UnreadableError, decode, open_archive, parse_xml
from winset.coding.coded import JOINT, ONE_CODER, Coded, Passage, gather_codings
from winset.coding.offsets import Document, Marked, read_offsets

WITHOUT_TEXT = {
    "PictureSelection": "parts of pictures",
    "PDFSelection": "areas of PDF pages without their text",
    "AudioSelection": "stretches of sound",
    "VideoSelection": "stretches of film",
    "TranscriptSelection": "stretches of transcripts between sync points",
}
SHOWN = 3
"""Shifted passages quoted in one mistake."""


@dataclass
class _Project:
    """Lookup tables of one project while it is read."""

    users: dict[str, str]
    codes: dict[str, str]
    variables: dict[str, str]
    speaker_of: dict[str, list[str]] = field(default_factory=dict)
    cases: list[tuple[str, str, str]] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)


def read_project(path: Path) -> Coded:
    """Read a project, zipped (.qdpx) or bare (.qde, which holds no texts to check against).

    Raises
    ------
    UnreadableError
        If it is no project, a source is missing, or offsets do not point at what they name.
    """
    if path.suffix.lower() == ".qde":
        return _read(parse_xml(path.read_bytes()), None)
    archive = open_archive(path)
    inner = archive.names(".qde")
    if not inner:
        raise UnreadableError("holds no project (.qde); choose REFI-QDA (QDPX) when exporting")
    return _read(parse_xml(archive.read(inner[0])), archive)


def read_codebook(path: Path) -> Coded:
    """Read a codebook (.qdc): codes, no passages.

    Raises
    ------
    UnreadableError
        If it is no codebook.
    """
    root = parse_xml(path.read_bytes())
    if _name(root) != "CodeBook":
        raise UnreadableError(f"is no REFI-QDA codebook (its root is <{_name(root)}>)")
    codes = {name: text for _, name, text in _codes(root)}
    return gather_codings([], (), codes, (), ["a codebook: codes only, no passages"])


def _read(root: etree._Element, archive: Archive | None) -> Coded:
    if _name(root) != "Project":
        raise UnreadableError(f"is no REFI-QDA project (its root is <{_name(root)}>)")
    listed = list(_codes(root))
    users = {_id(u.get("guid")): u.get("name") or u.get("id") or _id(u.get("guid")) for u in _all(root, "User")}
    variables = {_id(v.get("guid")): v.get("name", "") for v in _all(root, "Variable")}
    project = _Project(users, {g: n for g, n, _ in listed}, variables)
    _read_cases(root, project)
    for source in _all(root, "TextSource", "Representation", "Transcript"):
        if not _name(source.getparent()).endswith("Selection"):
            _read_source(source, project, archive)
    for area in _all(root, "PDFSelection"):
        _read_area(area, project, archive)
    for source in _all(root, "PictureSource", "PDFSource", "AudioSource", "VideoSource"):
        if not any(_name(child) in {"Representation", "Transcript"} for child in source):
            project.documents.append(source.get("name") or _id(source.get("guid")))
    idle = sorted(set(project.users.values()) - {p.coder for p in project.passages})
    if idle:
        project.notes.append(f"{', '.join(idle)}: no coded passage of text")
    for kind, what in WITHOUT_TEXT.items():
        count = sum(1 for s in _all(root, kind) if not _representation(s) for _ in _children(s, "Coding"))
        if count:
            project.notes.append(f"{count} codings of {what} hold no text and were not read")
    codes = {name: text for _, name, text in listed}
    return gather_codings(project.passages, project.cases, codes, project.documents, project.notes)


def _codes(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Id, path and description of every code; nested codes carry their parents' names."""

    def walk(node: etree._Element, above: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
        for code in _children(node, "Code"):
            path = (*above, code.get("name", ""))
            text = next(((d.text or "").strip() for d in _children(code, "Description")), "")
            yield _id(code.get("guid")), JOINT.join(path), text
            yield from walk(code, path)

    for codes in _all(root, "Codes"):
        yield from walk(codes, ())


def _read_cases(root: etree._Element, project: _Project) -> None:
    for case in _all(root, "Case"):
        name = case.get("name") or _id(case.get("guid"))
        for ref in _children(case, "SourceRef", "SelectionRef"):
            project.speaker_of.setdefault(_id(ref.get("targetGUID")), []).append(name)
        project.cases += [(name, a, v) for a, v in _values(case, project)]


def _values(node: etree._Element, project: _Project) -> Iterator[tuple[str, str]]:
    for value in _children(node, "VariableValue"):
        ref = next((_id(r.get("targetGUID")) for r in _children(value, "VariableRef")), "")
        text = next((c.text for c in value if _name(c).endswith("Value") and c.text), None)
        if text is not None:
            yield project.variables.get(ref, ref), text.strip()


def _read_source(source: etree._Element, project: _Project, archive: Archive | None) -> None:
    parent = source.getparent()
    inner = _name(source) in {"Representation", "Transcript"} and parent is not None
    outer = parent if inner and parent is not None else source
    name = source.get("name") or outer.get("name") or _id(source.get("guid"))
    project.documents.append(name)
    ids = [_id(source.get("guid")), _id(outer.get("guid"))]
    fallback = _speaker(name, ids, project)
    if outer is source or next(_values(outer, project), None):
        project.cases += [(fallback, a, v) for a, v in _values(outer, project)]
    for coding in _children(source, "Coding"):
        project.passages += _passages(coding, None, name, (None, None), "", fallback, project)
    selections = list(_children(source, "PlainTextSelection"))
    if not selections:
        return
    text, spans = _spans(source, name, selections, project, archive)
    for selection, (start, end) in zip(selections, spans, strict=True):
        said = text[start:end] if text is not None else selection.get("name", "")
        own = project.speaker_of.get(_id(selection.get("guid")), [])
        speaker = own[0] if own else fallback
        for coding in _children(selection, "Coding"):
            project.passages += _passages(coding, selection, name, (start, end), said, speaker, project)


def _representation(area: etree._Element) -> list[etree._Element]:
    """Text of an area of a page, where the program wrote it down."""
    return list(_children(area, "Representation"))


def _read_area(area: etree._Element, project: _Project, archive: Archive | None) -> None:
    """Codings of an area of a PDF page: its words, without offsets, which programs count in page coordinates."""
    source = area.getparent()
    assert source is not None
    for text in _representation(area):
        name = source.get("name") or _id(source.get("guid"))
        found = _text(text, name, archive)
        own = project.speaker_of.get(_id(area.get("guid")), [])
        speaker = own[0] if own else _speaker(name, [_id(source.get("guid"))], project)
        for coding in _children(area, "Coding"):
            said = found.text if found else ""
            project.passages += _passages(coding, area, name, (None, None), said, speaker, project)


def _speaker(name: str, ids: list[str], project: _Project) -> str:
    """The case of a source; a source with several cases is itself the speaker unless passages say otherwise."""
    cases = list(dict.fromkeys(c for i in ids for c in project.speaker_of.get(i, [])))
    if len(cases) > 1:
        project.notes.append(
            f"`{name}` belongs to {len(cases)} cases; passages without a case of their own count as `{name}`"
        )
    return cases[0] if len(cases) == 1 else name


def _passages(
    coding: etree._Element,
    selection: etree._Element | None,
    document: str,
    span: tuple[int | None, int | None],
    said: str,
    speaker: str,
    project: _Project,
) -> Iterator[Passage]:
    user = coding.get("creatingUser") or (selection.get("creatingUser") if selection is not None else None)
    coder = project.users.get(_id(user), _id(user) or ONE_CODER)
    for ref in _children(coding, "CodeRef"):
        target = _id(ref.get("targetGUID"))
        if target not in project.codes:
            raise UnreadableError(f"a coding in `{document}` names a code that the codebook lacks ({target})")
        yield Passage(document, *span, said, project.codes[target], coder, speaker)


def _spans(
    source: etree._Element, name: str, selections: list[etree._Element], project: _Project, archive: Archive | None
) -> tuple[str | None, tuple[tuple[int, int], ...]]:
    try:
        marked = [
            Marked(int(s.get("startPosition", "")), int(s.get("endPosition", "")), s.get("name", ""))
            for s in selections
        ]
    except ValueError:
        raise UnreadableError(f"a selection in `{name}` has offsets that are no numbers") from None
    text = _text(source, name, archive)
    if text is None:
        project.notes.append(f"`{name}`: the text is not in the file; offsets are taken as they stand, unchecked")
        return None, tuple((m.start, m.end) for m in marked)
    reading = read_offsets(text, marked)
    if reading.shifted:
        raise UnreadableError(_shift(name, text.text, [(marked[n], reading.spans[n]) for n in reading.shifted]))
    checked = f"{reading.agreed} of {len(marked)} passages checked against their words"
    project.notes.append(f"`{name}`: offsets count {reading.counting}; {checked}")
    return text.text, reading.spans


def _shift(name: str, text: str, wrong: list[tuple[Marked, tuple[int, int]]]) -> str:
    shown = "; ".join(
        f"{m.start}-{m.end} says `{text[a:b][:40]}` and is called `{m.name[:40]}`" for m, (a, b) in wrong[:SHOWN]
    )
    return (
        f"{len(wrong)} passages of `{name}` are shifted under every way of counting ({shown}); export the project again"
    )


def _text(source: etree._Element, name: str, archive: Archive | None) -> Document | None:
    """The text of a source: in the XML, or a file beside it."""
    for content in _children(source, "PlainTextContent"):
        return Document(content.text or "")
    path = source.get("plainTextPath")
    if archive is None or path is None or not path.startswith("internal://"):
        return None
    file = path.removeprefix("internal://")
    try:
        raw = archive.read(f"sources/{file}")
    except KeyError:
        raise UnreadableError(f"the text of `{name}` (sources/{file}) is missing; export again with sources") from None
    try:
        return Document(*decode(raw))
    except UnreadableError as error:
        raise UnreadableError(f"the text of `{name}` (sources/{file}) {error}") from None


def _name(node: etree._Element | None) -> str:
    return etree.QName(node).localname if node is not None and isinstance(node.tag, str) else ""


def _all(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    return root.iter(*(f"{{*}}{n}" for n in names))


def _children(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (child for child in node if _name(child) in names)


def _id(text: str | None) -> str:
    """An id without the braces and the letter case that programs add."""
    return (text or "").strip("{} ").lower()

"""Projects of our own making, as programs write them."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

CODES = {"cease-fire": ("for", "against"), "fatigue": ()}
"""Codes and the codes below them."""


def new_id(*, braces: bool = False) -> str:
    """A new id at every export, as programs do."""
    plain = str(uuid.uuid4()).upper()
    return f"{{{plain}}}" if braces else plain


def project_xml(
    documents: Mapping[str, str | None],
    codings: Sequence[tuple[str, int, int, str, str, str]],
    *,
    cases: Mapping[str, Mapping[str, str]] | None = None,
    braces: bool = False,
    inline: bool = False,
    paths: Mapping[str, str] | None = None,
    extra: str = "",
) -> str:
    """XML of a project; a coding is (document, start, end, code, coder, name of the selection)."""
    ids = {k: new_id(braces=braces) for k in ["cease-fire", "for", "against", "fatigue", *documents, *(cases or {})]}
    ids |= {f"user {c}": new_id(braces=braces) for _, _, _, _, c, _ in codings}
    nested = "".join(f'<Code guid="{ids[c]}" name="{c}" isCodable="true"/>' for c in ("for", "against"))
    book = (
        f'<Code guid="{ids["cease-fire"]}" name="cease-fire" isCodable="true">'
        f"<Description>stopping where the line is</Description>{nested}</Code>"
        f'<Code guid="{ids["fatigue"]}" name="fatigue" isCodable="true"/>'
    )
    users = "".join(
        f'<User guid="{ids[f"user {c}"]}" name={quoteattr(c)}/>' for c in dict.fromkeys(x[4] for x in codings)
    )
    names = sorted({a for values in (cases or {}).values() for a in values})
    variables = {a: new_id() for a in names}
    said = "".join(f'<Variable guid="{v}" name="{a}" typeOfVariable="Text"/>' for a, v in variables.items())
    people = "".join(
        f'<Case guid="{ids[c]}" name={quoteattr(c)}>'
        + "".join(
            f'<VariableValue><VariableRef targetGUID="{variables[a]}"/><TextValue>{escape(v)}</TextValue></VariableValue>'
            for a, v in values.items()
        )
        + f'<SourceRef targetGUID="{ids[c.removeprefix("case of ")]}"/></Case>'
        for c, values in (cases or {}).items()
    )
    sources = "".join(_source(d, t, ids, codings, inline, paths or {}, braces) for d, t in documents.items())
    return (
        '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="ours" origin="tests" '
        'basePath="/home/somebody">'
        f"<Users>{users}</Users><CodeBook><Codes>{book}</Codes></CodeBook>"
        + (f"<Variables>{said}</Variables>" if said else "")
        + (f"<Cases>{people}</Cases>" if people else "")
        + f"<Sources>{sources}{extra}</Sources></Project>"
    )


def _source(name, text, ids, codings, inline, paths, braces):
    plain = "" if inline else f' plainTextPath="internal://{paths.get(name, name)}.txt"'
    content = f"<PlainTextContent>{escape(text or '')}</PlainTextContent>" if inline else ""
    selections = ""
    for document, start, end, code, coder, called in codings:
        if document == name:
            user = ids[f"user {coder}"]
            selections += (
                f'<PlainTextSelection guid="{new_id(braces=braces)}" name={quoteattr(called)} '
                f'startPosition="{start}" endPosition="{end}" creatingUser="{user}">'
                f'<Coding guid="{new_id()}" creatingUser="{user}"><CodeRef targetGUID="{ids[code].lower()}"/></Coding>'
                "</PlainTextSelection>"
            )
    return f'<TextSource guid="{ids[name]}" name={quoteattr(name)}{plain}>{content}{selections}</TextSource>'


def write_project(
    path: Path, xml: str, texts: Mapping[str, bytes], *, inner: str = "project.qde", folder: str = "sources"
) -> Path:
    """A zipped project."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(inner, xml)
        for name, raw in texts.items():
            file.writestr(f"{folder}/{name}.txt", raw)
    return path


def simple(path: Path, text: str, spans: Sequence[tuple[int, int, str, str]], raw: bytes | None = None, **how) -> Path:
    """A project of one document `one`; spans are (start, end, code, name of the selection) by coder `first`."""
    write = {k: how.pop(k) for k in ("inner", "folder") if k in how}
    xml = project_xml({"one": text}, [("one", a, b, code, "first", called) for a, b, code, called in spans], **how)
    return write_project(
        path, xml, {} if how.get("inline") else {"one": text.encode() if raw is None else raw}, **write
    )

"""INCEpTION: UIMA CAS as JSON (one file a document and coder) and WebAnno TSV 3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from winset.coding.archive import UnreadableError
from winset.coding.coded import Coded, Passage, gather_codings
from winset.coding.offsets import Counting, Document

TECHNICAL = ("uima.", "de.tudarmstadt.ukp.dkpro.core.api.segmentation", "de.tudarmstadt.ukp.dkpro.core.api.metadata",
             "de.tudarmstadt.ukp.clarin.webanno.api.type.CASMetadata")  # fmt: skip
OWN = ("%", "@", "^")
UTF16 = Counting(utf16=True)
NOTE = "offsets count UTF-16 units, end not included, as UIMA does"
SPANNED = re.compile(r"^(.*?)(?:\[(\d+)\])?$")


def read_cas(cas: Mapping[str, Any], document: str, coder: str) -> Coded:
    """Read one CAS; every annotation of a custom layer is a code, named ``layer::value`` by its first text feature.

    Raises
    ------
    UnreadableError
        If it holds no text.
    """
    structures = cas.get("%FEATURE_STRUCTURES") or []
    if isinstance(structures, Mapping):
        structures = list(structures.values())
    sofa = next((s for s in structures if s.get("%TYPE") == "uima.cas.Sofa" and s.get("sofaString")), None)
    if sofa is None:
        raise UnreadableError("is a UIMA CAS without text (no sofaString)")
    text = Document(sofa["sofaString"])
    passages = []
    for s in structures:
        if s.get("%TYPE", "").startswith(TECHNICAL) or "begin" not in s or "end" not in s:
            continue
        start, end = text.place(s["begin"], UTF16), text.place(s["end"], UTF16, last=True)
        for code in _codes(s):
            passages.append(Passage(document, start, end, text.text[start:end], code, coder, document))
    return gather_codings(passages, (), {}, [document], [NOTE])


def _codes(structure: Mapping[str, Any]) -> Iterator[str]:
    layer = structure["%TYPE"].rsplit(".", 1)[-1]
    values = [v for k, v in structure.items() if isinstance(v, str) and not k.startswith(OWN)]
    yield from (f"{layer}::{v}" for v in values) if values else (layer,)


def read_tsv(text: str, document: str, coder: str) -> Coded:
    """Read WebAnno TSV 3.x: token lines with a column for each feature of each layer.

    Raises
    ------
    UnreadableError
        If a line does not fit the header.
    """
    layers: list[str] = []
    words: dict[int, str] = {}
    open_spans: dict[tuple[str, str, str], list[int]] = {}
    for n, line in enumerate(text.splitlines(), 1):
        if line.startswith("#T_SP="):
            name, *features = line.removeprefix("#T_SP=").split("|")
            layers += [name.rsplit(".", 1)[-1]] * max(len(features), 1)
        elif line.startswith(("#T_RL=", "#T_CH=")):
            layers += [""] * max(line.count("|"), 1)
        elif line and not line.startswith("#"):
            cells = line.split("\t")
            try:
                begin, end = (int(x) for x in cells[1].split("-"))
            except (ValueError, IndexError):
                raise UnreadableError(f"line {n} is no token line of WebAnno TSV 3") from None
            words[begin] = cells[2]
            for layer, cell in zip(layers, cells[3:], strict=False):
                _collect(cell, layer, (begin, end), f"{n}", open_spans)
    written = _text(words)
    passages = []
    for (layer, value, _), (begin, end) in ((k, (v[0], v[1])) for k, v in open_spans.items()):
        code = layer if value == "*" else f"{layer}::{value}"
        said = " ".join(w for b, w in written if begin <= b < end)
        passages.append(Passage(document, begin, end, said, code, coder, document))
    return gather_codings(passages, (), {}, [document], [f"{NOTE}; quotations are the tokens joined by spaces"])


def _collect(
    cell: str, layer: str, span: tuple[int, int], line: str, found: dict[tuple[str, str, str], list[int]]
) -> None:
    """Add a cell's values; several tokens of one span share a number in brackets."""
    if cell == "_" or not layer:
        return
    for part in re.split(r"(?<!\\)\|", cell):
        match = SPANNED.match(part)
        if match is None or match[1] == "_":
            continue
        value = re.sub(r"\\(.)", r"\1", match[1])
        key = (layer, value, match[2] or f"line {line}")
        if key in found:
            found[key][1] = span[1]
        else:
            found[key] = [*span]


def _text(words: Mapping[int, str]) -> list[tuple[int, str]]:
    return sorted(words.items())

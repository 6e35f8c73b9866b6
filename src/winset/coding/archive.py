"""Project archives, opened with care: nothing is unpacked to disk, sizes are bounded, paths stay inside."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lxml import etree

from winset.errors import Mistake, relative

LARGEST_MEMBER = 256 * 2**20
LARGEST_TOTAL = 4 * 2**30
MOST_PACKED = 200
"""A member that unpacks to more than this many times its size is no text; small members are let pass."""

SMALL = 2**20
ENCODINGS = ("utf-8-sig", "utf-16")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class UnreadableError(Exception):
    """A file that cannot be read, with the sentence that says why."""


@dataclass(frozen=True)
class Archive:
    """Members of a zip by lower-case path."""

    file: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]

    def read(self, name: str) -> bytes:
        """Bytes of a member; letter case of the path does not matter.

        Raises
        ------
        KeyError
            If there is none.
        UnreadableError
            If its bytes are broken or locked.
        """
        member = self.members[name.lower()]
        try:
            return self.file.read(member)
        except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, NotImplementedError) as error:
            raise UnreadableError(f"`{member.filename}` inside it cannot be read ({error})") from None

    def names(self, ending: str) -> list[str]:
        """Members whose path ends so, the shallowest first."""
        return sorted((m for m in self.members if m.endswith(ending)), key=lambda m: (m.count("/"), m))


def open_archive(path: Path) -> Archive:
    """Open a zip archive.

    Raises
    ------
    UnreadableError
        If it is no zip, or holds paths that lead outside or sizes that no project has.
    """
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise UnreadableError(f"is no zip archive, which a .qdpx project must be ({error})") from None
    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for m in file.infolist():
        parts = PurePosixPath(m.filename.replace("\\", "/")).parts
        if ".." in parts or m.filename.startswith(("/", "\\")) or (parts and ":" in parts[0]):
            raise UnreadableError(f"holds a path that leads outside (`{m.filename}`); it was not made by a QDA program")
        total += m.file_size
        packed = m.file_size > SMALL and m.file_size > MOST_PACKED * max(m.compress_size, 1)
        is_text = m.filename.lower().endswith((".qde", ".txt", ".xml", ".json"))
        if packed or total > LARGEST_TOTAL or (is_text and m.file_size > LARGEST_MEMBER):
            raise UnreadableError(
                f"`{m.filename}` inside it unpacks to {m.file_size / 2**20:,.0f} MB; refused as a zip bomb"
            )
        members["/".join(parts).lower()] = m
    return Archive(file, members)


def parse_xml(raw: bytes) -> etree._Element:
    """Root of an XML file without document types or entities.

    Raises
    ------
    UnreadableError
        If it is no XML, or declares a document type, which the standard does not use and attacks do.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"is no valid XML ({error})") from None
    if root.getroottree().docinfo.doctype:
        raise UnreadableError("declares a document type (<!DOCTYPE ...>), which REFI-QDA files do not; refused")
    return root


def decode(raw: bytes) -> tuple[str, bool]:
    """Text of a source and whether a byte order mark stood before it.

    Raises
    ------
    UnreadableError
        If it is neither UTF-8 nor UTF-16 with a mark.
    """
    marked = raw.startswith(MARKS)
    for encoding in ENCODINGS:
        if encoding == "utf-16" and not marked:
            continue
        try:
            return raw.decode(encoding), marked
        except UnicodeDecodeError:
            continue
    raise UnreadableError("is neither UTF-8 nor UTF-16; export it again as plain text")


def mistake(path: Path, error: UnreadableError, inside: str = "") -> Mistake:
    """The sentence for the person."""
    return Mistake(f"{relative(path)}{f'!{inside}' if inside else ''}", 0, str(error))

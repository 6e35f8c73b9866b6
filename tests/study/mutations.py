"""Files of a study with one thing or several wrong in them, at random."""

from __future__ import annotations

import csv
import functools
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

SCALARS = (
    "null", "~", "", "[]", "{}", "[1, 2]", "{a: b}", "[[]]", "{a: {b: c}}", "- a", "a: b", "''", '" "', "x", "north",
    "0", "1", "-1", "0.5", "-0.0", "1e400", "-1e400", "1e308", "1e-320", "9" * 400, "9" * 5000, "0x1F", "0o17",
    "1_000", ".nan", ".inf", "-.inf", "12e03", "1:30:00", "45,000", "00", "+1", "1.", ".5", "true", "no", "off", "y",
    "NULL", "2025-01-31", "2025-13-45", "2025-01-31T10:00:00Z", "2025-01-31 10:00:00 +25:00", "0001-01-01",
    "9999-12-31", "1970-1-1", "0000-00-00", "2025-01", '"' + "a" * 20_000 + '"', "été 世界 \u202e", '"\\ud800"',
    '"\\0"', "\ufeff", "\u2028", "!!python/object:os.system {}", "!!python/object/apply:os.system ['true']",
    "!foo bar", "!!binary abcd", "!!binary '='", "!!set {a, b}", "!!omap [a: 1]", "!!pairs [a: 1]", "!!timestamp x",
    "!!int x", "!!float x", "!!bool maybe", "!!str 5", "!!null x", "!!map [a]", "!!seq {a: b}",
    "!<tag:yaml.org,2002:str> x", "!!merge <<", "&a x", "&a [*a]", "&a {b: *a}", "*nope", "{<<: {a: 1}}", "{<<: 5}",
    "{<<: [1]}", "{[a]: b}", "{? {a: b} : c}", "? a", "[" * 50 + "]" * 50, "{a: " * 50 + "}" * 50, "[" * 400,
    "[" * 400 + "]" * 400, "|", ">-\n x", "@x", "`x", "%x", "\t", "- - -", "{{", "}", "'unclosed", '"unclosed',
    "# x", "--- a", "...", "a, b", "a: b: c", "{a, b}", "{a: 1, a: 2}", "[a: b, c]", "{1: 2}", "{null: 1}",
    "{true: x}", "{2025-01-01: x}",
)  # fmt: skip
CELLS = (
    "", " ", "x", "0", "-1", "1e400", "nan", "inf", "-inf", "1e308", "1e-320", "41,5", "41%", "٤١", "1_000", "0x10",
    "½", "²", "①", "9" * 400, "2025-02-30", "2025-1-1", "0001-01-01", "9999-12-31", "9999-12", "0000-01", "2025-00",
    "31.1.2025", "٢٠٢٥-01-01", '"', '""', "a" * 200_000, "été 世界", "\u202e", "#", "accept", "north", "-2", "+2",
    "1.0", "dont-know", "#x", "=1+1", "\t", "a\nb",
)  # fmt: skip
BYTES = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xfe\xff", b"\r", b"\n", b"\t", b"\x85", b"\xe2\x80\xa8", b"\x1b", b"\x7f",
    b"\xed\xa0\x80", b"---\n", b"...\n", b"%YAML 1.1\n", b"%TAG ! x\n", b"&a ", b"*a ", b"<<: ", b"!!x ", b"? ",
    b"- ", b": ", b"{", b"}", b"[", b"]", b'"', b"'", b"|", b">", b"#", b",", b";", b"\\", b"   ", b"@", b"`",
)  # fmt: skip


@dataclass
class Piece:
    """A piece of a YAML file: a text as it stands, a list of pieces, or pairs of pieces."""

    text: str = ""
    items: list[Piece] | None = None
    pairs: list[tuple[str, Piece]] | None = None

    def copy(self) -> Piece:
        return Piece(
            self.text,
            None if self.items is None else [i.copy() for i in self.items],
            None if self.pairs is None else [(k, v.copy()) for k, v in self.pairs],
        )

    def children(self) -> list[Piece]:
        return list(self.items or ()) + [v for _, v in self.pairs or ()]

    def all(self) -> Iterator[Piece]:
        yield self
        for child in self.children():
            yield from child.all()

    def become(self, other: Piece) -> None:
        self.text, self.items, self.pairs = other.text, other.items, other.pairs


def write(node: Piece, indent: int = 0) -> str:
    """A piece in block style, the inner ones in braces as people write them."""
    if node.items is None and node.pairs is None:
        return node.text
    if indent > 3:
        inside = [write(i, indent + 1) for i in node.items or ()]
        inside += [f"{k}: {write(v, indent + 1)}" for k, v in node.pairs or ()]
        return f"[{', '.join(inside)}]" if node.items is not None else f"{{{', '.join(inside)}}}"
    pad = "\n" + "  " * indent
    lines = [f"{pad}- {write(i, indent + 4)}" for i in node.items or ()]
    lines += [f"{pad}{k}: {write(v, indent + 1)}" for k, v in node.pairs or ()]
    return "".join(lines) or ("[]" if node.items is not None else "{}")


@functools.cache
def parse(text: str) -> Piece:
    return _piece(YAML().compose(text))


def _piece(node: Node) -> Piece:
    if isinstance(node, MappingNode):
        return Piece(pairs=[(k.value, _piece(v)) for k, v in node.value])
    if isinstance(node, SequenceNode):
        return Piece(items=[_piece(v) for v in node.value])
    plain = node.style is None and not set(node.value) & set(",{}[]")
    return Piece(node.value if plain else '"' + node.value.replace("\\", "\\\\").replace('"', '\\"') + '"')


def _replace(root: Piece, rng: random.Random) -> None:
    rng.choice(list(root.all())).become(Piece(rng.choice(SCALARS)))


def _delete(root: Piece, rng: random.Random) -> None:
    _, siblings = _family(root, rng)
    if siblings:
        del siblings[rng.randrange(len(siblings))]


def _double(root: Piece, rng: random.Random) -> None:
    _, siblings = _family(root, rng)
    if siblings:
        siblings.insert(rng.randrange(len(siblings) + 1), rng.choice(siblings))


def _shuffle(root: Piece, rng: random.Random) -> None:
    rng.shuffle(_family(root, rng)[1])


def _swap(root: Piece, rng: random.Random) -> None:
    a, b = (rng.choice(list(root.all())) for _ in range(2))
    if a not in b.all() and b not in a.all():
        kept = Piece(a.text, a.items, a.pairs)
        a.become(b)
        b.become(kept)


def _copy(root: Piece, rng: random.Random) -> None:
    rng.choice(list(root.all())).become(rng.choice(list(root.all())).copy())


def _rename(root: Piece, rng: random.Random) -> None:
    _, pairs = _family(root, rng, maps=True)
    if pairs:
        place = rng.randrange(len(pairs))
        names = [k for n in root.all() for k, _ in n.pairs or ()]
        name = rng.choice([_misspell(pairs[place][0], rng), rng.choice(names), rng.choice(SCALARS)])
        pairs[place] = (name, pairs[place][1])


def _wrap(root: Piece, rng: random.Random) -> None:
    node = rng.choice(list(root.all()))
    inner = node.copy()
    node.become(rng.choice([Piece(items=[inner]), Piece(pairs=[("a", inner)]), Piece(items=[inner, inner])]))


def _unwrap(root: Piece, rng: random.Random) -> None:
    node = rng.choice(list(root.all()))
    if node.children():
        node.become(rng.choice(node.children()))


def _misspell_one(root: Piece, rng: random.Random) -> None:
    leaf = rng.choice([n for n in root.all() if not n.children()])
    leaf.text = _misspell(leaf.text, rng)


def _exchange_text(root: Piece, rng: random.Random) -> None:
    a, b = (rng.choice([n for n in root.all() if not n.children()]) for _ in range(2))
    a.text = b.text


STRUCTURAL = (
    *(_replace, _replace, _replace, _delete, _delete, _double, _shuffle, _swap, _copy, _rename, _wrap, _unwrap),
    *(_misspell_one, _exchange_text),
)


def _family(root: Piece, rng: random.Random, *, maps: bool = False) -> tuple[Piece, list]:
    """A piece with children, and the list of them."""
    parents = [n for n in root.all() if n.pairs or (n.items and not maps)]
    if not parents:
        return root, []
    node = rng.choice(parents)
    return node, node.pairs if node.pairs is not None else node.items or []


def _misspell(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text) + 1)
    return (
        text[:place] + rng.choice(["", "x", "-", " ", ",", ":", "#", "0", "Ü", "{"]) + text[place + rng.randrange(2) :]
    )


def mutate_yaml(text: str, rng: random.Random) -> bytes:
    """A YAML file with one to three pieces changed."""
    root = parse(text).copy()
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        rng.choice(STRUCTURAL)(root, rng)
    return write(root).lstrip("\n").encode("utf-8", "surrogatepass")


def mutate_csv(text: str, rng: random.Random) -> bytes:
    """A table with one to three cells, rows or columns changed, or written another way."""
    rows = list(csv.reader(io.StringIO(text)))
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        _change_table(rows, rng)
    out = io.StringIO(newline="")
    ends = rng.choice(["\n", "\n", "\n", "\r\n", "\r"])
    csv.writer(out, delimiter=rng.choice([*",,,,,,,", ";", "\t"]), lineterminator=ends).writerows(rows)
    before = rng.choice(["", "", "", "", "\ufeff", "\ufeff\ufeff", "sep=;\n", "\n"])
    return (before + out.getvalue()).encode("utf-8", "surrogatepass")


def _change_table(rows: list[list[str]], rng: random.Random) -> None:
    y = rng.randrange(len(rows))
    x = rng.randrange(len(rows[y])) if rows[y] else 0
    match rng.randrange(10):
        case 0 | 1 | 2 if rows[y]:
            rows[y][x] = rng.choice(CELLS)
        case 3 if rows[y]:
            rows[y][x] = _misspell(rows[y][x], rng)
        case 4 if rows[y]:
            other = rng.choice([r for r in rows if r] or [[""]])
            rows[y][x] = rng.choice(other)
        case 5 if len(rows) > 1:
            del rows[y]
        case 6:
            rows.insert(rng.randrange(len(rows) + 1), list(rows[y]))
        case 7:
            for row in rows:
                del row[x : x + 1]
        case 8:
            for row in rows:
                row.insert(rng.randrange(2) * x, row[x] if x < len(row) else "")
        case 9 if rows[y]:
            rows[y] = rng.choice([rows[y][:-1], [*rows[y], "x"], [], ["#"], rows[y] * 2])


def mutate_bytes(raw: bytes, rng: random.Random) -> bytes:
    """A file with some bytes changed, put in or cut out."""
    for _ in range(rng.choice([1, 1, 2, 4])):
        place, end = sorted(rng.randrange(len(raw) + 1) for _ in range(2))
        match rng.randrange(6):
            case 0:
                raw = raw[:place] + bytes([rng.randrange(256)]) + raw[place + 1 :]
            case 1 | 2:
                raw = raw[:place] + rng.choice(BYTES) + raw[place + rng.randrange(2) :]
            case 3:
                raw = raw[:place] + raw[place + rng.randrange(20) :]
            case 4:
                raw = raw[:place] if rng.random() < 0.5 else raw[place:]
            case 5:
                raw = raw[:end] + raw[place:end][:200] + raw[end:]
    return raw

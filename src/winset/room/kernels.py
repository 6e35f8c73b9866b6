"""Compiled loops over packages: 64 packages a machine word, eight draws at a time.

A clause on one constituency holds for a package if the utility of its *column* part reaches a bound set by its *row*
part. With columns sorted by utility, the columns for which it holds are a tail of that order, kept as a row of bits; a
rule is then a few bitwise operations on whole rows. Counts over draws are kept as bit planes and added by carry-save
adders (Knuth 2011, sec. 7.1.3), so that a package costs less than one instruction a draw.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from winset.room.operators import ALL, ANY

EIGHT = 8
SLACK = np.float32(1e-5)
CELLS = 1024
ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)


@njit(nogil=True, cache=True)
def sort_sums(one: Any, other: Any, values: Any, order: Any, cells: Any, place: Any) -> None:
    """Sums of every pair of two lists, sorted, by buckets: ``cells`` holds where each equal step of their range begins."""
    count = len(values)
    low, high = one.min() + other.min(), one.max() + other.max()
    scale = (CELLS - 1) / (high - low) if high > low else 0.0
    cells[:] = 0
    j = 0
    for a in one:
        for b in other:
            place[j] = int((a + b - low) * scale)
            cells[place[j]] += 1
            j += 1
    begin = 0
    for g in range(CELLS):
        cells[g], begin = begin, begin + cells[g]
    j = 0
    for a in one:
        for b in other:
            n = cells[place[j]]
            cells[place[j]] = n + 1
            values[n], order[n] = a + b, j
            j += 1
    for g in range(CELLS - 1, 0, -1):
        cells[g] = cells[g - 1]
    cells[0] = 0
    for n in range(1, count):
        value, j, m = values[n], order[n], n - 1
        while m >= 0 and values[m] > value:
            values[m + 1], order[m + 1] = values[m], order[m]
            m -= 1
        values[m + 1], order[m + 1] = value, j


@njit(nogil=True, cache=True)
def list_tails(order: Any, tails: Any) -> None:
    """Columns from each place of their order on, as rows of bits ``tails[column + 1, word]``."""
    row = np.zeros(tails.shape[1], np.uint64)
    tails[len(order)] = row
    for n in range(len(order) - 1, -1, -1):
        j = order[n]
        row[j >> 6] |= np.uint64(1) << np.uint64(j & 63)
        for w in range(len(row)):
            tails[n, w] = row[w]


@njit(nogil=True, cache=True)
def take_tails(bounds: Any, values: Any, cells: Any, tails: Any, join: Any, held: Any) -> None:
    """Row by row the columns whose utility reaches a bound, ``held[row, word]``; with ``join``, of those held already."""
    last = len(values) - 1
    low, high = values[0], values[last]
    scale = (CELLS - 1) / (high - low) if high > low else 0.0
    for r in range(len(bounds)):
        bound = bounds[r]
        if not bound > low:
            n = 0
        elif bound > high:
            n = last + 1
        else:
            n = cells[int((bound - low) * scale)]
            n += int(values[n] < bound)  # without a branch: nearly always enough
            n += int(values[n] < bound)
            while values[n] < bound:
                n += 1
        if join:
            for w in range(tails.shape[1]):
                held[r, w] &= tails[n, w]
        else:
            for w in range(tails.shape[1]):
                held[r, w] = tails[n, w]


@njit(nogil=True, cache=True)
def set_bounds(first: int, least: Any, inner: Any, bounds: Any) -> None:
    """Utility that the column part must reach, row by row (outer x inner)."""
    o, i = first // len(inner), first % len(inner)
    for r in range(len(bounds)):
        bounds[r] = least[o] - inner[i]
        i += 1
        if i == len(inner):
            o, i = o + 1, 0


@njit(nogil=True, cache=True, fastmath=True, error_model="numpy")
def cdf(z: Any) -> Any:
    """Normal distribution function by Abramowitz & Stegun (1964, 7.1.28): absolute error below 3e-7."""
    x = min(abs(z) * np.float32(0.70710678), np.float32(6.0))
    p = np.float32(0.0000430638)
    p = p * x + np.float32(0.0002765672)
    p = p * x + np.float32(0.0001520143)
    p = p * x + np.float32(0.0092705272)
    p = p * x + np.float32(0.0422820123)
    p = p * x + np.float32(0.0705230784)
    p = p * x + np.float32(1.0)
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    half = np.float32(0.5) - np.float32(0.5) / p
    return np.float32(0.5) + (half if z > 0 else -half)


@njit(nogil=True, cache=True, fastmath=True, error_model="numpy")
def add_shares(total: Any, columns: Any, shift: float, floor: float, height: float) -> None:
    """Add ``floor + height * Phi(columns + shift)`` to a row of totals."""
    for j in range(len(total)):
        total[j] += floor + height * cdf(columns[j] + shift)


@njit(nogil=True, cache=True)
def pack(values: Any, least: float) -> Any:
    """One bit a value: whether it reaches ``least``."""
    word = np.uint64(0)
    for j in range(len(values)):
        word |= np.uint64(values[j] >= least) << np.uint64(j)
    return word


@njit(nogil=True, cache=True)
def run_rule(program: Any, held: Any, stack: Any, result: Any) -> None:
    """A rule in postfix order over rows ``held[clause, place]``, of 64 bits or of 0 and 1."""
    top = -1
    for operator in program:
        if operator >= 0:
            top += 1
            for w in range(len(result)):
                stack[top, w] = held[operator, w]
        elif operator == ALL:
            top -= 1
            for w in range(len(result)):
                stack[top, w] &= stack[top + 1, w]
        elif operator == ANY:
            top -= 1
            for w in range(len(result)):
                stack[top, w] |= stack[top + 1, w]
    for w in range(len(result)):
        result[w] = stack[0, w]


@njit(nogil=True, cache=True, inline="always")
def _add(a: Any, b: Any, c: Any) -> Any:
    """Sum and carry of three bits, 64 at once."""
    u = a ^ b
    return u ^ c, (a & b) | (u & c)


@njit(nogil=True, cache=True)
def count_eight(seen: Any, planes: Any) -> None:
    """Add eight rows of bits ``seen[draw, word]`` to counters ``planes[bit, word]``."""
    for w in range(planes.shape[1]):
        ones, twos, fours = planes[0, w], planes[1, w], planes[2, w]
        ones, a = _add(ones, seen[0, w], seen[1, w])
        ones, b = _add(ones, seen[2, w], seen[3, w])
        twos, e = _add(twos, a, b)
        ones, a = _add(ones, seen[4, w], seen[5, w])
        ones, b = _add(ones, seen[6, w], seen[7, w])
        twos, f = _add(twos, a, b)
        fours, carry = _add(fours, e, f)
        planes[0, w], planes[1, w], planes[2, w] = ones, twos, fours
        seen[0, w] = carry
    for bit in range(3, planes.shape[0]):
        for w in range(planes.shape[1]):
            old = planes[bit, w]
            planes[bit, w] = old ^ seen[0, w]
            seen[0, w] &= old


@njit(nogil=True, cache=True)
def read_counts(planes: Any, columns: int, words: int, counts: Any) -> None:
    """Counters ``planes[bit, row x word]`` as numbers ``counts[row, column]``."""
    total = np.zeros(64, np.uint64)
    for r in range(counts.shape[0]):
        for w in range(words):
            total[:] = 0
            for bit in range(planes.shape[0]):
                word = planes[bit, r * words + w]
                for j in range(64):
                    total[j] += ((word >> np.uint64(j)) & np.uint64(1)) << np.uint64(bit)
            for j in range(min(64, columns - 64 * w)):
                counts[r, 64 * w + j] = total[j]


@njit(nogil=True, cache=True)
def add_coalition(rows: Any, d: int, weights: Any, table: Any, columns: Any, total: Any) -> None:
    """Weighted sum of shares of some constituencies, for some columns of one row (outer ``o``, inner ``i``)."""
    outer_z, inner_z, column_z, kept, floor, gain, _ = table
    o, i = rows
    begin, end = columns
    for c in range(len(weights)):
        if weights[c] > 0:
            share = np.float32(weights[c]) * kept[d, c, o]
            shift = outer_z[d, c, o] + inner_z[d, c, i]
            add_shares(total[: end - begin], column_z[d, c, begin:end], shift, share * floor[d, c], share * gain[d, c])


@njit(nogil=True, cache=True)
def bound_coalition(rows: Any, d: int, weights: Any, table: Any, word: int) -> Any:
    """Least and greatest weighted sum of shares that 64 columns of one row can have."""
    outer_z, inner_z, _, kept, floor, gain, ends = table
    o, i = rows
    least, most = np.float32(0), np.float32(0)
    for c in range(len(weights)):
        if weights[c] > 0:
            share = np.float32(weights[c]) * kept[d, c, o]
            shift = outer_z[d, c, o] + inner_z[d, c, i]
            bottom, height = share * floor[d, c], share * gain[d, c]
            least += bottom + height * cdf(ends[0, d, c, word] + shift)
            most += bottom + height * cdf(ends[1, d, c, word] + shift)
    return least, most


@njit(nogil=True, cache=True)
def hold_coalitions(
    first: int, d: int, rules: Any, shares: Any, thresholds: Any, size: Any, is_open: Any, held: Any
) -> None:
    """Work out coalitions where they matter, 64 columns at a time."""
    single, weights = rules
    inners, columns, words = size
    total = np.zeros(64, np.float32)
    for place in range(len(is_open)):
        if is_open[place]:
            r, begin = first + place // words, 64 * (place % words)
            end = min(begin + 64, columns)
            rows = (r // inners, r % inners)
            for n in range(len(single)):
                if single[n] < 0:
                    least, most = bound_coalition(rows, d, weights[n], shares, place % words)
                    if most < thresholds[d, n] - SLACK:
                        held[n, place] = 0
                    elif least > thresholds[d, n] + SLACK and end - begin == 64:
                        held[n, place] = ALL_BITS
                    else:
                        total[:] = 0
                        add_coalition(rows, d, weights[n], shares, (begin, end), total)
                        held[n, place] = pack(total[: end - begin], thresholds[d, n])


@njit(nogil=True, cache=True)
def find_owners(single: Any, programs: Any) -> Any:
    """Side of each clause on one constituency that all-of alone stands above; -1 for every other clause."""
    owner = np.full(len(single), -1)
    for s in range(len(programs)):
        mixed = (programs[s] == ANY).any()
        for operator in programs[s]:
            if operator >= 0 and single[operator] >= 0 and not mixed:
                owner[operator] = s
    return owner


@njit(nogil=True, cache=True)
def find_open(rules: Any, held: Any, stack: Any, low: Any, high: Any, is_open: Any) -> None:
    """Words in which clauses on one constituency leave a rule to its coalitions: those are far dearer to work out."""
    single, programs = rules
    is_open[:] = 0
    for s in range(len(programs)):
        for value, result in ((np.uint64(0), low), (ALL_BITS, high)):
            for n in range(len(single)):
                if single[n] < 0:
                    held[n, :] = value
            run_rule(programs[s], held, stack, result)
        for w in range(len(is_open)):
            is_open[w] |= low[w] ^ high[w]


@njit(nogil=True, cache=True)
def count_rows(  # noqa: PLR0915
    first: int, table: Any, shares: Any, rules: Any, counts: Any, acceptance: Any, fails: bool
) -> None:
    """Count the draws in which each rule holds, for consecutive rows (outer x inner) and all columns.

    Parameters
    ----------
    first
        First row.
    table
        least ``[draw, clause, outer]``, inner ``[draw, constituency, inner]``, the two parts whose pairs are the columns
        ``[draw, constituency, part]``, thresholds ``[draw, clause]``.
    shares
        outer, inner and column utilities over the spread ``[draw, constituency, part]``, kept
        ``[draw, constituency, outer]``, floor and gain ``[draw, constituency]``, least and greatest of every 64 columns
        ``[end, draw, constituency, word]``: single precision.
    rules
        single, weights, programs ``[side, operator]`` (padded by ``NOTHING``).
    counts
        ``[output, row, column]``: sides, all at once and, where ``fails``, each clause.
    acceptance
        ``[constituency, row, column]`` sums of shares, or no constituencies.
    """
    least, inner, one, other, thresholds = table
    single, weights, programs = rules
    draws, clauses, inners = least.shape[0], least.shape[1], inner.shape[2]
    columns = one.shape[2] * other.shape[2]
    outputs, height = counts.shape[0], counts.shape[1]
    sides = len(programs)
    words = (columns + 63) // 64
    bits = 4
    while (1 << bits) <= draws:
        bits += 1
    planes = np.zeros((outputs, bits, height * words), np.uint64)
    tails, cells = np.zeros((columns + 1, words), np.uint64), np.zeros(CELLS, np.int32)
    values, order, place = np.zeros(columns), np.zeros(columns, np.int32), np.zeros(columns, np.int32)
    seen = np.zeros((outputs, EIGHT, height * words), np.uint64)
    owner = find_owners(single, programs)
    plain = (owner >= 0).all() and not fails
    held = np.zeros((clauses + 1, 1 if plain else height * words), np.uint64)
    stack = np.zeros_like(held)
    low, high, is_open = np.zeros((3, held.shape[1]), np.uint64)
    bounds = np.zeros(height)
    coalitions = (single < 0).any()
    begun = np.zeros(sides, np.bool_)
    for begin in range(0, draws, EIGHT):
        eight = min(EIGHT, draws - begin)
        seen[:, eight:] = 0
        for k in range(eight):
            d = begin + k
            begun[:] = False
            for c in range(inner.shape[1]):
                if (single == c).any():
                    sort_sums(one[d, c], other[d, c], values, order, cells, place)
                    list_tails(order, tails)
                for n in range(clauses):
                    if single[n] == c:
                        set_bounds(first, least[d, n], inner[d, c], bounds)
                        if plain:
                            into = seen[owner[n], k].reshape(height, words)
                            take_tails(bounds, values, cells, tails, begun[owner[n]], into)
                            begun[owner[n]] = True
                        else:
                            take_tails(bounds, values, cells, tails, False, held[n].reshape(height, words))
            if coalitions:
                if fails:
                    is_open[:] = ALL_BITS
                else:
                    find_open((single, programs), held, stack, low, high, is_open)
                size = (inners, columns, words)
                hold_coalitions(first, d, (single, weights), shares, thresholds, size, is_open, held)
            seen[sides, k] = ALL_BITS
            for s in range(sides):
                if not plain:
                    run_rule(programs[s], held, stack, seen[s, k])
                for w in range(height * words):
                    seen[sides, k, w] &= seen[s, k, w]
            if fails:
                seen[sides + 1 :, k] = held[:clauses]
            for c in range(acceptance.shape[0]):
                alone = np.arange(len(weights[0])) == c
                for r in range(height):
                    rows = ((first + r) // inners, (first + r) % inners)
                    add_coalition(rows, d, alone, shares, (0, columns), acceptance[c, r])
        for n in range(outputs):
            count_eight(seen[n], planes[n])
    for n in range(outputs):
        read_counts(planes[n], columns, words, counts[n])

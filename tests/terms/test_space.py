from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.errors import UsageError
from winset.terms import Issue, Option, Package, Space, parse_package


def a_space(sizes: list[int]) -> Space:
    return Space(tuple(Issue(f"i{k}", "", tuple(Option(f"o{j}", "") for j in range(n))) for k, n in enumerate(sizes)))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.data())
def test_rank_undoes_unrank(sizes: list[int], data: st.DataObject) -> None:
    space = a_space(sizes)
    index = data.draw(st.integers(0, space.size - 1))
    assert space.rank(space.unrank(index)) == index


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_every_package_comes_once(sizes: list[int]) -> None:
    space = a_space(sizes)
    assert len({space.unrank(i) for i in range(space.size)}) == space.size


def test_a_partial_package_survives_encoding() -> None:
    space = a_space([2, 3])
    assert space.package(space.encode({"i1": "o2"})) == Package.of({"i1": "o2"})


def test_an_unknown_option_names_the_nearest() -> None:
    space = Space((Issue("recognition", "", (Option("crimea-recognized", ""), Option("none", ""))),))
    with pytest.raises(UsageError, match="did you mean `crimea-recognized`"):
        space.encode({"recognition": "crimea-recognised"})


@pytest.mark.parametrize("text", ["territory", "=x", "territory=", "territory=line;territory=none"])
def test_bad_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_package(text)


def test_what_is_not_searched_stays_out_of_the_search() -> None:
    space = Space(
        (
            Issue("a", "", (Option("x", ""), Option("y", "", searched=False))),
            Issue("b", "", (Option("u", ""),), searched=False),
        )
    )
    assert space.searched().shape == (1,)

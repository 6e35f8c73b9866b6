"""Persons on a network; the test names the source."""

from __future__ import annotations

from pathlib import Path

import numba
import numpy as np
import pytest

from winset.cli.commands import invoke
from winset.errors import UsageError
from winset.runs import Run
from winset.talks import Network, Population, count_camps, draw_network, populate, talk
from winset.talks.influence import settle_opinions

ONE = (("north", "public"),)


def complete(persons: int) -> np.ndarray:
    return np.stack(np.triu_indices(persons, 1), 1)


def test_stubborn_persons_end_at_the_fixed_point(rng: np.random.Generator) -> None:
    """Friedkin & Johnsen (1990): x = (I - L W)^-1 (I - L) s on any network."""
    group, own = np.zeros(60, int), rng.normal(size=60)
    network = draw_network(group, 6)
    listens = np.zeros((60, 60))
    for i in range(60):
        for j in network.ties[network.starts[i] : network.starts[i + 1]]:
            listens[i, j] += 1
    listens /= listens.sum(1, keepdims=True)
    found = talk(Population(ONE, group, own, network), 200, susceptible=0.7).opinions
    assert np.allclose(found, settle_opinions(own, listens, np.full(60, 0.7)), atol=1e-5)


def test_on_a_ring_without_stubbornness_all_agree_on_the_mean(rng: np.random.Generator) -> None:
    """DeGroot (1974): weights that go both ways alike keep the mean, and lead to it."""
    own = rng.normal(size=9)
    ring = np.stack([np.arange(9), (np.arange(9) + 1) % 9], 1)
    found = talk(Population(ONE, np.zeros(9, int), own, Network.of(ring, 9)), 800, susceptible=1.0).opinions
    assert np.allclose(found, own.mean(), atol=1e-4)


def test_bounded_confidence_leaves_camps_some_2_2_apart() -> None:
    """Hegselmann & Krause (2002); Blondel, Hendrickx & Tsitsiklis (2009, section II): even opinions from 0 to L in units of the
    bound end in camps more than 1 and about 2.2 apart."""
    for length in (10, 20):
        own = np.linspace(0, length, 100 * length)
        people = Population(ONE, np.zeros(len(own), int), own, Network.of(complete(len(own)), len(own)))
        found = talk(people, 300, susceptible=1.0, confidence=1.0).opinions
        camps = count_camps(found, 0.5)
        assert (np.diff(camps) > 1).all()
        assert np.diff(camps).mean() == pytest.approx(2.2, abs=0.25)


def test_within_one_bound_all_agree_at_once() -> None:
    """Krause (2000): if all hear all, one step is the mean; two who do not hear each other never meet."""
    near = Population(ONE, np.zeros(5, int), np.array([0.0, 0.2, 0.4, 0.6, 0.9]), Network.of(complete(5), 5))
    assert np.allclose(talk(near, 1, susceptible=1.0, confidence=1.0).opinions, 0.42)
    far = Population(ONE, np.zeros(2, int), np.array([0.0, 1.1]), Network.of(complete(2), 2))
    assert np.allclose(talk(far, 50, susceptible=1.0, confidence=1.0).opinions, [0, 1.1])


def test_networks_are_as_asked_and_the_same_again() -> None:
    group = np.arange(20_000) % 4
    network = draw_network(group, 10, 0.7, seed=3)
    assert network.degree == 10
    sizes = np.diff(network.starts)
    assert sizes.min() >= 5
    own = np.repeat(group, sizes) == group[network.ties]
    assert own.mean() == pytest.approx(0.7 + 0.3 / 4, abs=0.01)
    assert np.array_equal(network.ties, draw_network(group, 10, 0.7, seed=3).ties)
    assert (np.repeat(np.arange(len(group)), sizes) != network.ties).all()


def test_nearer_people_are_picked_more_by_rank() -> None:
    """Liben-Nowell et al. (2005): a chance as one over rank, so that as many ties reach from 1 to 10 as from 10 to 100."""
    persons = 20_000
    network = draw_network(np.zeros(persons, int), 10, 1.0)
    away = np.abs(np.repeat(np.arange(persons), np.diff(network.starts)) - network.ties)
    away = np.minimum(away, persons - away)
    assert away.max() <= persons // 2
    tens = [((away >= low) & (away < 10 * low)).mean() for low in (1, 10, 100, 1000)]
    assert tens == pytest.approx([1 / 4] * 4, abs=0.01)


def test_one_core_and_two_make_the_same_bytes(tiny_run: Run) -> None:
    people = populate(tiny_run.room, next(iter(tiny_run.study.proposals.values())).terms, 20_000)
    before, found = numba.get_num_threads(), []
    for cores in (1, before):
        numba.set_num_threads(cores)
        found.append(talk(people, 10, confidence=1.0).opinions.tobytes())
    assert found[0] == found[1]


def test_at_first_they_accept_as_measured(tiny_run: Run) -> None:
    proposal = next(iter(tiny_run.study.proposals.values()))
    room = tiny_run.room
    people = populate(room, proposal.terms, 200_000)
    first = talk(people, 1).shares.filter(week=0)["accept"].to_numpy()
    assert first == pytest.approx(room.shares(dict(proposal.terms)).mean(0), abs=0.06)


def test_bad_networks_and_numbers_are_sentences(tiny_run: Run, capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"2 of 5 persons have no tie \(the first is 3\)"):
        Network.of(np.array([[0, 1], [1, 2]]), 5)
    with pytest.raises(UsageError, match="ties name person 9; there are 3"):
        Network.of(np.array([[0, 9]]), 3)
    with pytest.raises(UsageError, match="must be even"):
        draw_network(np.zeros(50, int), 3)
    proposal, folder = next(iter(tiny_run.study.proposals)), str(tiny_run.folder)
    for more, said in (
        (("--weeks", "0"), "0 weeks"),
        (("--persons", "20"), "20 persons in"),
        (("--susceptible", "2"), "between 0 and 1"),
        (("--confidence", "0"), "must be above 0"),
        (("--inside", "1.5"), "between 0 and 1"),
    ):
        assert invoke(["population", folder, proposal, *more]) == 2
        assert said in capsys.readouterr().err
    plot = tmp_path / "talk.svg"
    assert invoke(["population", folder, proposal, "--persons", "2000", "--weeks", "5", "--plot", str(plot)]) == 0
    assert "What would talk among people change?" in capsys.readouterr().out
    assert plot.exists()

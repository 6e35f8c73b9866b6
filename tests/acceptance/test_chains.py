"""Chains that learn together, on a normal whose moments are known, and stopped half-way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from winset.acceptance import chains
from winset.acceptance.chains import BLOCK, CHAINS, Memory, Pace, sample_chains
from winset.runs.unfinished import Unfinished

WIDTHS = np.array([0.5, 1.0, 1.0, 1.0, 3.0])
PACE = Pace("NUTS", 100, 0.9, 7)


def potential(y: jax.Array) -> jax.Array:
    return 0.5 * ((y / jnp.asarray(WIDTHS)) ** 2).sum()


look = jax.vmap(jax.value_and_grad(potential))


class Stopped(Unfinished):
    """A store after whose third block somebody presses Ctrl-C."""

    saved = 0

    def save(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        super().save(name, arrays)
        self.saved += 1
        if self.saved == 3:
            raise KeyboardInterrupt


def test_draws_have_the_moments_of_the_normal_that_they_are_drawn_from() -> None:
    drawn = sample_chains(potential, look, 5, 1, 1000, PACE)
    assert drawn.points.shape == (CHAINS, 1000, 5)
    assert not drawn.diverging.any()
    flat = drawn.points.reshape(-1, 5)
    assert np.abs(flat.mean(0) / WIDTHS).max() < 0.1
    assert np.abs(flat.std(0) / WIDTHS - 1).max() < 0.1
    assert np.abs(np.corrcoef(flat.T) - np.eye(5)).max() < 0.1


def test_all_chains_go_at_one_pace() -> None:
    steps = sample_chains(potential, look, 5, 2, 400, PACE).steps.mean(1)
    assert steps.max() / steps.min() < 1.1


def test_half_a_block_more_changes_nothing_before_it() -> None:
    few, more = (sample_chains(potential, look, 5, 3, n, PACE).points for n in (BLOCK, BLOCK + 7))
    assert more.shape == (CHAINS, BLOCK + 7, 5)
    np.testing.assert_array_equal(more[:, :BLOCK], few)


@pytest.mark.parametrize("side_by_side", [True, False])
def test_stopped_chains_go_on_as_if_nothing_had_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, side_by_side: bool
) -> None:
    if not side_by_side:  # as on a machine that shows JAX one processor
        monkeypatch.setattr(chains.jax, "local_device_count", lambda: 1)
    whole = sample_chains(potential, look, 5, 4, 60, PACE)
    for inputs in ("these", "others"):
        said: list[str] = []
        with pytest.raises(KeyboardInterrupt):
            sample_chains(potential, look, 5, 4, 60, PACE, store=Stopped(tmp_path, "these"))
        again = sample_chains(potential, look, 5, 4, 60, PACE, store=Unfinished(tmp_path, inputs), say=said.append)
        assert any("going on from draw 75 of 160" in s for s in said) == (inputs == "these")
        for one, other in zip(whole, again, strict=True):
            np.testing.assert_array_equal(one, other)
        Unfinished(tmp_path, "").clear()


def test_the_time_left_is_told_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "QUIET", 0.0)
    said: list[str] = []
    sample_chains(potential, look, 5, 6, 25, PACE, say=said.append)
    assert [s.split(",")[0] for s in said] == [f"{n} of 125 draws a chain" for n in (50, 75, 100)]


def test_more_draws_go_on_where_fewer_ended() -> None:
    store = Memory()
    few = sample_chains(potential, look, 5, 5, 40, PACE, store=store).points
    more = sample_chains(potential, look, 5, 5, 80, PACE, store=store).points
    np.testing.assert_array_equal(more[:, :40], few)
    assert more.shape[1] == 80
    assert sample_chains(potential, look, 5, 5, 40, PACE, store=store).points.shape[1] == 40


def test_what_is_damaged_does_not_count(tmp_path: Path) -> None:
    store = Unfinished(tmp_path, "these")
    store.save("NUTS, more careful", {"done": np.array(3)})
    (file,) = store.folder.iterdir()
    assert file.name == "nuts-more-careful.npz"
    whole = file.read_bytes()
    for cut in (0, 40, 200):
        file.write_bytes(whole[:cut])
        assert store.load("NUTS, more careful") is None
    assert store.load("mode") is None

"""Commands of interviews, as their users type them."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from tests.coding.projects import project_xml, write_project

from winset.cli.commands import invoke

TEXT = "I am tired. I would not take the river."
NOT = TEXT.index("I would"), len(TEXT) - 1


@pytest.fixture
def project(tmp_path):
    marks = [
        ("one", *NOT, "against", "anna", ""),
        ("one", *NOT, "for", "ben", ""),
        ("one", 0, 10, "fatigue", "anna", ""),
    ]
    return write_project(tmp_path / "talks.qdpx", project_xml({"one": TEXT}, marks), {"one": TEXT.encode()})


def test_show_says_what_is_in_a_file(project, capsys):
    assert invoke(["interviews", "show", str(project)]) == 0
    assert "cease-fire::against: 1 passages, 1 speakers, 1 coders" in capsys.readouterr().out
    assert invoke(["interviews", "show", str(project), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["coders"] == ["anna", "ben"]


def test_map_drafts_what_check_then_accepts(project, folder, capsys):
    assert invoke(["interviews", "map", str(project), "--study", str(folder)]) == 0
    draft = capsys.readouterr().out
    assert '"cease-fire::against": {question: name-it, stance: -1}  # stance guessed' in draft
    assert "fatigue: {theme: fatigue}  # guessed: a reason" in draft


def test_agreement_needs_two_coders_and_flatters_without_units(project, tmp_path, capsys):
    units = tmp_path / "units.csv"
    units.write_text("document,start,end\n" + "".join(f"one,{n},{n + 5}\n" for n in range(0, 35, 5)))
    assert invoke(["interviews", "agree", str(project), "--code", "fatigue", "--json"]) == 0
    said = capsys.readouterr()
    assert "agreement flatters" in said.err
    table = {r["measure"]: r for r in json.loads(said.out)["findings"][0]["table"]}
    assert table["percent agreement"]["units"] == 2
    assert invoke(["interviews", "agree", str(project), "--code", "fatigue", "--units", str(units), "--json"]) == 0
    table = {r["measure"]: r for r in json.loads(capsys.readouterr().out)["findings"][0]["table"]}
    assert table["percent agreement"]["units"] == 7
    assert invoke(["interviews", "agree", str(project), "--code", "fatig"]) == 2
    assert "did you mean `fatigue`" in capsys.readouterr().err


def test_one_coder_alone_is_told(tmp_path, capsys):
    (path := tmp_path / "a.csv").write_text("document,code\none,against\n")
    assert invoke(["interviews", "agree", str(path)]) == 2
    assert "agreement needs two" in capsys.readouterr().err


def test_weigh_eleven_of_eleven(capsys):
    assert invoke(["interviews", "weigh", "11", "11", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["at_least"] == pytest.approx(0.7616, abs=5e-5)
    assert invoke(["interviews", "weigh", "12", "11"]) == 2
    assert "impossible" in capsys.readouterr().err


def test_a_list_experiment_from_a_file(tmp_path, capsys, rng):
    agrees, treated = rng.random(800) < 0.4, rng.random(800) < 0.5
    direct, count = agrees | (rng.random(800) < 0.2), rng.binomial(3, 0.5, 800) + (agrees & treated)
    table = pl.DataFrame({"n": count, "t": treated.astype(int), "d": direct.astype(int)})
    table.write_csv(path := tmp_path / "list.csv")
    ask = ["interviews", "list", str(path), "--count", "n", "--treated", "t", "--items", "3"]
    assert invoke([*ask, "--direct", "d", "--false", "yes", "--json"]) == 0
    found = {r["estimator"]: r for r in json.loads(capsys.readouterr().out)["findings"][0]["table"]}
    assert found["difference in means"]["share"] == pytest.approx(0.4, abs=0.2)
    assert found["combined with the direct question"]["se"] < found["difference in means"]["se"]
    table.with_columns(n=pl.lit("x")).write_csv(path)
    assert invoke(ask) == 2
    assert "`n` holds `x`, which is no number" in capsys.readouterr().err
    assert invoke([*ask, "--false", "maybe"]) == 2
    assert np.isfinite(found["maximum likelihood"]["se"])


def test_quote_leads_from_a_row_to_the_words(project, folder, capsys):
    (folder / "talks.qdpx").write_bytes(project.read_bytes())
    where = f"talks.qdpx#one:{NOT[0]}-{NOT[1]}"
    assert invoke(["interviews", "quote", str(folder), where]) == 0
    assert capsys.readouterr().out.strip() == "I would not take the river"
    assert invoke(["interviews", "quote", str(folder), "talks.qdpx#one:1-2"]) == 2

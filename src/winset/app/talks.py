"""Talks while the war goes on: scenarios told and drawn, side by side, and single runs week by week."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from winset import figures
from winset.app.opened import RUNS, Opened
from winset.app.pages import opened, show, worded
from winset.findings import describe, describe_scenarios, describe_story
from winset.talks import Paths, find_scenario
from winset.talks.levers import AS_IT_IS
from winset.talks.world import declared_war

routes = APIRouter(prefix="/runs/{name}/talks")


@routes.get("", response_class=HTMLResponse)
def talks(request: Request, name: str, scenario: str = AS_IT_IS, story: int = 0) -> Response:
    """One scenario; its parts come as they are worked out."""
    study = opened(request, name).run.study
    find_scenario(study, scenario)
    known = {AS_IT_IS: "As it is", **{s: x.label for s, x in declared_war(study).scenarios.items()}}
    return show(
        request, "talks.html", name=name, title=study.title, scenarios=known, scenario=scenario, story=max(story, 0), runs=RUNS
    )  # fmt: skip


@routes.get("/told")
def told(request: Request, name: str, scenario: str) -> Response:
    """What a scenario comes to."""
    found = opened(request, name)
    paths = found.simulate(scenario)
    if scenario not in found.charts:
        found.charts[scenario] = _draw(found, paths)
    told = worded(describe(paths), found.run.study)
    return show(request, "talks-part.html", found=told, charts=found.charts[scenario])


@routes.get("/story")
def story(request: Request, name: str, scenario: str, number: int) -> Response:
    """One run, week by week."""
    found = opened(request, name)
    told = worded(describe_story(found.simulate(scenario), number), found.run.study)
    return show(request, "talks-part.html", found=told, charts=[])


@routes.get("/compared")
def compared(request: Request, name: str) -> Response:
    """All scenarios side by side, run by run on the same luck."""
    found = opened(request, name)
    paths = {s: found.simulate(s) for s in (AS_IT_IS, *declared_war(found.run.study).scenarios)}
    if len(paths) == 1:
        return show(request, "talks-part.html", found=[], charts=[])
    told = describe_scenarios(paths)
    runs, weeks = paths[AS_IT_IS].state.shape
    chart = figures.draw_scenarios(told[0].table, weeks, runs)
    return show(request, "talks-part.html", found=worded(told, found.run.study), charts=[chart])


def _draw(found: Opened, paths: Paths) -> list[figures.Chart]:
    label, runs = paths.scenario.label, len(paths.state)
    who = {**{s: side.label for s, side in found.run.study.sides.items()}, "both": "Both"}
    return [
        figures.draw_outcomes({label: paths.outcomes()}, runs),
        figures.draw_room_over_time({label: paths.room_over_time()}, who, len(paths.labels), runs),
        figures.draw_fans(paths.fans(), runs),
    ]

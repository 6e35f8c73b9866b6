"""Talks while the war goes on: scenarios told and drawn, side by side, and single runs week by week."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from winset import figures
from winset.app.opened import RUNS, WEEKS, Opened
from winset.app.pages import opened, show, worded
from winset.findings import describe, describe_scenarios, describe_story
from winset.talks import Paths, find_scenario
from winset.talks.levers import AS_IT_IS, build_levers, offer_levers, say_lever
from winset.talks.world import declared_war

routes = APIRouter(prefix="/runs/{name}/talks")
Pulled = Annotated[tuple[str, ...], Query(max_length=20)]
"""Levers that are pulled beside a scenario, as ``winset simulate`` takes them."""


@routes.get("", response_class=HTMLResponse)
def talks(request: Request, name: str, scenario: str = AS_IT_IS, story: int = 0, lever: Pulled = ()) -> Response:
    """One scenario, levers pulled besides; its parts come as they are worked out."""
    study = opened(request, name).run.study
    build_levers(study, find_scenario(study, scenario, lever), WEEKS)
    known = {AS_IT_IS: "As it is", **{s: x.label for s, x in declared_war(study).scenarios.items()}}
    asked = [("scenario", scenario), *(("lever", x) for x in lever)]
    kept = [("scenario", scenario), ("story", max(story, 0))]
    pulled = [(x, say_lever(study, x), urlencode([*kept, *(("lever", y) for y in lever if y != x)])) for x in lever]
    parts = [("told", asked), ("compared", asked), ("story", [*asked, ("number", max(story, 0))])]
    return show(
        request, "talks.html", name=name, title=study.title, scenarios=known, scenario=scenario, story=max(story, 0), runs=RUNS,
        pulled=pulled, levers=offer_levers(study), parts=[f"{part}?{urlencode(x)}" for part, x in parts],
    )  # fmt: skip


@routes.get("/pull")
def pull(
    request: Request, name: str, what: str, scenario: str = AS_IT_IS, story: int = 0, lever: Pulled = (),
    number: Annotated[float, Query(ge=0)] = 1, week: Annotated[int, Query(ge=0)] = 0,
) -> Response:  # fmt: skip
    """From a form to the address of a scenario with one more lever."""
    study = opened(request, name).run.study
    more = f"{what.replace('{}', f'{number:g}')}@{week}"
    build_levers(study, find_scenario(study, scenario, (*lever, more)), WEEKS)
    asked = [("scenario", scenario), ("story", story), *(("lever", x) for x in (*lever, more))]
    return RedirectResponse(f"/runs/{quote(name)}/talks?{urlencode(asked)}", status_code=303)


@routes.get("/told")
def told(request: Request, name: str, scenario: str, lever: Pulled = ()) -> Response:
    """What a scenario comes to."""
    found, asked = opened(request, name), " ".join((scenario, *lever))
    paths = found.simulate(scenario, lever)
    if asked not in found.charts:
        found.charts[asked] = _draw(found, paths)
    told = worded(describe(paths), found.run.study)
    return show(request, "talks-part.html", found=told, charts=found.charts[asked])


@routes.get("/story")
def story(request: Request, name: str, scenario: str, number: int, lever: Pulled = ()) -> Response:
    """One run, week by week."""
    found = opened(request, name)
    told = worded(describe_story(found.simulate(scenario, lever), number), found.run.study)
    return show(request, "talks-part.html", found=told, charts=[])


@routes.get("/compared")
def compared(request: Request, name: str, scenario: str = AS_IT_IS, lever: Pulled = ()) -> Response:
    """All scenarios side by side, and the one with levers, run by run on the same luck."""
    found = opened(request, name)
    known = (AS_IT_IS, *declared_war(found.run.study).scenarios)
    first = (
        scenario if lever else AS_IT_IS
    )  # what the levers do is told against the scenario that they are pulled beside
    paths = {first: found.simulate(first)}
    if lever:
        paths[" ".join((scenario, *lever))] = found.simulate(scenario, lever)
    paths |= {s: found.simulate(s) for s in known if s != first}
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

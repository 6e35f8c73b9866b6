"""Tables -> charts: SVG that prints, and tells its numbers under the pointer. The only importer of Altair."""

from winset.figures.charts import (
    POINTER,
    AltairChart,
    Chart,
    draw_importance,
    draw_predictive,
    draw_proposals,
    draw_shape,
    draw_time,
)
from winset.figures.dressing import DOTS, STYLES, dress, picture
from winset.figures.estimates import draw_estimates
from winset.figures.exploration import draw_shares, draw_tipping
from winset.figures.maps import draw_ladder, draw_map
from winset.figures.paths import (
    draw_attitudes,
    draw_fans,
    draw_outcomes,
    draw_population,
    draw_room_over_time,
    draw_scenarios,
)
from winset.figures.scorecards import draw_scorecard

__all__ = [
    "DOTS",
    "POINTER",
    "STYLES",
    "AltairChart",
    "Chart",
    "draw_attitudes",
    "draw_estimates",
    "draw_fans",
    "draw_importance",
    "draw_ladder",
    "draw_map",
    "draw_outcomes",
    "draw_population",
    "draw_predictive",
    "draw_proposals",
    "draw_room_over_time",
    "draw_scenarios",
    "draw_scorecard",
    "draw_shape",
    "draw_shares",
    "draw_time",
    "draw_tipping",
    "dress",
    "picture",
]

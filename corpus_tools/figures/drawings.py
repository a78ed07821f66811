"""All figures by name."""

from __future__ import annotations

from corpus_tools.figures import (
    place_figures,
    report_figures,
    sentiment_figures,
    toll_figures,
    topic_figures,
    voice_figures,
)
from corpus_tools.figures.layout import Drawing

DRAWINGS: dict[str, Drawing] = {
    **report_figures.FIGURES,
    **topic_figures.FIGURES,
    **sentiment_figures.FIGURES,
    **voice_figures.FIGURES,
    **place_figures.FIGURES,
    **toll_figures.FIGURES,
}

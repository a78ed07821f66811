"""The steps of the pipeline, in their order, and the tables that they make."""

from __future__ import annotations

from pathlib import Path

from corpus_tools.annotate import tables as annotate
from corpus_tools.clean import tables as clean
from corpus_tools.collect import tables as collect
from corpus_tools.layers.registry import LAYERS
from corpus_tools.runtime.schema import by_name
from corpus_tools.runtime.step import Step
from corpus_tools.runtime.store import Store
from corpus_tools.sentiment import tables as sentiment
from corpus_tools.tokenise import tables as tokenise
from corpus_tools.topics import tables as topics

# The grid does not depend on topics.n_topics and the other parameters of the topics.
_GRID_SHARES = "batch_above learn_until leave_out max_iterations max_share min_documents model seed".split()
_TOPIC_FILES = ("seeds/topics/anchors.yaml", "seeds/topics/labels.yaml")

STEPS = (
    Step(
        "collect", "Gather the reports of all sources in seeds/.", "corpus_tools.collect.step:run",
        writes=collect.TABLES, files=("seeds",), corpus="raw",
    ),
    Step(
        "clean", "Repair the texts; read dates, datelines and languages.", "corpus_tools.clean.step:run",
        reads=("raw",), writes=clean.TABLES,
    ),
    Step(
        "tokenise", "Split the texts into sentences and tagged tokens.", "corpus_tools.tokenise.step:run",
        reads=("documents",), writes=tokenise.TABLES, outputs=("data/punkt.json",),
    ),
    Step(
        "annotate", "Mark quotations, dates, numbers of people, names and places.", "corpus_tools.annotate.step:run",
        reads=("documents", "sentences"), writes=(*(layer.table for layer in LAYERS), *annotate.TABLES),
    ),
    Step(
        "grid", "Choose the number of topics.", "corpus_tools.topics.choice.step:run",
        reads=("documents", "tokens"), writes=topics.GRID_TABLES, files=_TOPIC_FILES[:1],
        params=tuple(f"topics.{name}" for name in _GRID_SHARES), noted=("tokens",),
    ),
    Step(
        "topics", "Fit the topic model.", "corpus_tools.topics.step:run",
        reads=("documents", "tokens", "topic_grid"), writes=topics.TABLES, files=_TOPIC_FILES, noted=("tokens",),
    ),
    Step(
        "sentiment",
        "Score every sentence; average by outlet, period and topic.",
        "corpus_tools.sentiment.step:run",
        reads=("documents", "sentences", "quotes", "names", "topic_terms", "doc_topics", "topic_overview"),
        writes=sentiment.TABLES, noted=("quotes", "topic_terms"),
    ),
    Step(
        "evaluate", "Score the marks against reports annotated by people.", "corpus_tools.evaluate.step:run",
        reads=("raw", "documents", *(layer.name for layer in LAYERS if layer.gold)), files=("seeds/gold",),
        unlisted=("draws", "seed"),
    ),
    Step(
        "figures", "Draw all figures.", "corpus_tools.figures.step:run",
        reads=(
            "reports_by_period", "lengths_by_outlet", "topic_grid", "topic_terms", "topics_by_period",
            "sentiment_by_period", "sentiment_words", "sentiment_by_outlet", "speakers_by_outlet", "places_on_map",
            "tolls",
        ),
        outputs=("figures",), unlisted=("widths_mm", "settings_line"), corpus=None,
    ),
    Step(
        "report", "Write one page with figures, tables and words in context.",
        "corpus_tools.report.step:run",
        reads=(
            "documents", "lengths_by_outlet", "tokens", "quotes", "names", "places", "claims", "topic_overview",
            "topic_reports", "speakers_by_outlet", "tolls", "places_on_map", "sentiment_by_outlet",
        ),
        files=("figures", "metrics/evaluate.json"), outputs=("report/report.html",), corpus=None,
    ),
    Step(
        "notebooks", "Run the notebooks and write their pages.", "corpus_tools.notebooks.step:run",
        files=("notebooks",), outputs=("notebooks/executed",), corpus=None,
    ),
)  # fmt: skip
TABLES = by_name(table for step in STEPS for table in step.writes)


def open_store(root: Path) -> Store:
    """Open all tables of the pipeline below a folder, the `data` of a project."""
    return Store(root, TABLES)

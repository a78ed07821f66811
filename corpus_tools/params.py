"""params.yaml: every choice that a result depends on, one section per step."""

from __future__ import annotations

from typing import Literal

from corpus_tools.annotate.params import AnnotateParams
from corpus_tools.clean.params import CleanParams
from corpus_tools.collect.params import CollectParams
from corpus_tools.evaluate.params import EvaluateParams
from corpus_tools.figures.params import FiguresParams
from corpus_tools.notebooks.params import NotebooksParams
from corpus_tools.report.params import ReportParams
from corpus_tools.runtime.records import Section
from corpus_tools.sentiment.params import SentimentParams
from corpus_tools.tokenise.params import TokeniseParams
from corpus_tools.topics.fitting.params import GridParams, TopicsParams


class Params(Section):
    """All of params.yaml: where the partitions are computed, which changes no result, and one section per step."""

    engine: Literal["local", "dask"] = "local"

    collect: CollectParams = CollectParams()
    clean: CleanParams = CleanParams()
    tokenise: TokeniseParams = TokeniseParams()
    annotate: AnnotateParams = AnnotateParams()
    grid: GridParams = GridParams()
    topics: TopicsParams = TopicsParams()
    sentiment: SentimentParams = SentimentParams()
    evaluate: EvaluateParams = EvaluateParams()
    figures: FiguresParams = FiguresParams()
    report: ReportParams = ReportParams()
    notebooks: NotebooksParams = NotebooksParams()

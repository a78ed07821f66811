"""The methods of a corpus: filters that a notebook completes, and arguments that are refused."""

from __future__ import annotations

import inspect
from dataclasses import fields
from typing import get_type_hints

import pytest
from case_ids import case_id
from planted_corpus import (
    REPORTS,
    write,
)

from corpus_tools.corpus import Corpus
from corpus_tools.errors import InputError
from corpus_tools.explore.methods import FILTERS
from corpus_tools.explore.word_index import Filters, Selection
from corpus_tools.pipeline import open_store


@pytest.mark.parametrize("name", ["concordance", "frequencies", "collocations", "dispersion", "diversity"])
def test_the_filters_are_arguments_that_a_notebook_completes(corpus, name):
    given = inspect.signature(getattr(corpus, name)).parameters
    code = getattr(Corpus, name).__code__
    own = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    assert list(given) == [*own, *FILTERS]
    assert all(given[f].kind is inspect.Parameter.KEYWORD_ONLY and given[f].default is None for f in FILTERS)


def test_the_filters_are_named_alike_everywhere():
    assert FILTERS == tuple(f.name for f in fields(Selection)) == tuple(get_type_hints(Filters))


@pytest.mark.slow
@pytest.mark.parametrize("per_partition", [1, 5, 24])
def test_nothing_counted_depends_on_the_partitions(corpus, tmp_path, per_partition):
    other = write(tmp_path, REPORTS, per_partition)
    for ask in (
        lambda c: c.frequencies(n=2),
        lambda c: c.keyness({"outlet": "BBC"}, min_clusters=1),
        lambda c: c.collocations("army", min_together=1),
        lambda c: c.dispersion("army"),
        lambda c: c.diversity(over="report"),
        lambda c: c.concordance("army", sort="left"),
    ):
        assert ask(other).frame.equals(ask(corpus).frame)
        assert ask(other).notes == ask(corpus).notes


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda c: c.frequencies(unit="lemmas"), "unit 'lemmas'"),
        (lambda c: c.keyness({"outlet": "Post"}, unit="Word"), "unit 'Word'"),
        (lambda c: c.diversity(unit="lema"), "unit 'lema'"),
        (lambda c: c.diversity(window=50.5), "window 50.5"),
        (lambda c: c.diversity(window="50"), "window '50'"),
        (lambda c: c.diversity(over="year"), "over 'year'"),
        (lambda c: c.collocations("doubled", window=2.5), "window 2.5"),
        (lambda c: c.collocations("doubled", min_together=0), "min_together 0"),
        (lambda c: c.keyness({"outlet": "Post"}, min_clusters="5"), "min_clusters '5'"),
        (lambda c: c.keyness({"outlet": "Post"}, max_dispersion=80), "max_dispersion 80"),
        (lambda c: c.keyness({"outlet": "Post"}, max_dispersion="0.8"), "max_dispersion '0.8'"),
        (lambda c: c.dispersion("doubled", over="day"), "over 'day'"),
    ],
    ids=case_id,
)
def test_an_invalid_argument_is_named(planted, ask, named):
    with pytest.raises(InputError) as error:
        ask(planted)
    assert error.value.where == named


def test_a_partition_without_reports_changes_nothing(tmp_path, corpus):
    other = write(tmp_path, REPORTS, 24)
    store = open_store(tmp_path / "data")
    for name in ("documents", "tokens", "quotes", "names", "places"):
        store.write(name, 1, store.read(name, 0).clear())
    for ask in (lambda c: c.diversity(), lambda c: c.frequencies(n=2), lambda c: c.dispersion("army")):
        assert ask(other).frame.equals(ask(corpus).frame)
    assert other.concordance("army", sort="left", limit=3).frame.equals(
        corpus.concordance("army", sort="left", limit=3).frame
    )

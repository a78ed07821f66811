"""The small corpus, and its tokens and sentences."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from planted_corpus import (
    REPORTS,
    plain,
    write,
)

import corpus_tools as ct


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> ct.Corpus:
    return write(tmp_path_factory.mktemp("explore"), REPORTS, 7)


@pytest.fixture(scope="session")
def tokens(corpus) -> list[dict]:
    return corpus.tokens.collect().rows(named=True)


@pytest.fixture(scope="session")
def sentences(corpus) -> list[tuple[str, list[str]]]:
    """Each sentence with its report, in small letters and with straight apostrophes."""
    rows = corpus.tokens.with_columns(pl.col("norm").cast(pl.String).str.replace_all("’", "'")).collect()
    grouped = rows.group_by("doc_id", "sentence", maintain_order=True).agg("norm")
    return [(doc, words) for doc, _, words in grouped.iter_rows()]


@pytest.fixture(scope="session")
def planted(tmp_path_factory) -> ct.Corpus:
    """Two outlets alike but for doubled (twice as often in Post), burst (a report), weekly, copied (a cluster)."""
    rng = np.random.default_rng(5)
    filler = [f"word{chr(97 + k)}{chr(97 + j)}" for k in range(10) for j in range(10)]
    reports = []
    for number in range(400):
        words = rng.choice(filler, 150).tolist()
        post = number % 2 == 1
        words += ["doubled"] * rng.poisson(3 if post else 1.5)
        words += ["burst"] * (60 * (number == 201))
        words += ["weekly"] * (4 * (post and number % 56 < 7))
        copied = post and number < 40
        words += ["copied"] * (3 * copied)
        rng.shuffle(words)
        own = {"cluster_id": "k001", "is_first_report": number == 1} if copied else {}
        reports.append(plain(number, " ".join(words) + ".", **own))
    return write(tmp_path_factory.mktemp("planted"), reports, 90)

"""The `corpus` of the examples in docstrings: three reports of two outlets, made as the steps make them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from corpus_tools.annotate.reports import annotate_text
from corpus_tools.corpus import Corpus
from corpus_tools.pipeline import TABLES, open_store
from corpus_tools.tokenise.texts import tokenise_texts

REPORTS = {
    "a": ("BBC", date(2017, 2, 6), 'The ceasefire holds, Olha Bondar said. "The ceasefire is a beginning."'),
    "b": ("BBC", date(2017, 2, 7), "Shelling broke the ceasefire near Kyiv, and civilians fled."),
    "c": ("TASS", date(2017, 2, 14), "Peace talks began on Tuesday. Civilians may leave the city."),
}


@pytest.fixture(scope="session")
def _corpus_of_examples(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder: Path = tmp_path_factory.mktemp("examples")
    store = open_store(folder / "data")
    ids = pl.Series(list(REPORTS))
    rows = [
        dict.fromkeys(TABLES["documents"].schema)
        | {"doc_id": key, "outlet": outlet, "published": day, "text": text}
        | {"body_start": 0, "cluster_id": key, "is_first_report": True}
        for key, (outlet, day, text) in REPORTS.items()
    ]
    store.write("documents", 0, pl.DataFrame(rows, schema=TABLES["documents"].schema))
    tables = zip(("sentences", "tokens"), tokenise_texts([row["text"] for row in rows]), strict=True)
    for name, table in tables:
        store.write(name, 0, table.with_columns(ids.gather(table["doc_id"]).alias("doc_id")))
    marks = [annotate_text(row["text"], row["published"]) for row in rows]
    for name in ("quotes", "names", "places"):
        frames = [getattr(m, name).with_columns(doc_id=pl.lit(key)) for key, m in zip(ids, marks, strict=True)]
        store.write(name, 0, pl.concat(frames))
    return Corpus(folder)


@pytest.fixture(autouse=True)
def _names_of_examples(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]) -> None:
    if request.node.__class__.__name__ == "DoctestItem":
        doctest_namespace["corpus"] = request.getfixturevalue("_corpus_of_examples")

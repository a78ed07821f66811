"""The contests on a corpus of two texts."""

from __future__ import annotations

import polars as pl
import pytest
from scipy import sparse

from bench import inputs, ours, peers, report
from bench.contests import CONTESTS, OURS
from bench.measure import measure
from corpus_tools.errors import InputError
from corpus_tools.nltk_fast.punkt import news_punkt
from corpus_tools.pipeline import TABLES
from corpus_tools.tokenise.texts import tokenise_partition

TEXTS = [
    "Gen. Mattis left Kyiv on Monday. “It’s late,” he said, and didn't wait.\nTwo people died in Kharkiv, police said.",
    "KIEV (Reuters) - The talks FAILED!!! Nobody was very happy :-( but\n\nthe U.S. envoy isn't giving up.",
]


@pytest.fixture
def corpus(tmp_path):
    """The built tables that the contests read, of two texts."""
    documents = pl.DataFrame(
        {
            "doc_id": ["a", "b"], "source": ["planted"] * 2, "outlet": ["Post"] * 2,
            "text": TEXTS, "body_start": [0, 17],
            "published": [None, None], "place": [None, "Kiev"], "country": [None, "UA"], "language": ["en"] * 2,
            "cluster_id": ["a", "b"],
        },
        schema_overrides={"published": pl.Date, "place": pl.String, "country": pl.String, "body_start": pl.Int32},
    )  # fmt: skip
    documents = documents.with_columns(title=pl.lit(None, pl.String), url=pl.lit(None, pl.String), is_first_report=True)
    tables = {"documents": documents, **tokenise_partition(news_punkt(), documents)}
    tables |= {table: pl.DataFrame(schema=TABLES[table].schema) for table in ("quotes", "names")}
    for table in tables:
        (tmp_path / "data" / table).mkdir(parents=True)
        tables[table].write_parquet(tmp_path / "data" / table / "part-00000.parquet")
    (tmp_path / "data" / "punkt.json").write_text(news_punkt().to_json(), encoding="utf-8")
    (tmp_path / "params.yaml").write_text("{}", encoding="utf-8")
    return tmp_path


def test_every_contest_has_ours_first_and_a_target():
    assert all(contest.ours.name == OURS for contest in CONTESTS)
    without = {c.key for c in CONTESTS if not any(other.target for other in c.others)}
    assert without == {"marks"}  # the same task as `layers`, which has a target, from texts
    assert all(c.same in {other.name for other in c.others} for c in CONTESTS if c.same)


def test_without_a_corpus_the_message_has_the_remedy(tmp_path):
    with pytest.raises(InputError, match="make repro"):
        inputs.prepare(tmp_path, tmp_path / "inputs")


@pytest.mark.parametrize("key", ["sentences", "words", "both", "tags", "sentiment", "concordance", "again"])
def test_ours_and_nltks_are_the_same_row_by_row(corpus, monkeypatch, key):
    monkeypatch.setattr(inputs, "_write_matrix", lambda *_: 0)  # two texts have no term in ten
    folder = corpus / "inputs"
    sizes = inputs.prepare(corpus, folder)
    assert (sizes.documents, sizes.sentences) == (2, 6)
    contest = next(c for c in CONTESTS if c.key == key)
    tables = []
    for one in (contest.ours, next(c for c in contest.others if c.name == contest.same)):
        if not one.missing():
            measured = measure(folder, contest, one, folder / "rows.parquet")
            assert measured["seconds"] > 0
            tables.append(pl.read_parquet(folder / "rows.parquet"))
    assert tables[0].height > 0
    assert report.count_differences(tables[0], tables[-1]) == 0


@pytest.mark.parametrize("key", ["layers", "marks"])
def test_our_marks_can_be_measured(corpus, monkeypatch, key):
    monkeypatch.setattr(inputs, "_write_matrix", lambda *_: 0)
    inputs.prepare(corpus, corpus / "inputs")
    contest = next(c for c in CONTESTS if c.key == key)
    assert measure(corpus / "inputs", contest, contest.ours)["peak_mb"] > 0


def test_whole_steps_start_from_documents_and_fingerprints(tmp_path):
    for folder in ("documents", "fingerprints", "tokens"):
        (tmp_path / "project" / "data" / folder).mkdir(parents=True)
    (tmp_path / "project" / "data" / "punkt.json").write_text("{}")
    project = inputs.new_project(tmp_path)
    assert sorted(path.name for path in (project / "data").iterdir()) == ["documents", "fingerprints"]


def test_topics_are_judged_by_their_heaviest_terms():
    counts = sparse.csr_matrix([[2, 1, 0, 0], [1, 3, 0, 0], [0, 0, 1, 1], [0, 0, 4, 1]])
    matrix = inputs.Matrix(counts, ["war", "army", "bank", "money"])
    assert ours.coherence([[0, 1], [2, 3]], matrix) == pytest.approx(1.0)
    assert ours.coherence([[0, 2], [1, 3]], matrix) == pytest.approx(-1.0)
    assert peers.tomotopy_documents(matrix)[0] == ["war", "war", "army"]

"""The parts of `make bench` that need nobody else: what it says of planted times, and that our side can be called."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import polars as pl
import pytest
from click.testing import CliRunner
from planted import ROOT
from scipy import sparse

from bench import given, ours, peers, report, run
from bench.contests import CONTESTS, OURS
from bench.measure import measure
from bench.run import Turn, due
from corpus_tools.errors import InputError
from corpus_tools.nltk_fast.punkt import news_punkt
from corpus_tools.runtime.store import TABLES
from corpus_tools.tokenise.texts import tokenise_partition

TEXTS = [
    "Gen. Mattis left Kyiv on Monday. “It’s late,” he said, and didn't wait.\nTwo people died in Kharkiv, police said.",
    "KIEV (Reuters) - The talks FAILED!!! Nobody was very happy :-( but\n\nthe U.S. envoy isn't giving up.",
]


def turns(**seconds: tuple[float, ...]) -> list[Turn]:
    """Turns in the contest `words`."""
    return [
        Turn("words", name, number, value, value, 100.0)
        for name, values in seconds.items()
        for number, value in enumerate(values)
    ]


def topic_turns(mine: float, theirs: float) -> list[Turn]:
    return [
        Turn("topics", OURS, 0, 1.0, 1.0, 100.0, mine),
        Turn("topics", "scikit-learn NMF", 0, 2.0, 2.0, 100.0, theirs),
    ]


SIZES = given.Sizes({"planted": 2}, 2, 3.0, 9, 3.0, 50, 2, 3.0, 40)
PLANTED = turns(corpus_tools=(1.0, 2.0, 4.0), NLTK=(32.0, 34.0, 30.0), BlingFire=(1.0, 1.0, 1.0))


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
    made = {"documents": documents, **tokenise_partition(news_punkt(), documents)}
    made |= {table: pl.DataFrame(schema=TABLES[table].columns) for table in ("quotes", "names")}
    for table in made:
        (tmp_path / "data" / table).mkdir(parents=True)
        made[table].write_parquet(tmp_path / "data" / table / "part-00000.parquet")
    (tmp_path / "data" / "punkt.json").write_text(news_punkt().to_json(), encoding="utf-8")
    (tmp_path / "params.yaml").write_text("{}", encoding="utf-8")
    return tmp_path


def test_every_contest_has_ours_first_and_a_target():
    assert all(contest.ours.name == OURS for contest in CONTESTS)
    without = {c.key for c in CONTESTS if not any(other.target for other in c.others)}
    assert without == {"marks"}  # it stands beside the layers, whose target it shows to be kept or not
    assert all(c.same in {other.name for other in c.others} for c in CONTESTS if c.same)


def test_ratios_are_those_of_the_medians_with_the_extremes_of_the_rounds():
    nltk, bling = report.ratios(PLANTED)
    assert (nltk.other, nltk.ratio, nltk.low, nltk.high, nltk.reached) == ("NLTK", 16.0, 7.5, 32.0, True)
    assert (bling.other, bling.ratio, bling.low, bling.high, bling.reached) == ("BlingFire", 0.5, 0.25, 1.0, None)


def test_the_table_of_ratios():
    assert report.ratio_table(PLANTED).splitlines()[2:] == [
        "| Tokens | NLTK | **16.0 ×** | 7.50 × to 32.0 × | 15 × | yes |",
        "| Tokens | BlingFire | **0.50 ×** | 0.25 × to 1.00 × |  |  |",
    ]
    missed = report.ratio_table(turns(corpus_tools=(1.0,), NLTK=(14.9,)))
    assert "| 14.9 × to 14.9 × | 15 × | **no** |" in missed


@pytest.mark.parametrize(("mine", "theirs", "reached"), [(0.41, 0.41, True), (0.40, 0.41, False)])
def test_faster_topics_have_to_be_as_coherent(mine, theirs, reached):
    (ratio,) = report.ratios(topic_turns(mine, theirs))
    assert ratio.reached is reached


def test_who_takes_long_has_fewer_turns():
    for taken, another in [((40.0,), True), ((40.0, 40.0), False), ((9.0, 9.0), True), ((9.0,) * 3, False),
                           ((2.0,) * 4, True)]:  # fmt: skip
        assert due(turns(NLTK=taken), "words", "NLTK") is another


def test_rows_that_only_one_has_are_counted():
    mine = pl.DataFrame({"text": [0, 0, 1], "start": [0, 4, 0]})
    assert report.rows_apart(mine, mine.clone()) == 0
    assert report.rows_apart(mine, mine.with_columns(start=pl.Series([0, 4, 1]))) == 2
    assert report.rows_apart(mine, mine.head(2)) == 1


def test_the_report_says_all_and_is_made_again_from_its_numbers(tmp_path):
    machine = {"cores": 2, "processor": "P", "memory_gb": 4, "system": "S"}
    found = report.Found(PLANTED, {"words": 0}, SIZES, machine, {"nltk": "3.10"}, "1 May 2026", 4.0)
    report.write(found, tmp_path)
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    for words in ("1 May 2026", "2 of `planted`", "2 cores", "nltk 3.10", "| Tokens | NLTK | 0 |", "1 of 1 targets"):
        assert words in text
    assert "Not measured, because not asked for or not installed: " in text
    assert "spaCy small model (annotation layers)" in text
    assert (tmp_path / "pictures" / "benchmarks.png").stat().st_size > 10_000
    assert report.Found.from_json((tmp_path / "benchmarks.json").read_text(encoding="utf-8")) == found


@pytest.mark.parametrize(("differing", "status"), [(0, 0), (3, 1)])
def test_a_difference_ends_the_run_with_status_1(tmp_path, monkeypatch, differing, status):
    def prepared(_word: str, folder: str, *_rest: str) -> str:
        Path(folder).mkdir(parents=True)
        given.write_sizes(Path(folder), SIZES)
        return ""

    monkeypatch.setattr(run, "_python", prepared)
    monkeypatch.setattr(run, "run", lambda *_: (PLANTED, set()))
    monkeypatch.setattr(report, "compare", lambda *_: {"words": differing})
    done = CliRunner().invoke(run.main, ["--dest", str(tmp_path)])
    assert done.exit_code == status
    assert f"{differing} rows differ from NLTK" in done.output
    assert (tmp_path / "benchmarks.md").exists()


def test_without_a_corpus_the_remedy_is_said(tmp_path):
    with pytest.raises(InputError, match="make repro"):
        given.prepare(tmp_path, tmp_path / "given")


@pytest.mark.parametrize("key", ["sentences", "words", "both", "tags", "sentiment", "concordance", "again"])
def test_ours_and_nltks_are_the_same_row_by_row(corpus, monkeypatch, key):
    monkeypatch.setattr(given, "_write_matrix", lambda *_: 0)  # two texts have no term in ten
    folder = corpus / "given"
    sizes = given.prepare(corpus, folder)
    assert (sizes.documents, sizes.sentences) == (2, 6)
    contest = next(c for c in CONTESTS if c.key == key)
    tables = []
    for one in (contest.ours, next(c for c in contest.others if c.name == contest.same)):
        if not one.missing():
            found = measure(folder, contest, one, folder / "rows.parquet")
            assert found["seconds"] > 0
            tables.append(pl.read_parquet(folder / "rows.parquet"))
    assert tables[0].height > 0
    assert report.rows_apart(tables[0], tables[-1]) == 0


@pytest.mark.parametrize("key", ["layers", "marks"])
def test_our_marks_can_be_measured(corpus, monkeypatch, key):
    monkeypatch.setattr(given, "_write_matrix", lambda *_: 0)
    given.prepare(corpus, corpus / "given")
    contest = next(c for c in CONTESTS if c.key == key)
    assert measure(corpus / "given", contest, contest.ours)["peak_mb"] > 0


def test_whole_steps_start_from_the_documents_and_what_says_which_they_are(tmp_path):
    for folder in ("documents", "fingerprints", "tokens"):
        (tmp_path / "project" / "data" / folder).mkdir(parents=True)
    (tmp_path / "project" / "data" / "punkt.json").write_text("{}")
    found = given.new_project(tmp_path)
    assert sorted(path.name for path in (found / "data").iterdir()) == ["documents", "fingerprints"]


def test_without_ours_the_page_says_that_nobody_was_measured_against():
    assert report.alt([]) == "No dots: ours was measured against nobody"


def test_topics_are_judged_by_their_heaviest_terms():
    counts = sparse.csr_matrix([[2, 1, 0, 0], [1, 3, 0, 0], [0, 0, 1, 1], [0, 0, 4, 1]])
    matrix = given.Matrix(counts, ["war", "army", "bank", "money"])
    assert ours.coherence([[0, 1], [2, 3]], matrix) == pytest.approx(1.0)
    assert ours.coherence([[0, 2], [1, 3]], matrix) == pytest.approx(-1.0)
    assert peers.tomotopy_documents(matrix)[0] == ["war", "war", "army"]


def test_the_others_are_pinned_by_hash_and_change_no_version_of_ours():
    locks = {}
    for name in ("requirements.lock", "requirements-bench.lock"):
        lock = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in lock
        assert all("--hash=sha256:" in block for block in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:])
        locks[name] = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock, re.MULTILINE))
    product, bench = locks.values()
    assert {name: bench[name] for name in bench.keys() & product.keys()} == {
        name: product[name] for name in bench.keys() & product.keys()
    }
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for wanted in tomllib.loads(text)["project"]["optional-dependencies"]["bench"]:
        assert re.match(r"[A-Za-z0-9._-]+", wanted).group().lower() in bench
        assert re.search(rf'"{re.escape(wanted)}",\s+# \w+', text), wanted


def test_a_page_that_is_there_shows_what_was_measured():
    page = ROOT / "docs" / "benchmarks.md"
    if page.exists():
        found = report.Found.from_json((ROOT / "docs" / "benchmarks.json").read_text(encoding="utf-8"))
        assert page.read_text(encoding="utf-8") == report.markdown(found)
        assert not any(found.differences.values())


def test_who_fails_is_said_and_costs_nobody_else_their_turns(monkeypatch, tmp_path, capsys):
    def measured(_folder, _contest, contestant, *_rows):
        if contestant == "NLTK":
            raise click.ClickException("no such thing")
        return '{"seconds": 1.0, "cpu": 1.0, "peak_mb": 1.0}'

    monkeypatch.setattr(run, "_python", measured)
    monkeypatch.setattr("bench.contests.Contestant.missing", lambda one: [] if one.name in (OURS, "NLTK") else ["it"])
    done, failed = run.run(tmp_path, 2, ("words",))
    assert failed == {("words", "NLTK")}
    assert [(turn.contestant, turn.round) for turn in done] == [(OURS, 0), (OURS, 1)]
    assert "NLTK                         failed: no such thing" in capsys.readouterr().err

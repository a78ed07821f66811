"""The filters, and the partitions that are kept in memory."""

from __future__ import annotations

import os
import shutil
import weakref
from datetime import date, datetime

import polars as pl
import pytest
from case_ids import case_id
from planted_corpus import (
    BY_ID,
    REPORTS,
    PlantedReport,
    places_of,
    report,
    voice_of,
    write,
)

import corpus_tools as ct
from corpus_tools.explore import concordance as concordance_module
from corpus_tools.explore import word_index
from corpus_tools.explore.concordance import Concordance
from corpus_tools.explore.methods import FILTERS
from corpus_tools.explore.word_index import TokenPartition
from corpus_tools.pipeline import TABLES, open_store


def day_of(token: dict) -> date | None:
    return BY_ID[token["doc_id"]].row["published"]


def since(first: str, last: str = "2999-12-31"):
    return lambda t: day_of(t) is not None and first <= day_of(t).isoformat() <= last


def by(outlets: str):
    return lambda t: BY_ID[t["doc_id"]].row["outlet"] in outlets


def placed(name: str):
    def is_named(token):
        report = BY_ID[token["doc_id"]]
        return name in {report.row["place"], *(place["name"] for place in report.places)}

    return is_named


def spoken(name: str):
    return lambda t: voice_of(t)[1] == name


@pytest.mark.parametrize(
    ("filters", "meant"),
    [
        ({"outlet": "BBC"}, by("BBC")),
        pytest.param({"outlet": ["BBC", "Morning Post"]}, by("BBC, Morning Post"), id="a list of outlets"),
        pytest.param({"outlet": {"BBC", "Morning Post"}}, by("BBC, Morning Post"), id="a set of outlets"),
        pytest.param({"since": "2017-01-09"}, since("2017-01-09"), id="since a day as text"),
        pytest.param({"since": date(2017, 1, 9)}, since("2017-01-09"), id="since a date"),
        ({"since": datetime(2017, 1, 9, 12)}, since("2017-01-09")),
        ({"until": "2017-01-09"}, since("0001-01-01", "2017-01-09")),
        ({"since": "2017-W02", "until": "2017-W03"}, since("2017-01-09", "2017-01-22")),
        ({"since": "2016-W52", "until": "2017W01"}, since("2016-12-26", "2017-01-08")),
        ({"since": "2017-02", "until": "2017-02"}, since("2017-02-01", "2017-02-28")),
        ({"until": "2016"}, since("0001-01-01", "2016-12-31")),
        ({"since": 2017}, since("2017-01-01")),
        ({"place": "Kyiv"}, placed("Kyiv")),
        ({"place": "kYIV"}, placed("Kyiv")),
        ({"speaker": "Olha Bondar"}, spoken("Olha Bondar")),
        ({"speaker": "Bondar"}, spoken("Olha Bondar")),
        ({"speaker": "bondar"}, spoken("Olha Bondar")),
        ({"speaker": "*BOND?r"}, spoken("Olha Bondar")),
        ({"speaker": "Ann B. Li"}, spoken("Ann Li")),
        ({"speaker": "*"}, lambda t: voice_of(t)[1] is not None),
        ({"voice": "quoted"}, lambda t: voice_of(t)[0] == "quoted"),
        ({"voice": "narrator"}, lambda t: voice_of(t)[0] == "narrator"),
        ({"voice": "narrator", "speaker": "Petrenko"}, lambda t: voice_of(t) == ("narrator", "Ivan Petrenko")),
        (
            {"outlet": "BBC", "since": "2017-01", "until": "2017-02", "place": "Izyum", "voice": "quoted"}
            | {"speaker": "Ann Li"},
            lambda t: by("BBC")(t) and since("2017-01-01", "2017-02-28")(t) and placed("Izyum")(t)
            and voice_of(t) == ("quoted", "Ann Li"),
        ),
        (dict.fromkeys(FILTERS), lambda _: True),
    ],
    ids=case_id,
)  # fmt: skip
def test_a_filter_keeps_the_tokens_it_selects(corpus, tokens, filters, meant):
    wanted = [(t["doc_id"], t["start"], t["end"]) for t in tokens if meant(t)]
    result = corpus.concordance(".*", match="regex", **filters)
    assert places_of(result) == wanted
    assert result.tokens == len(wanted) > 0


def test_all_words_of_a_hit_are_selected(corpus):
    for line in corpus.concordance("* *", speaker="Ann Li"):
        last = line | {"start": line["end"] - 1}
        assert voice_of(line)[1] == voice_of(last)[1] == "Ann Li"


@pytest.mark.parametrize(
    ("filters", "place", "remedy"),
    [
        ({"outlet": "bbc"}, "outlet 'bbc'", "did you mean BBC?"),
        ({"outlet": ["BBC", "Morning Pos"]}, "outlet 'Morning Pos'", "did you mean Morning Post?"),
        ({"outlet": ""}, "outlet ''", "There are: BBC, Evening Star, Morning Post"),
        ({"outlet": []}, "outlet []", "There are: BBC, Evening Star, Morning Post"),
        ({"outlet": 5}, "outlet 5", "There are: BBC, Evening Star, Morning Post"),
        ({"since": "yesterday"}, "day 'yesterday'", "2017-01-20"),
        ({"until": "2017-13"}, "day '2017-13'", "2017-01-20"),
        ({"since": "2017-W54"}, "day '2017-W54'", "2017-01-20"),
        ({"until": "2017-02-29"}, "day '2017-02-29'", "2017-01-20"),
        ({"since": "2017-03", "until": "2017-02"}, "since 2017-03, until 2017-02", "earlier"),
        ({"place": "kyev"}, "place 'kyev'", "did you mean Kyiv?"),
        ({"place": ["Kyiv"]}, "place ['Kyiv']", "one name"),
        ({"speaker": "Olga Bondar"}, "speaker 'Olga Bondar'", "did you mean Olha Bondar?"),
        ({"speaker": "petr"}, "speaker 'petr'", "did you mean Ivan Petrenko?"),
        ({"speaker": ""}, "speaker ''", "There are: Ann Li, Ivan Petrenko, Olha Bondar"),
        ({"speaker": 3}, "speaker 3", "one name"),
        ({"voice": "quotes"}, "voice 'quotes'", "did you mean quoted?"),
        ({"outlets": "BBC"}, "filter 'outlets'", "did you mean outlet?"),
    ],
    ids=case_id,
)
def test_an_invalid_filter_is_named_with_the_nearest(corpus, filters, place, remedy):
    for ask in (corpus.concordance, corpus.collocations):
        with pytest.raises(ct.InputError) as error:
            ask("army", **filters)
        assert error.value.where == place
        assert remedy in error.value.remedy


def test_a_partition_is_read_again_when_its_tokens_have_changed(tmp_path):
    corpus = write(tmp_path, REPORTS[:4], 2)
    before = corpus.concordance("army").hits
    store = open_store(tmp_path / "data")
    store.write("tokens", 1, store.read("tokens", 1).with_columns(norm=pl.lit("army")))
    path = store.partitions("tokens")[1]
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert corpus.concordance("army").hits > before


def test_a_partition_is_read_again_when_its_quotations_have_changed(tmp_path):
    corpus = write(tmp_path, REPORTS[:4], 2)
    before = corpus.concordance("*", voice="quoted").hits
    store = open_store(tmp_path / "data")
    store.write("quotes", 1, store.read("quotes", 1).clear())
    path = store.partitions("quotes")[1]
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert 0 < corpus.concordance("*", voice="quoted").hits < before


def test_names_of_all_partitions_are_read_again_with_them(tmp_path):
    corpus = write(tmp_path, REPORTS[:4], 2)
    corpus.concordance("army")
    assert "Olha Bondar" in corpus.words.speakers
    store = open_store(tmp_path / "data")
    for number in range(2):
        store.write("quotes", number, store.read("quotes", number).with_columns(speaker_name=pl.lit("Ann Li")))
        path = store.partitions("quotes")[number]
        os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    corpus.concordance("army")
    assert corpus.words.speakers == ["Ann Li"]


@pytest.mark.parametrize("table", ["tokens", "quotes", "places"])
def test_a_table_older_than_the_documents_is_named_with_its_step(tmp_path, table):
    corpus = write(tmp_path, REPORTS[:4], 2)
    store = open_store(tmp_path / "data")
    tables = {name: getattr(corpus, name).collect() for name in ("documents", "tokens", "quotes", "places")}
    for number in range(2):  # each has the reports of the other
        mine = pl.col("doc_id").is_in([r.row["doc_id"] for r in REPORTS[2 - 2 * number : 4 - 2 * number]])
        for name in set(tables) - {table}:
            store.write(name, number, tables[name].filter(mine))
    with pytest.raises(ct.InputError) as error:
        corpus.concordance("*", place="Kyiv")
    assert f"data/{table}/part-00000.parquet" in error.value.where
    assert f"corpus_tools {TABLES[table].step}" in error.value.remedy


@pytest.mark.parametrize("number", [0, 1])
def test_a_partition_that_is_missing_is_named_with_its_step(tmp_path, number):
    corpus = write(tmp_path, REPORTS[:4], 2)
    open_store(tmp_path / "data").partitions("quotes")[number].unlink()
    with pytest.raises(ct.InputError) as error:
        corpus.concordance("army")
    assert f"data/quotes/part-0000{number}.parquet" in error.value.where
    assert "corpus_tools annotate" in error.value.remedy


def test_before_the_step_annotate_words_are_found_but_no_voices(tmp_path):
    corpus = write(tmp_path, REPORTS[:4], 2)
    wanted = corpus.concordance("army").frame
    for name in ("quotes", "names", "places"):
        shutil.rmtree(tmp_path / "data" / name)
    (tmp_path / "data" / "places").mkdir()  # as a step that was stopped leaves it
    corpus = ct.open_corpus(tmp_path)
    none = pl.lit(None, pl.String)
    assert corpus.concordance("army").frame.equals(wanted.with_columns(voice=none, speaker_name=none))
    assert corpus.frequencies("army").frame["count"].item() == wanted.height
    assert corpus.explore("army").result.hits == wanted.height
    for filters in ({"voice": "quoted"}, {"speaker": "Ann Li"}, {"place": "Kyiv"}, {"place": "Aleppo"}):
        with pytest.raises(ct.InputError) as error:
            corpus.concordance("army", **filters)
        assert "corpus_tools annotate" in error.value.remedy


def test_a_corpus_without_outlets_is_refused_an_outlet(tmp_path):
    corpus = write(tmp_path, [PlantedReport(REPORTS[0].row | {"outlet": None}, [], [], [])], 1)
    with pytest.raises(ct.InputError, match="name no outlet"):
        corpus.concordance("army", outlet="BBC")


@pytest.mark.parametrize(("kept", "read"), [(0, 6), (10**9, 3)])
def test_partitions_above_the_kept_tokens_are_forgotten(tmp_path, monkeypatch, kept, read):
    corpus = write(tmp_path, REPORTS[:6], 2)
    partitions = []
    monkeypatch.setattr(word_index, "_KEPT_TOKENS", kept)
    monkeypatch.setattr(word_index, "TokenPartition", lambda *given: partitions.append(1) or TokenPartition(*given))
    first, second = corpus.concordance("army"), corpus.concordance("army")
    assert first.frame.equals(second.frame)
    assert len(partitions) == read


def test_the_partition_read_last_is_kept_the_longest(tmp_path, monkeypatch):
    corpus = write(tmp_path, REPORTS[:6], 2)
    sizes = [len(corpus.words.partition(n)) for n in range(3)]
    monkeypatch.setattr(word_index, "_KEPT_TOKENS", sum(sizes) - 1)
    one = corpus.words.partition(0)
    two = corpus.words.partition(2)
    assert corpus.words.partition(0) is one
    assert corpus.words.partition(2) is two


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> ct.Corpus:
    return write(tmp_path_factory.mktemp("many"), [report(n) for n in range(40)], 1)


@pytest.mark.parametrize(
    "ask",
    [
        *(lambda c, sort=sort: c.concordance("*", limit=200, sort=sort) for sort in ("text", "left")),
        lambda c: c.concordance("*", sample=200),
        lambda c: c.frequencies(),
        lambda c: c.dispersion("army"),
        lambda c: c.collocations("army"),
    ],
    ids=["text", "left", "sample", "frequencies", "dispersion", "collocations"],
)
def test_one_partition_after_the_other_is_in_memory(many, monkeypatch, ask):
    alive, most = weakref.WeakSet(), []

    class Seen(TokenPartition):
        def __init__(self, *given):
            super().__init__(*given)
            alive.add(self)
            most.append(len(alive))

    heights = []
    first = concordance_module._first

    def seen(frames, *given):
        heights.append(sum(frame.height for frame in frames))
        return first(frames, *given)

    monkeypatch.setattr(word_index, "_KEPT_TOKENS", 0)
    monkeypatch.setattr(word_index, "TokenPartition", Seen)
    monkeypatch.setattr(concordance_module, "_first", seen)
    many.words._partitions.clear()
    result = ask(many)
    assert len(most) == 40
    assert max(most) <= 2  # the one at hand, and the next while it is being read
    if isinstance(result, Concordance):
        largest = max(len(many.words.partition(n)) for n in range(40))
        assert result.hits > 10 * largest > 0
        assert max(heights) <= 200 + largest

"""The corpus as NLTK reads one: the reference is NLTK's own reader on the same texts, and the tables themselves."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain, pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import nltk
import polars as pl
import pytest
from case_ids import case_id
from hypothesis import given
from hypothesis import strategies as st
from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder
from nltk.corpus.reader import CategorizedPlaintextCorpusReader
from nltk.draw.dispersion import dispersion_plot
from nltk.text import ConcordanceIndex
from planted import environment

import corpus_tools as ct
from corpus_tools.explore.nltk_reader import _Partition
from corpus_tools.nltk_fast.punkt import news_punkt
from corpus_tools.pipeline import TABLES, open_store
from corpus_tools.runtime.store import Store
from corpus_tools.tokenise.texts import tokenise_partition

# Some reports without words, a blank line with blanks in it, characters of two code units; ids in no order over all.
REPORTS = [
    {
        "z-1": ("Post", "Gen. Mattis left the city. It’s late in the city.\n\nTroops went on.\n \nThe city slept."),
        "z-2": ("Star", ""),
        "z-3": (None, "The envoy \U0001d54fspoke. Nobody listened."),
    },
    {"a-1": ("Star", ""), "a-2": ("Star", "")},
    {
        "m-1": ("Post", "\n\nThe talks failed.\n\nThe talks went on in the city.\n\n"),
        "m-2": ("Mail", "The train came. \U0001f689\U0001f689 Late.\n\nThe train left the city."),
        "m-3": ("Star", "Shells fell on the city."),
    },
    {"k-1": ("Mail", "Refugees’ homes burned in the city."), "k-2": ("Post", "Rain.")},
]


ALL = {doc_id: report for partition in REPORTS for doc_id, report in partition.items()}


UNITS = ["words", "sents", "paras"]


def write(root: Path, number: int, reports: dict[str, tuple[str | None, str]], body_start: int = 0) -> None:
    """One partition of documents, and what the tokenise step makes of it."""
    empty = dict.fromkeys(TABLES["documents"].schema) | {"published": date(2022, 4, 8), "body_start": body_start}
    documents = [empty | {"doc_id": i, "outlet": outlet, "text": text} for i, (outlet, text) in reports.items()]
    store = open_store(root / "data")
    store.write("documents", number, pl.DataFrame(documents, schema=TABLES["documents"].schema))
    tables = tokenise_partition(news_punkt(), store.read("documents", number))
    for name in ("sentences", "tokens"):
        store.write(name, number, tables[name])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> ct.Corpus:
    root = tmp_path_factory.mktemp("corpus")
    for number, reports in enumerate(REPORTS):
        write(root, number, reports)
    return ct.open_corpus(root)


@pytest.fixture(scope="module")
def reader(corpus):
    return ct.as_nltk(corpus)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory) -> Iterator[CategorizedPlaintextCorpusReader]:
    """NLTK's reader on the texts as files, with the tokenisers that the tables are made with."""
    folder = tmp_path_factory.mktemp("files")
    for doc_id, (_, text) in ALL.items():
        (folder / doc_id).write_bytes(text.encode())
    nltk.data.path.append(str(folder))  # NLTK reads from nowhere else
    yield CategorizedPlaintextCorpusReader(
        str(folder),
        list(ALL),
        cat_map={doc_id: [outlet] for doc_id, (outlet, _) in ALL.items() if outlet},
        word_tokenizer=nltk.tokenize.NLTKWordTokenizer(),
        sent_tokenizer=news_punkt().splitter().nltk,
    )
    nltk.data.path.remove(str(folder))


@pytest.fixture
def reads(monkeypatch) -> list[tuple[str, int | None, str]]:
    """What is read from the disk from here on: table, partition and column, in order."""
    columns_read = []
    read = Store.read

    def spy(self, name, index=None, columns=None):
        columns_read.extend((name, index, column) for column in columns or ["*"])
        return read(self, name, index, columns)

    monkeypatch.setattr(Store, "read", spy)
    return columns_read


CHOICES = [
    {},
    {"fileids": "m-1"},
    {"fileids": ["m-2", "z-1", "m-2", "k-1"]},
    {"fileids": ("a-1", "z-2")},
    {"categories": "Post"},
    {"categories": ["Star", "Mail"]},
]


@pytest.mark.parametrize("categories", [None, "Post", "Star", ["Mail", "Post"], ["Post", "Post"]], ids=case_id)
def test_fileids_are_nltks(reader, theirs, categories):
    got = reader.fileids(categories)
    assert sorted(got) == sorted(theirs.fileids(categories))
    assert got == [doc_id for doc_id in ALL if doc_id in got]  # NLTK sorts these; here they stay in the tables' order


@pytest.mark.parametrize("fileids", [None, "z-1", "z-3", ["z-1", "z-3"], ["k-1", "a-1", "m-2"]], ids=case_id)
def test_categories_are_nltks(reader, theirs, fileids):
    assert reader.categories(fileids) == theirs.categories(fileids)


def in_order(reader, choice: dict) -> list[str] | None:
    """The same choice as fileids, so that NLTK takes them in the tables' order."""
    return reader.fileids(choice["categories"]) if "categories" in choice else choice.get("fileids")


@pytest.mark.parametrize("choice", CHOICES, ids=case_id)
def test_raw_is_nltks(reader, theirs, choice):
    assert reader.raw(**choice) == theirs.raw(in_order(reader, choice))


@pytest.mark.parametrize("choice", CHOICES, ids=case_id)
def test_sentences_and_paragraphs_are_nltks(reader, theirs, choice):
    fileids = in_order(reader, choice)
    assert list(reader.sents(**choice)) == list(theirs.sents(fileids))
    assert list(reader.paras(**choice)) == list(theirs.paras(fileids))
    assert list(reader.words(**choice)) == list(chain.from_iterable(theirs.sents(fileids)))


def test_fileids_and_categories_cannot_both_be_given(reader, theirs):
    for name in ("raw", *UNITS):
        with pytest.raises(ValueError, match="not both"):
            getattr(theirs, name)("z-1", "Post")
        with pytest.raises(ct.InputError, match="both are given"):
            getattr(reader, name)("z-1", "Post")


def test_words_and_tags_are_the_tokens_as_written(corpus, reader):
    tokens = corpus.tokens.collect()
    assert list(reader.words()) == tokens["token"].to_list()
    assert list(reader.tagged_words()) == tokens.select("token", "pos").rows()
    some = tokens.filter(pl.col("doc_id") == "k-1").select("token", "pos").rows()
    assert list(reader.tagged_words("k-1")) == some
    assert any("’" in word for word, _ in some)


@pytest.mark.parametrize("choice", CHOICES, ids=case_id)
def test_tags_are_at_their_words(reader, choice):
    assert list(chain.from_iterable(reader.tagged_sents(**choice))) == list(reader.tagged_words(**choice))
    for name in ("sents", "paras"):
        tagged = list(getattr(reader, f"tagged_{name}")(**choice))
        sents = tagged if name == "sents" else list(chain.from_iterable(tagged))
        plain = [[word for word, _ in sent] for sent in sents]
        assert plain == list(reader.sents(**choice))
        if name == "paras":
            assert [len(para) for para in tagged] == [len(para) for para in reader.paras(**choice)]


def test_lines_part_sentences_but_no_paragraphs_and_words_begin_after_the_dateline(tmp_path):
    write(tmp_path, 0, {"a": ("Post", "KYIV: One line\nanother line\n\nThe end.")}, body_start=6)
    reader = ct.as_nltk(ct.open_corpus(tmp_path))
    assert list(reader.paras()) == [[["One", "line"], ["another", "line"]], [["The", "end", "."]]]
    assert reader.raw() == "KYIV: One line\nanother line\n\nThe end."


def test_frequencies_are_those_of_the_table(corpus, reader):
    counted = corpus.tokens.group_by("token").len().collect()
    assert nltk.FreqDist(reader.words()) == dict(counted.rows())
    of_outlets = corpus.tokens.join(corpus.documents, on="doc_id").filter(pl.col("outlet").is_not_null())
    counted = of_outlets.group_by("outlet", "token").len().collect()
    by_outlet = nltk.ConditionalFreqDist((o, word) for o in reader.categories() for word in reader.words(categories=o))
    assert {(o, word): n for o in by_outlet for word, n in by_outlet[o].items()} == {
        row[:2]: row[2] for row in counted.rows()
    }


def test_collocations_are_those_of_the_table(corpus, reader):
    tokens = corpus.tokens.collect()["token"]
    finder = BigramCollocationFinder.from_words(reader.words())
    assert finder.ngram_fd == Counter(pairwise(tokens))
    most = [pair for pair, n in Counter(pairwise(tokens)).items() if n > 4]
    assert set(finder.nbest(BigramAssocMeasures.raw_freq, len(most))) == set(most) > {("the", "city")}
    by_sentence = BigramCollocationFinder.from_documents(reader.sents())
    assert by_sentence.ngram_fd[("city", ".")] == finder.ngram_fd[("city", ".")]
    assert (".", "The") not in by_sentence.ngram_fd
    assert (".", "The") in finder.ngram_fd


def test_a_text_is_searched_and_drawn(corpus, reader):
    words = corpus.tokens.collect()["token"].to_list()
    text = nltk.Text(reader.words())
    assert text.count("city") == words.count("city")
    assert text.vocab() == Counter(words)
    assert text.index("Rain") == words.index("Rain")
    lines = text.concordance_list("CITY", lines=99)
    assert [line.offset for line in lines] == [i for i, word in enumerate(words) if word == "city"]
    assert [line.right for line in lines] == [
        words[i + 1 : i + 1 + len(line.right)] for line in lines for i in [line.offset]
    ]
    axes = dispersion_plot(text, ["city", "talks"])  # what text.dispersion_plot draws, before it opens a window
    plt.close(axes.figure)
    assert sorted(axes.lines[0].get_xdata()) == [i for i, word in enumerate(words) if word in {"city", "talks"}]


def test_a_view_is_searched_without_a_copy(corpus, reader):
    words = corpus.tokens.collect()["token"].to_list()
    view = reader.words()
    assert ConcordanceIndex(view).offsets("city") == [i for i, word in enumerate(words) if word == "city"]
    assert [line.left for line in ConcordanceIndex(view).find_concordance("talks")] == [
        words[max(0, i - len(line.left)) : i]
        for line in ConcordanceIndex(words).find_concordance("talks")
        for i in [line.offset]
    ]
    assert view.count("city") == words.count("city")
    assert view.index("talks") == words.index("talks")
    assert "Moon" not in view
    assert list(view + reader.words("k-2")) == [*words, "Rain", "."]


CUT = st.none() | st.integers(-70, 70)


@given(st.data())
def test_indices_and_slices_are_those_of_the_list(reader, data):
    unit, choice = data.draw(st.sampled_from(UNITS)), data.draw(st.sampled_from(CHOICES))
    first, start, stop = data.draw(CUT), data.draw(CUT), data.draw(CUT)
    view = getattr(reader, unit)(**choice)
    items = list(view)
    if first is not None:
        if -len(items) <= first < len(items):
            assert view[first] == items[first]
        else:
            with pytest.raises(IndexError):
                view[first]
        assert list(view.iterate_from(abs(first))) == items[abs(first) :]
    assert list(view[start:stop]) == items[start:stop]
    assert len(view[start:stop]) == len(items[start:stop])
    assert len(view) == len(items)


def test_nothing_chosen_is_an_empty_sequence(reader):
    assert reader.raw([]) == ""
    assert reader.categories([]) == reader.fileids([]) == []
    assert (len(reader.words([])), list(reader.sents([])), list(reader.paras("z-2"))) == (0, [], [])


def test_only_what_is_looked_at_is_read(corpus, reads):
    reader = ct.as_nltk(corpus)
    views = [reader.words(), reader.paras(categories="Post"), reader.tagged_words("m-1")]
    reader.fileids(), reader.categories()
    assert {name for name, *_ in reads} == {"documents"}
    assert {column for *_, column in reads} == {"doc_id", "outlet"}
    reads.clear()
    assert views[0][0] == "Gen."
    assert repr(views[0]).startswith("['Gen.', 'Mattis', ")
    assert views[2][0] == ("The", "DT")
    assert {(name, number) for name, number, _ in reads} == {("tokens", 0), ("tokens", 2)}
    assert len(reads) == len(set(reads))


def test_to_count_reads_no_words(corpus, reads):
    reader = ct.as_nltk(corpus)
    rows = corpus.tokens.collect()
    assert len(reader.words()) == rows.height
    assert len(reader.sents()) == corpus.sentences.collect().height
    assert not {"token", "norm", "lemma", "pos", "*"} & {column for *_, column in reads}


@pytest.mark.slow
def test_to_read_all_reads_each_partition_once_and_forgets_it(tmp_path, reads):
    for number in range(8):
        write(tmp_path, number, {f"r{number}{i:02d}": ("Post", "The city slept well. " * 30) for i in range(10)})
    words = ct.as_nltk(ct.open_corpus(tmp_path)).words()
    assert len(words) == 8 * 10 * 30 * 5
    reads.clear()
    held = [sum(type(o) is _Partition for o in gc.get_objects()) for i, _ in enumerate(words) if i % 1_500 == 0]
    assert [number for _, number, column in reads if column == "token"] == list(range(8))
    assert max(held) < 8
    tracemalloc.start()
    for _ in words:
        pass
    one_by_one = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    assert len(list(words)) == len(words)
    assert one_by_one < tracemalloc.get_traced_memory()[1] / 4
    tracemalloc.stop()


@pytest.mark.slow
def test_nothing_is_imported_before_it_is_asked_for():
    code = (
        "import sys, corpus_tools as ct; print(sorted({m.split('.')[0] for m in sys.modules} & {'nltk'}), ct.as_nltk)"
    )
    run = subprocess.run([sys.executable, "-c", code], env=environment(1), capture_output=True, text=True, check=True)
    assert run.stdout.startswith("[] <function as_nltk")
    assert set(ct.__all__) <= set(dir(ct))


@pytest.mark.parametrize("name", ["raw", *UNITS, "tagged_words", "tagged_sents", "tagged_paras"])
def test_the_nearest_is_named(reader, name):
    with pytest.raises(ct.InputError, match=r"report 'm-9'(.|\n)*did you mean m-\d\?"):
        getattr(reader, name)(["m-1", "m-9"])
    with pytest.raises(ct.InputError, match=r"category 'Pots'(.|\n)*did you mean Post\?"):
        getattr(reader, name)(categories="Pots")


def test_unknown_names_are_refused_when_listing_too(reader):
    with pytest.raises(ct.InputError, match="'Pots'"):
        reader.fileids(["Post", "Pots"])
    with pytest.raises(ct.InputError, match="'m-9'"):
        reader.categories("m-9")


def test_missing_tags_are_refused(tmp_path):
    write(tmp_path, 0, {"a": ("Post", "It rains.")})
    store = open_store(tmp_path / "data")
    store.write("tokens", 0, store.read("tokens", 0).with_columns(pos=pl.lit(None, pl.String)))
    reader = ct.as_nltk(ct.open_corpus(tmp_path))
    assert list(reader.words()) == ["It", "rains", "."]
    for name in ("tagged_words", "tagged_sents", "tagged_paras"):
        with pytest.raises(ct.InputError, match=r"tokenise\.tagger in params\.yaml"):
            list(getattr(reader, name)())


def test_tables_made_again_are_not_mistaken_for_the_old_ones(tmp_path):
    write(tmp_path, 0, {"b": ("Post", "It rains.")})
    reader = ct.as_nltk(ct.open_corpus(tmp_path))
    assert reader.fileids() == ["b"]
    write(tmp_path, 0, {"a": ("Post", "It snows."), "b": ("Post", "It rains.")})
    with pytest.raises(ct.InputError, match="make a new one"):
        reader.words()[0]


def test_it_is_shown_in_short(corpus, reader):
    assert repr(reader) == f"<NltkReader in '{corpus.root}'>"
    assert reader.root == corpus.root
    assert repr(reader.words("k-2")) == "['Rain', '.']"
    assert all(len(repr(getattr(reader, unit)())) <= 80 for unit in UNITS)
    assert not [name for name in ("abspath", "readme", "license", "citation") if hasattr(reader, name)]

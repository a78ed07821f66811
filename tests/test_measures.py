"""The numbers of exploring, against published examples, other implementations, and counting by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import nltk
import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection
from nltk.metrics import BigramAssocMeasures
from scipy.stats import chi2, chi2_contingency, false_discovery_control, hypergeom
from test_explore import REPORTS, Report, write

import corpus_tools as ct
from corpus_tools.errors import InputError
from corpus_tools.explore import collocations, keyness, measures
from corpus_tools.explore.frequencies import tally
from corpus_tools.explore.word_index import Where
from corpus_tools.runtime.store import Store

# ---- how surely, and by how much, two rates differ ------------------------------------------------------------------

CELLS = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 5000), st.integers(1, 5000))


@given(CELLS)
def test_g2_is_the_likelihood_ratio_of_four_cells(cells):
    a, b, rest_a, rest_b = cells
    assume(a + b)
    table = [[a, b], [rest_a, rest_b]]
    wanted = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    found = measures.g2(np.array([a]), np.array([b]), a + rest_a, b + rest_b)[0]
    assert abs(found) == pytest.approx(wanted, abs=1e-8)
    assert np.sign(found) in {0, np.sign(a / (a + rest_a) - b / (b + rest_b))}


def test_g2_orders_words_as_quantedas_textstat_keyness_does():
    # The example in quanteda's tests of `textstat_keyness(measure = "lr")`; `g`, which has a count of zero, stands last
    # there because ln 0 is no number, so it is left out here.
    target = Counter("a a a b b c c c c c c d e f g h h".split())
    reference = Counter("a a b c c d d d d e f h".split())
    words = np.array(list("cbhaefd"))
    a, b = (np.array([side[word] for word in words]) for side in (target, reference))
    found = measures.g2(a, b, target.total(), reference.total())
    assert words[np.argsort(-found, kind="stable")].tolist() == list("cbhaefd")
    assert np.all(np.diff(found) <= 1e-12)


def test_g2_of_a_table_that_quanteda_and_r_agree_on():
    # d1 "b b b b b b b a a a", d2 "a a a a a a a b b": a stands 3 times of 10, and 7 times of 9.
    wanted = chi2_contingency([[3, 7], [7, 2]], correction=False, lambda_="log-likelihood").statistic
    assert measures.g2(np.array([3]), np.array([7]), 10, 9)[0] == pytest.approx(-wanted)


def test_the_log_ratio_doubles_by_one():
    # Hardie (2014): one point for each doubling; a count of zero is taken for half an occurrence.
    a, b = np.array([8, 4, 2, 1, 0]), np.array([2, 2, 2, 2, 2])
    assert measures.log_ratio(a, b, 100, 100).tolist() == pytest.approx([2, 1, 0, -1, -2])
    assert measures.log_ratio(a, b, 200, 100).tolist() == pytest.approx([1, 0, -1, -2, -3])


def test_p_values_are_corrected_for_their_number():
    # By hand (Benjamini and Hochberg 1995): p times the number of tests over its rank, at most that of a higher rank.
    p = np.array([0.01, 0.04, 0.03, 0.5])
    found = measures.corrected(chi2.isf(p, 1) * [1, -1, 1, -1])
    assert found.tolist() == pytest.approx([0.04, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5])


def burst(rng: np.random.Generator, reports: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts of a word that comes in bursts, and the lengths of the reports."""
    sizes = rng.integers(100, 900, reports)
    return rng.poisson(sizes * rate * rng.gamma(0.2, 5.0, reports)), sizes


def test_the_variance_of_a_rate_is_that_of_the_ratio_estimator():
    counts, sizes = burst(np.random.default_rng(3), 40, 0.01)
    rate = counts.sum() / sizes.sum()
    wanted = 40 / 39 * ((counts - rate * sizes) ** 2).sum() / sizes.sum() ** 2 / rate**2
    sums = ([counts.sum()], [(counts**2).sum()], [(counts * sizes).sum()])
    found = measures.rate_variance(*map(np.array, sums), (sizes**2).sum(), sizes.sum(), 40)
    assert found[0] == pytest.approx(wanted)


def test_the_interval_of_the_log_ratio_covers_a_planted_ratio_where_words_come_in_bursts():
    rng = np.random.default_rng(0)
    covered = naive = 0
    for _ in range(500):
        sides = [burst(rng, 300, rate) for rate in (0.004, 0.002)]
        (a, b), (of_a, of_b) = ([x.sum() for x in side] for side in zip(*sides, strict=True))
        ratio = measures.log_ratio(np.array([a]), np.array([b]), of_a, of_b)[0]
        variance = sum(
            measures.rate_variance(
                np.array([c.sum()]), np.array([(c**2).sum()]), np.array([(c * n).sum()]), (n**2).sum(), n.sum(), len(n)
            )[0]
            for c, n in sides
        )
        covered += abs(ratio - 1) < 1.96 * np.sqrt(variance) / np.log(2)
        naive += abs(ratio - 1) < 1.96 * np.sqrt(1 / a + 1 / b) / np.log(2)
    assert 0.92 <= covered / 500 <= 0.98
    assert naive / 500 < 0.7  # what it would be, were words drawn one by one


# ---- company --------------------------------------------------------------------------------------------------------


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50), st.integers(1, 10**5))
def test_measures_of_company_are_those_of_nltk(both, more_node, more_word, rest):
    node, word = both + more_node, both + more_word
    of = node + word + rest
    given = (both, (node, word), of)
    assert measures.log_dice(np.array([both]), node, np.array([word]))[0] == pytest.approx(
        14 + np.log2(BigramAssocMeasures.dice(*given))  # Rychly (2008)
    )
    wanted = BigramAssocMeasures.pmi(*given) / -np.log2(both / of)  # Bouma (2009)
    assert measures.npmi(np.array([both]), node, np.array([word]), of)[0] == pytest.approx(wanted)
    g2 = measures.g2(np.array([both]), np.array([word - both]), node, of - node)[0]
    assert abs(g2) == pytest.approx(BigramAssocMeasures.likelihood_ratio(*given), rel=1e-6, abs=1e-6)


# ---- spread ---------------------------------------------------------------------------------------------------------

# Gries (2008): five parts of 9, 10, 10, 10 and 11 words.
PARTS = "bamnibeup basatbewqn bcagabesta baghabeaat bahaabeaxat".split()


def test_dispersion_is_that_of_the_published_example():
    counts = np.array([[part.count("a") for part in PARTS]])
    sizes = np.array([len(part) for part in PARTS])
    assert counts.tolist() == [[1, 2, 3, 4, 5]]
    assert measures.dp(counts, sizes)[0] == pytest.approx(0.18, abs=5e-3)
    assert measures.dp(counts, sizes, normalised=True)[0] == pytest.approx(0.22, abs=5e-3)
    assert measures.juilland_d(counts, sizes)[0] == pytest.approx(0.785, abs=5e-4)


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(50, 90)), min_size=2, max_size=8))
def test_dispersion_has_its_bounds(parts):
    sizes = np.array([size for _, size in parts])
    even, one = sizes[None] * 2, np.zeros((1, len(parts)))
    one[0, sizes.argmin()] = 7
    assert measures.dp(even, sizes, normalised=True)[0] == pytest.approx(0, abs=1e-12)
    assert measures.dp(one, sizes, normalised=True)[0] == pytest.approx(1)
    assert measures.juilland_d(even, sizes)[0] == pytest.approx(1)
    assert measures.juilland_d(one, sizes)[0] == pytest.approx(0, abs=1e-12)


# ---- richness -------------------------------------------------------------------------------------------------------

TEXTS = st.lists(st.sampled_from([f"w{int(k**1.7)}" for k in range(40)]), min_size=60, max_size=200)


def numbers(words: list[str]) -> np.ndarray:
    return np.unique(words, return_inverse=True)[1]


def mattr_by_hand(words: list[str], window: int) -> float:
    return float(np.mean([len({*words[k : k + window]}) / window for k in range(len(words) - window + 1)]))


def hdd_by_hand(words: list[str]) -> float:
    drawn = (1 - hypergeom.pmf(0, len(words), often, 42) for often in Counter(words).values())
    return float(sum(drawn)) / 42


def factors(words: list[str]) -> float:
    """How many times the ratio falls to 0.72, the rest in part (McCarthy and Jarvis 2010)."""
    for length in range(1, len(words) + 1):
        if len({*words[:length]}) / length <= 0.72:
            return 1 + factors(words[length:])
    return (1 - len({*words}) / len(words)) / 0.28 if words else 0.0


def mtld_by_hand(words: list[str]) -> float:
    return float(np.mean([len(words) / factors(text) for text in (words, words[::-1])]))


@given(TEXTS)
def test_richness_is_as_defined(words):
    assert measures.mattr(numbers(words), 50) == pytest.approx(mattr_by_hand(words, 50))
    assert measures.hdd(np.bincount(numbers(words))) == pytest.approx(hdd_by_hand(words))
    assert measures.mtld(numbers(words).tolist()) == pytest.approx(mtld_by_hand(words))


def test_mtld_of_the_published_example():
    # McCarthy and Jarvis (2010) count one factor in it: the ratio falls to .667 at the sixth word; what is left has no
    # repetition. Read backwards it falls to .6 at the fifth.
    words = "of the people by the people for the people".split()
    assert measures.mtld(numbers(words).tolist()) == pytest.approx(9)
    assert measures.mtld([]) != measures.mtld([])
    assert measures.mtld([0, 1, 2]) == 3  # no word comes twice: it is one stretch that has not ended


# ---- counts ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> ct.Corpus:
    return write(tmp_path_factory.mktemp("measures"), REPORTS, 7)


@pytest.fixture(scope="module")
def sentences(corpus) -> list[tuple[str, list[str]]]:
    """Each sentence with its report, in small letters and with straight apostrophes."""
    rows = corpus.tokens.with_columns(pl.col("norm").cast(pl.String).str.replace_all("’", "'")).collect()
    grouped = rows.group_by("doc_id", "sentence", maintain_order=True).agg("norm")
    return [(doc, words) for doc, _, words in grouped.iter_rows()]


def is_word(token: str) -> bool:
    return any(c.isalpha() for c in token)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_frequencies_are_those_of_nltks_ngrams(corpus, sentences, n):
    grams = [
        (doc, " ".join(gram)) for doc, words in sentences for gram in nltk.ngrams(words, n) if all(map(is_word, gram))
    ]
    found = corpus.frequencies(n=n).frame
    assert dict(found.select("term", "count").iter_rows()) == Counter(gram for _, gram in grams)
    reports = Counter(gram for _, gram in set(grams))
    assert dict(found.select("term", "reports").iter_rows()) == reports
    firsts = {r.row["doc_id"] for r in REPORTS if r.row["is_first_report"]}
    wanted = Counter(gram for doc, gram in set(grams) if doc in firsts)
    assert dict(found.select("term", "clusters").iter_rows()) == {term: wanted[term] for term in reports}
    assert found["per_million"].to_list() == pytest.approx([c / len(grams) * 1e6 for c in found["count"]])
    assert found.equals(found.sort("count", "term", descending=[True, False]))


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


def test_spread_over_weeks_and_outlets_is_counted_by_part(corpus, sentences):
    about = {r.row["doc_id"]: r.row for r in REPORTS}
    part_of = {
        "outlet": lambda row: row["outlet"],
        "week": lambda row: row["published"] and str(row["published"] - timedelta(days=row["published"].weekday())),
    }
    for over, part in part_of.items():
        sizes, hits = Counter(), Counter()
        for doc, words in sentences:
            sizes[part(about[doc])] += sum(map(is_word, words))
            hits[part(about[doc])] += words.count("army")
        names = sorted(name for name in sizes if name)
        found = corpus.dispersion("army", over=over)
        assert found.frame["part"].to_list() == names
        assert found.frame["count"].to_list() == [hits[name] for name in names]
        assert found.frame["words"].to_list() == [sizes[name] for name in names]
        counts = np.array([[hits[name] for name in names]])
        assert found.dp == pytest.approx(measures.dp(counts, np.array([sizes[name] for name in names]))[0])
        listed = corpus.frequencies("army", over=over).frame
        assert listed["dp_norm"].to_list() == pytest.approx([found.dp_norm])
        undated = sum(words.count("army") for doc, words in sentences if about[doc]["published"] is None)
        assert found.hits.height == sum(hits.values()) - undated


def test_a_hit_stands_within_its_day_where_its_words_stand(corpus):
    hits = corpus.dispersion("army").hits
    days = {(r.row["outlet"], r.row["published"]) for r in REPORTS if r.row["published"]}
    assert {(o, date(1970, 1, 1) + timedelta(days=int(at))) for o, at in hits.iter_rows()} <= days
    assert hits.select((pl.col("at") % 1).n_unique()).item() > 5


# ---- company in texts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "window"), [("army", 1), ("army", 5), ("the", 3), ("the attack", 2)])
def test_words_in_a_window_are_counted_as_by_hand(corpus, sentences, typed, window):
    node = typed.split()
    together, left, hits, inside = Counter(), Counter(), 0, 0
    for _, tokens in sentences:
        words = [token for token in tokens if is_word(token)]
        # A pattern stands in neighbouring tokens; none of these has punctuation within.
        at = [k for k in range(len(words)) if words[k : k + len(node)] == node and _neighbours(tokens, words, k, node)]
        hits += len(at)
        own = {k + i for k in at for i in range(len(node))}
        sides = {}
        for step in range(1, window + 1):
            for sign in (1, -1):
                for k in at:
                    to = k + len(node) - 1 + step if sign > 0 else k - step
                    if 0 <= to < len(words) and to not in own:
                        sides.setdefault(to, sign)
        inside += len(sides)
        together.update(words[k] for k in sides)
        left.update(words[k] for k, sign in sides.items() if sign < 0)
    found = corpus.collocations(typed, window=window, min_together=1)
    assert dict(found.frame.select("term", "together").iter_rows()) == together
    assert {t: n for t, n in found.frame.select("term", "left").iter_rows() if n} == left
    counts = Counter(word for _, tokens in sentences for word in tokens if is_word(word))
    assert dict(found.frame.select("term", "count").iter_rows()) == {term: counts[term] for term in together}
    word, n = together.most_common(1)[0]
    row = found.frame.row(by_predicate=pl.col("term") == word, named=True)
    cells = (n, (inside, counts[word]), counts.total())
    assert abs(row["g2"]) == pytest.approx(BigramAssocMeasures.likelihood_ratio(*cells), rel=1e-6, abs=1e-6)
    assert row["log_dice"] == pytest.approx(14 + np.log2(2 * n / (hits + counts[word])))


def _neighbours(tokens: list[str], words: list[str], k: int, node: list[str]) -> bool:
    places = [i for i, token in enumerate(tokens) if is_word(token)]
    return all(b - a == 1 for a, b in pairwise(places[k : k + len(node)]))


def test_rare_company_is_left_out_and_pairs_are_those_of_the_list(corpus):
    all_of, some = (corpus.collocations("army", min_together=n) for n in (1, 8))
    assert some.frame["term"].to_list() == [t for t, n in all_of.frame.select("term", "together").iter_rows() if n >= 8]
    assert some.frame.equals(some.frame.sort("log_dice", "term", descending=[True, False]))
    assert {*some.pairs["term"], *some.pairs["other"]} <= {*some.frame["term"]}
    assert (some.pairs["term"] < some.pairs["other"]).all()
    with pytest.raises(InputError, match="window 0"):
        corpus.collocations("army", window=0)


def test_company_is_corrected_for_all_words_and_not_for_those_that_were_met(corpus):
    found, some = (corpus.collocations("army", window=1, min_together=n).frame for n in (1, 8))
    count = corpus.frequencies().frame.filter(pl.col("term") != "army")
    words = corpus.frequencies().frame["count"].sum()
    both = count.join(found.select("term", "together"), on="term", how="left").fill_null(0)
    assert both.filter(together=0).height > 3
    a, c = both["together"].to_numpy(), both["count"].to_numpy()
    g2 = measures.g2(a, c - a, a.sum(), words - a.sum())
    family = dict(zip(both["term"], false_discovery_control(chi2.sf(np.abs(g2), 1)), strict=True))
    for row in some.iter_rows(named=True):
        assert row["q"] == pytest.approx(family[row["term"]], rel=1e-6)


# ---- drawings -------------------------------------------------------------------------------------------------------


def test_a_barcode_has_a_line_for_each_hit_and_a_network_a_point_for_each_word(corpus):
    found = corpus.dispersion("army")
    drawn = found.barcode()
    lines = [c for c in drawn.axes[0].collections if isinstance(c, LineCollection)]
    assert sum(len(c.get_segments()) for c in lines) == found.hits.height
    names = [text.get_text() for text in drawn.axes[0].get_yticklabels()]
    assert names == [
        f"{o} ({n})"
        for o, n in found.hits["outlet"].value_counts().sort("count", "outlet", descending=[True, False]).iter_rows()
    ]
    near = corpus.collocations("army", min_together=1)
    network = near.network(words=6)
    written = {text.get_text() for text in network.axes[0].texts}
    assert written == {"army", *near.frame["term"].head(6)}
    assert all(term in network.alt for term in near.frame["term"].head(5))
    terms = near.frame["term"].head(6).to_list()
    (points,) = (line for line in network.axes[0].lines if line.get_marker() == "o")
    at = dict(zip(terms, map(tuple, points.get_xydata()), strict=True))
    joined = near.pairs.filter(pl.col("term").is_in(terms), pl.col("other").is_in(terms)).sort("together")
    thickest = max(
        (line for line in network.axes[0].lines if line.get_color() == "C1"), key=lambda x: x.get_linewidth()
    )
    most = joined.filter(pl.col("together") == pl.col("together").max())
    assert {*map(tuple, thickest.get_xydata())} in [{at[one], at[other]} for one, other, _ in most.iter_rows()]


def test_drawings_of_nothing_say_so_to_those_who_see_and_those_who_hear(corpus, planted):
    undated = planted.dispersion("doubled", since="2030")
    for drawn in (corpus.collocations("nowhere").network(), undated.barcode()):
        (said,) = (text.get_text() for text in drawn.axes[0].texts)
        assert said in drawn.alt
        assert said in drawn.caption
        assert f'alt="{drawn.alt}"' in drawn._repr_html_()


# ---- keywords -------------------------------------------------------------------------------------------------------


def plain(number: int, text: str, **columns: object) -> Report:
    row = {
        "doc_id": f"k{number:03d}", "outlet": "Post" if number % 2 else "Star", "title": None,
        "published": date(2017, 1, 2) + timedelta(days=number % 56), "place": None, "body_start": 0, "text": text,
        "cluster_id": f"k{number:03d}", "is_first_report": True, **columns,
    }  # fmt: skip
    return Report(row, [], [], [])


@pytest.fixture(scope="module")
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


def test_a_planted_keyword_is_found_with_its_ratio_and_no_word_of_one_report_week_or_cluster_is(planted):
    found = planted.keyness({"outlet": "Post"}, {"outlet": "Star"})
    assert found.keywords["term"].to_list() == ["doubled"]
    row = found.keywords.row(0, named=True)
    assert row["low"] < 1 < row["high"]
    assert row["g2"] > 0
    loud = found.frame.filter(pl.col("term").is_in(["burst", "weekly", "copied"]))
    assert loud.filter(pl.col("term") != "copied")["g2"].min() > 50  # a list without gates would be headed by them
    assert (
        found.frame.row(by_predicate=pl.col("term") == "copied", named=True)["count"] == 3
    )  # of the first report only
    assert found.frame.columns == list(keyness.SCHEMA)
    assert found.frame.equals(found.frame.sort("g2", "term", descending=[True, False]))


def test_each_gate_is_what_keeps_its_word_out(planted):
    sides = ({"outlet": "Post"}, {"outlet": "Star"})
    without = planted.keyness(*sides, max_dispersion=1)
    assert "weekly" in without.keywords["term"]
    assert "weekly" not in planted.keyness(*sides).keywords["term"]
    assert "burst" in planted.keyness(*sides, max_dispersion=1, min_clusters=1).keywords["term"]
    assert "burst" not in without.keywords["term"]


def test_the_other_side_has_the_same_numbers_with_the_other_sign(planted):
    names = (("Post", "Star"), ("Star", "Post"))
    one, other = (planted.keyness({"outlet": a}, {"outlet": b}).frame.sort("term") for a, b in names)
    assert one["g2"].to_list() == pytest.approx((-other["g2"]).to_list())
    assert one["low"].to_list() == pytest.approx((-other["high"]).to_list())
    assert one["keyword"].to_list() == other["keyword"].to_list()


def test_without_a_reference_it_is_the_rest(planted):
    assert planted.keyness({"outlet": "Post"}).frame.equals(
        planted.keyness({"outlet": "Post"}, {"outlet": "Star"}).frame
    )


def test_the_rest_of_what_somebody_says_is_what_others_say(corpus):
    words = corpus.words
    found = corpus.keyness({"speaker": "Olha Bondar"}, min_clusters=1).frame
    own, others = Counter(), Counter()
    for part in words.parts():
        for k in np.flatnonzero(part.is_word & part.first[part.doc] & (part.speaker >= 0)):
            term = part.column().vocabulary[int(part.column().codes[k])]
            (own if part.speakers[int(part.speaker[k])] == "Olha Bondar" else others)[term] += 1
    assert dict(found.filter(pl.col("count") > 0).select("term", "count").iter_rows()) == own
    assert dict(found.filter(pl.col("reference") > 0).select("term", "reference").iter_rows()) == others
    quoted = corpus.keyness({"speaker": "Olha Bondar", "voice": "quoted"}, min_clusters=1).frame
    assert 0 < quoted["count"].sum() < found["count"].sum()
    assert 0 < quoted["reference"].sum() < found["reference"].sum()


def test_the_rest_holds_nothing_that_the_speaker_says_elsewhere(corpus):
    words = corpus.words
    own = keyness._rest(words, words.where({"speaker": "Bondar", "outlet": "BBC"}))
    said = [sum(int((part.says("Olha Bondar") & rest).sum()) for part, rest in own)]
    assert said == [0]
    assert sum(int(part.says("Olha Bondar").sum()) for part in words.parts()) > 0


def test_words_on_both_sides_are_counted(planted):
    shared = planted.keyness({"outlet": "Post"}, {}).notes[-1]
    post = planted.concordance(".*", match="regex", outlet="Post")
    lost = [line for line in post if line["doc_id"] != "k001" and int(line["doc_id"][1:]) < 40]
    assert shared.startswith(f"{post.hits - len(lost):,} tokens on both sides")
    assert "both sides" not in str(planted.keyness({"outlet": "Post"}, {"outlet": "Star"}).notes)


def test_a_side_of_few_weeks_is_spread_over_outlets_and_of_one_outlet_has_no_limit(planted):
    whole, week = {"outlet": "Post"}, {"since": "2017-W02", "until": "2017-W02"}
    notes = planted.keyness(whole).notes
    assert notes[-2:] == tuple(f"Those of the {s}: dp_norm over weeks at most 0.8" for s in ("target", "reference"))
    notes = planted.keyness(week).notes
    assert notes[-2] == "Those of the target: dp_norm over outlets at most 0.8"
    assert notes[-1] == "Those of the reference: dp_norm over weeks at most 0.8"
    found = planted.keyness(whole | week, {"outlet": "Star"}, min_clusters=3)
    assert found.notes[-2] == "Those of the target: no limit of dp_norm, as it is of one outlet only"
    assert found.notes[-1].endswith("dp_norm over weeks at most 0.8")
    assert found.keywords.filter(pl.col("g2") > 0)["dp_norm"].null_count() > 0


def test_a_word_of_no_known_week_is_no_keyword_of_a_side_that_has_weeks(tmp_path):
    texts = ["shells fell on the town " * 5 + ("and doubled " * 5 if number >= 30 else "") for number in range(40)]
    reports = [
        plain(n, text, outlet="Post", **({"published": None} if n >= 30 else {})) for n, text in enumerate(texts)
    ]
    reports += [plain(n, "talks went on in the town " * 5, outlet="Star") for n in range(40, 80)]
    found = write(tmp_path, reports, 20).keyness({"outlet": "Post"}, {"outlet": "Star"})
    assert {"shells", "fell"} <= {*found.keywords["term"]}
    row = found.frame.row(by_predicate=pl.col("term") == "doubled", named=True)
    assert (row["clusters"], row["dp_norm"], row["keyword"]) == (10, None, False)
    assert row["low"] > 0


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
)
def test_what_cannot_be_asked_is_named(planted, ask, named):
    with pytest.raises(InputError) as error:
        ask(planted)
    assert error.value.where == named


@pytest.mark.parametrize(("target", "reference"), [({"since": "2030"}, None), ({}, {"since": "2030"}), ({}, None)])
def test_a_side_without_words_is_named(planted, target, reference):
    with pytest.raises(InputError, match="it has no words"):
        planted.keyness(target, reference)


def test_a_tally_adds_up_squares_and_products(planted):
    part = planted.words.part(0)
    found = tally([(part, None)])
    counts = Counter()
    for doc, text in enumerate(part.texts):
        counts[doc] = text.split().count("doubled") + text.split().count("doubled.")
    sizes = np.bincount(part.doc[part.is_word])
    row = found.terms.filter(term="doubled").row(0, named=True)
    assert row["squares"] == sum(n**2 for n in counts.values())
    assert row["cross"] == sum(n * int(sizes[doc]) for doc, n in counts.items())
    assert (found.words, found.squares) == (sizes.sum(), (sizes**2).sum())


# ---- richness of reports --------------------------------------------------------------------------------------------


def test_richness_is_that_of_each_report_and_its_mean(corpus, sentences):
    each = corpus.diversity(over="report").frame
    for row in each.iter_rows(named=True):
        words = [word for doc, tokens in sentences if doc == row["doc_id"] for word in tokens if is_word(word)]
        assert row["words"] == len(words)
        assert row["mattr"] == pytest.approx(mattr_by_hand(words, 50))
        assert row["hdd"] == pytest.approx(hdd_by_hand(words))
    by_outlet = corpus.diversity(over="outlet").frame
    wanted = each.group_by("outlet").agg(pl.col("mtld").mean()).sort("outlet")
    assert by_outlet["part"].to_list() == wanted["outlet"].to_list()
    assert by_outlet["mtld"].to_list() == pytest.approx(wanted["mtld"].to_list())
    known = by_outlet.drop_nulls("mtld_low")
    assert ((known["mtld_low"] <= known["mtld"]) & (known["mtld"] <= known["mtld_high"])).all()


def test_short_reports_are_left_out_and_counted(corpus):
    found = corpus.diversity(over="report", window=10**4)
    assert found.frame.is_empty()
    assert f"{len(REPORTS)} reports of fewer than 10000 words left out" in found.notes[1]


def test_a_word_of_two_windows_belongs_to_the_nearer_hit(planted):
    part = planted.words.part(0)
    at = np.array([0, 4], dtype=np.int32)
    side, whose = collocations._sides(part, at, np.array([1, 1], dtype=np.int32), part.is_word, 3)
    assert side[:7].tolist() == [0, 1, 1, -1, 0, 1, 1]
    assert whose[[1, 3, 5]].tolist() == [0, 1, 1]
    assert Where() == planted.words.where({})


def test_no_sequence_reaches_over_the_end_of_a_sentence_and_no_short_report_is_measured(tmp_path):
    texts = ["Army advances\n\nTalks begin", " ".join(f"word{chr(97 + k)}" for k in range(20)) + "."]
    small = write(tmp_path, [plain(number, text) for number, text in enumerate(texts)], 2)
    pairs = small.frequencies(n=2).frame["term"]
    assert {"army advances", "talks begin"} <= {*pairs}
    assert "advances talks" not in pairs
    # Twenty words would do for the window, but 42 cannot be drawn from them.
    assert small.diversity(over="report", window=10).frame.is_empty()
    assert small.diversity(over="outlet", window=10).frame.columns[:3] == ["part", "reports", "mattr"]


def test_a_partition_without_reports_changes_nothing(tmp_path, corpus):
    other = write(tmp_path, REPORTS, 24)
    store = Store(tmp_path / "data")
    for name in ("documents", "tokens", "quotes", "names", "places"):
        store.write(name, 1, store.read(name, 0).clear())
    for ask in (lambda c: c.diversity(), lambda c: c.frequencies(n=2), lambda c: c.dispersion("army")):
        assert ask(other).frame.equals(ask(corpus).frame)
    assert other.concordance("army", sort="left", limit=3).frame.equals(
        corpus.concordance("army", sort="left", limit=3).frame
    )

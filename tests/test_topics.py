from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from corpus_tools.terms import measures
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import TOPICS, planted_rows
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfTransformer

from corpus_tools.errors import InputError
from corpus_tools.params import Params
from corpus_tools.runtime.records import check
from corpus_tools.stats.intervals import BootstrapSettings, differences
from corpus_tools.topics import TopicModel, prevalence
from corpus_tools.topics.fitting.factorise import STOP_WORDS, idf, tfidf
from corpus_tools.topics.fitting.matrix import put_together
from corpus_tools.topics.fitting.quality import npmi
from corpus_tools.topics.fitting.term_counts import count_partition
from corpus_tools.topics.overview import labels, overview, typical
from corpus_tools.topics.params import TopicsParams

SMALL = TopicsParams(n_topics=3, min_documents=2, max_share=0.9)


@pytest.fixture
def small_batches(monkeypatch):
    """Four batches of 90 documents, on from a sample of a third."""
    monkeypatch.setattr("corpus_tools.topics.fitting.factorise._BATCH", 24)
    monkeypatch.setattr("corpus_tools.topics.fitting.factorise._SAMPLE", 30)
    monkeypatch.setattr("corpus_tools.topics.fitting.factorise._UPDATES", 100)


def tokens_of(rows: list[dict[str, str]]) -> pl.DataFrame:
    pairs = [(row["key"], word.strip(".")) for row in rows for word in row["body"].split()]
    return pl.DataFrame(pairs, schema=["doc_id", "lemma"], orient="row")


def documents_of(rows: list[dict[str, str]]) -> pl.DataFrame:
    return pl.DataFrame({"doc_id": [r["key"] for r in rows], "published": [date.fromisoformat(r["day"]) for r in rows]})


def found_all(model: str, seed: int, batch_above: int = 1000) -> bool:
    rows = planted_rows(seed=seed)
    params = SMALL.model_copy(update={"model": model, "seed": seed, "batch_above": batch_above})
    fitted = TopicModel(params).fit(tokens_of(rows))
    assert fitted.summarise()["fit"] == ("whole" if batch_above >= len(rows) else "batches")
    best = [set(t) for t in fitted.terms(n=8).group_by("topic", maintain_order=True).agg("term")["term"].to_list()]
    terms = all(max(len(set(words) & b) for b in best) >= 7 for words in TOPICS.values())
    main = fitted.shares.sort("share", descending=True).group_by("doc_id").first()
    of_topic = main.with_columns(pl.col("doc_id").str.split("-").list.first().alias("planted"))
    return terms and of_topic.group_by("planted").agg(pl.col("topic").n_unique())["topic"].to_list() == [1, 1, 1]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("batch_above", [90, 89])
def test_planted_topics_are_found(seed, batch_above, small_batches):
    assert found_all("nmf", seed, batch_above)


@pytest.mark.parametrize("batch_above", [90, 89])
def test_lda_finds_planted_topics_from_most_seeds(batch_above, small_batches):
    assert sum(found_all("lda", seed, batch_above) for seed in range(5)) >= 4  # it may end in a local optimum


@pytest.mark.parametrize("model", ["nmf", "lda"])
def test_batches_give_one_result_however_the_documents_come_in_partitions(model, small_batches):
    rows = planted_rows()
    ids = [row["key"] for row in rows]
    params = SMALL.model_copy(update={"model": model, "batch_above": 1})

    def fitted(*parts: list[str]) -> TopicModel:
        return TopicModel(params).fit(counts_of(tokens_of(rows), list(parts)))

    first, again, parted = fitted(ids), fitted(ids), fitted(ids[50:][::-1], ids[:20], ids[20:50])
    for other in (again, parted):
        assert first.components_.tobytes() == other.components_.tobytes()
        assert first.shares_.tobytes() == other.shares_.tobytes()
    assert fitted(ids).converged_


def test_batches_say_when_they_did_not_settle(small_batches):
    noise = sparse.csr_matrix(np.random.default_rng(0).poisson(0.3, (60, 40)))
    params = TopicsParams(n_topics=8, batch_above=1, max_iterations=1)
    assert TopicModel(params).fit(noise).summarise()["converged"] is False


def test_batches_leave_documents_without_terms_aside(small_batches, monkeypatch):
    monkeypatch.setattr("corpus_tools.topics.fitting.factorise._BATCH", 3)  # so some would hold nothing else
    rows = [*planted_rows(30), *({"key": f"zz{i}", "body": "the", "day": ""} for i in range(60))]
    model = TopicModel(SMALL.model_copy(update={"batch_above": 1})).fit(tokens_of(rows))
    assert model.summarise()["documents_without_terms"] == 60
    assert np.isfinite(model.components_).all()


def test_tokens_of_other_documents_are_refused():
    documents = documents_of(planted_rows(30))
    with pytest.raises(InputError, match="do not belong to the documents"):
        TopicModel(SMALL).fit(tokens_of(planted_rows(31)), documents)


def test_one_seed_gives_one_result_in_whatever_order_the_documents_come():
    rows = planted_rows()
    first, again, shuffled = (TopicModel(SMALL).fit(tokens_of(r)) for r in (rows, rows, rows[::-1]))
    assert first.terms().equals(again.terms())
    assert first.shares.equals(again.shares)
    assert first.terms().equals(shuffled.terms())
    assert first.shares.equals(shuffled.shares)


@pytest.mark.parametrize("batch_above", [1000, 100])
def test_lda_shares_do_not_hold_the_size_of_a_topic_twice(batch_above):
    """Nine reports of one subject to one of the other; two are half and half."""
    large, small = np.kron([[1, 0]], np.full((180, 8), 4)), np.kron([[0, 1]], np.full((18, 8), 4))
    half = np.full((2, 16), 2)
    counts = sparse.csr_matrix(np.vstack([large, small, half]))
    params = TopicsParams(model="lda", n_topics=2, max_iterations=30, batch_above=batch_above)
    shares = TopicModel(params).fit(counts).shares_
    assert shares[-2:] == pytest.approx(np.full((2, 2), 0.5), abs=0.05)
    assert np.nanmean(shares, axis=0) == pytest.approx([0.905, 0.095], abs=0.03)


def test_a_refit_with_fewer_reports_than_topics_is_said_with_the_remedy():
    model = fitted(planted_rows(11), n_topics=10, min_documents=1)
    groups = prevalence.groups(model.dated(), "week")
    with pytest.raises(InputError, match="10 topics, of which a refit") as error:
        prevalence.told(model, np.arange(11), groups.members)
    assert "topics.refits to 0" in error.value.remedy


def test_a_day_before_all_reports_is_named():
    with pytest.raises(InputError, match="no report is dated up to it") as error:
        fitted(planted_rows(), learn_until=date(1999, 1, 1))
    assert error.value.where == "params.yaml, topics.learn_until"


def test_words_to_leave_out_may_be_written_in_capitals():
    left = TopicModel(SMALL.model_copy(update={"leave_out": ["Army"]})).fit(tokens_of(planted_rows()))
    assert "army" not in left.vocabulary_.to_list()
    assert "soldier" in left.vocabulary_.to_list()


def test_ten_fits_with_one_seed_give_the_same_bytes_in_whatever_order_the_reports_come():
    rows = planted_rows()
    random = np.random.default_rng(0)
    bytes_of = set()
    for _ in range(10):
        model = fitted([rows[i] for i in random.permutation(len(rows))])
        tables = (model.terms(), model.shares, model.prevalence(), model.prevalence_by_outlet(), typical(model))
        frames = [t.sort(t.columns[:4]).write_csv() for t in (*tables, overview(model, None))]
        bytes_of.add((model.components_.tobytes(), model.shares_.tobytes(), *frames))
    assert len(bytes_of) == 1


def test_weights_and_shares_add_up():
    model = TopicModel(SMALL).fit(tokens_of(planted_rows()))
    assert np.allclose(model.components_.sum(axis=1), 1)
    assert np.allclose(model.shares_.sum(axis=1), 1)


def test_topics_are_ordered_by_size():
    kept = {"flight": 30, "talks": 20, "war": 10}  # of 30 each
    rows = [r for r in planted_rows() if int(r["key"][-3:]) // 3 < kept[r["key"].split("-")[0]]]
    best = TopicModel(SMALL).fit(tokens_of(rows)).terms(n=1)["term"].to_list()
    assert [next(t for t, words in TOPICS.items() if term in words) for term in best] == ["flight", "talks", "war"]


@pytest.mark.parametrize("model", ["nmf", "lda"])
def test_the_seed_decides_where_the_words_do_not(model):
    rng = np.random.default_rng(0)
    noise = sparse.csr_matrix(rng.poisson(0.3, (60, 40)))

    def weights(seed: int) -> np.ndarray:
        np.random.seed(rng.integers(1000))  # the global state must not matter
        params = TopicsParams(model=model, n_topics=8, seed=seed, max_iterations=20)
        fitted = TopicModel(params).fit(noise)
        assert fitted.converged_ == (model == "lda")  # 20 iterations are too few for noise
        return fitted.components_

    assert np.array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


def test_a_document_without_terms_has_no_shares():
    rows = [*planted_rows(), {"key": "zzz", "body": "unheard", "day": "2022-01-03"}]
    model = TopicModel(SMALL).fit(tokens_of(rows))
    assert model.shares.filter(pl.col("doc_id") == "zzz")["share"].to_list() == [None, None, None]
    assert model.summarise()["documents_without_terms"] == 1


def test_a_matrix_can_be_fitted_too():
    counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.full((10, 4), 3)))
    model = TopicModel(TopicsParams(n_topics=2)).fit(counts, vocabulary=list("abcdefgh"))
    best = model.terms(n=4).group_by("topic").agg(pl.col("term").sort())["term"].to_list()
    assert sorted(best) == [list("abcd"), list("efgh")]


def test_terms_are_lower_case_words_and_no_stop_words():
    lemmas = [
        "War",
        "war",
        "the",
        "The",
        "not",
        "--",
        "5",
        "38-year-old",
        "al-qaeda",
        "o'brien",
        "US",
        "é",
        "a1",
        "étude",
    ]
    found = count_partition(STOP_WORDS, pl.DataFrame({"doc_id": ["d"] * len(lemmas), "lemma": lemmas}))
    counted = dict(zip(found["terms"]["term"], found["cells"]["n"], strict=True))
    assert counted == {"war": 2, "al-qaeda": 1, "o'brien": 1, "étude": 1}
    assert not set(counted) & ENGLISH_STOP_WORDS


def counts_of(tokens: pl.DataFrame, parts: list[list[str]], params: TopicsParams = SMALL, **given):
    """Count each part's documents by themselves, as each partition is, and put the parts together."""
    found = [count_partition(STOP_WORDS, tokens.filter(pl.col("doc_id").is_in(part))) for part in parts]
    return put_together({name: pl.concat([f[name] for f in found]) for name in found[0]}, params, **given)


def test_the_matrix_counts_what_a_plain_counter_counts():
    tokens = tokens_of(planted_rows())
    ids = tokens["doc_id"].unique().to_list()
    counts = counts_of(tokens, [ids[:40], ids[40:80], ids[80:]])
    plain = Counter((doc_id, lemma.lower()) for doc_id, lemma in tokens.select("doc_id", "lemma").iter_rows())
    plain = {key: n for key, n in plain.items() if len(key[1]) > 2 and key[1] not in ENGLISH_STOP_WORDS}
    found_in = Counter(term for _, term in plain)
    vocabulary = sorted(t for t, n in found_in.items() if 2 <= n <= 0.9 * 90)
    assert counts.vocabulary.to_list() == vocabulary
    assert counts.doc_ids.to_list() == sorted(ids)
    expected = [[plain.get((doc_id, term), 0) for term in vocabulary] for doc_id in sorted(ids)]
    assert counts.matrix.toarray().tolist() == expected
    assert counts.matrix.has_canonical_format


@given(st.lists(st.integers(0, 4), min_size=90, max_size=90), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_matrix_is_the_same_for_any_partitioning_of_the_documents(part_of, random):
    tokens = tokens_of([*planted_rows(), {"key": "none", "body": "the of", "day": ""}])
    ids = tokens["doc_id"].unique().sort().to_list()
    random.shuffle(ids)
    parts = [
        [d for d, p in zip(ids, [*part_of, 0], strict=True) if p == part] for part in range(5)
    ]  # some may be empty
    every = pl.Series([*ids, "without tokens"])
    whole, parted = counts_of(tokens, [ids], doc_ids=every), counts_of(tokens, parts, doc_ids=every)
    assert parted.doc_ids.equals(whole.doc_ids)
    assert parted.vocabulary.equals(whole.vocabulary)
    for part in ("data", "indices", "indptr"):
        assert np.array_equal(getattr(parted.matrix, part), getattr(whole.matrix, part))
    without = [i for i, doc_id in enumerate(whole.doc_ids) if doc_id in ("none", "without tokens")]
    assert whole.matrix[without].nnz == 0


def test_a_batch_is_weighed_as_the_whole_is():
    counts = counts_of(tokens_of(planted_rows()), [[r["key"] for r in planted_rows()]]).matrix
    expected = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    batches = [tfidf(counts[start : start + 25], idf(counts)) for start in range(0, 90, 25)]
    assert (sparse.vstack(batches) != expected).nnz == 0


def test_the_vocabulary_obeys_both_bounds():
    tokens = pl.DataFrame(
        [("a", "war"), ("b", "war"), ("c", "war"), ("a", "army"), ("b", "army"), ("c", "tank"), ("c", "troop")],
        schema=["doc_id", "lemma"], orient="row",
    )  # fmt: skip
    model = TopicModel(TopicsParams(n_topics=1, min_documents=2, max_share=0.7)).fit(tokens)
    assert model.vocabulary_.to_list() == ["army"]


# Two reports hold both words, one only the first, one neither: p(a) = 3/4, p(b) = p(a, b) = 1/2, so
# NPMI = log(0.5 / (0.75 * 0.5)) / -log(0.5), worked out on paper.
def test_npmi_by_hand():
    present = np.array([[1, 1], [1, 1], [1, 0], [0, 0]])
    assert npmi(present) == pytest.approx(np.log(4 / 3) / np.log(2))


def test_npmi_of_independent_words_is_zero():
    rng = np.random.default_rng(0)
    assert npmi(rng.integers(0, 2, (20_000, 6))) == pytest.approx(0, abs=0.02)


def test_coherence_asks_whether_words_stand_together_not_how_often():
    model = TopicModel(SMALL).fit(tokens_of(planted_rows()))
    present = model.counts_.toarray() > 0
    best = np.argsort(-model.components_, axis=1, kind="stable")[:, :4]
    assert model.counts_.max() > 1
    assert model.coherence(n=4).tolist() == [npmi(present[:, columns].astype(float)) for columns in best]


# Two topics, three terms: b belongs to topic 0 alone, c to topic 1 alone, a to both alike. With V = 3, topic 0 ranks
# a 3/3 and b 2/3 by weight, b 3/3 and a 2/3 by exclusivity: both have the harmonic mean 2 / (3/2 + 1) = 0.8.
def test_frex_by_hand():
    model = TopicModel()
    model.vocabulary_ = ["a", "b", "c"]
    model.components_ = np.array([[0.6, 0.4, 0.0], [0.6, 0.0, 0.4]])
    frex = model.terms(by="frex", n=3).filter(topic=0)
    assert dict(frex.select("term", "frex").iter_rows()) == {"a": 0.8, "b": 0.8, "c": 0.333333}
    assert measures.exclusivity(model.components_, n=2).tolist() == pytest.approx([0.8, 0.8])


def test_diversity_by_hand():
    model = TopicModel()
    model.components_ = np.array([[0.5, 0.4, 0.1, 0.0], [0.0, 0.4, 0.5, 0.1]])
    assert model.diversity(n=2) == pytest.approx(3 / 4)


def test_prevalence_follows_a_planted_change_and_leaves_gaps_open():
    start = date(2022, 1, 3)
    rows = planted_rows(120)
    for i, row in enumerate(rows):  # war in weeks 0 and 1, talks in weeks 3 and 4, nothing in week 2
        week = {"war": [0, 1], "talks": [3, 4], "flight": [0, 4]}[row["key"].split("-")[0]][i % 2]
        row["day"] = str(start + timedelta(weeks=week, days=i % 7))
    model = TopicModel(SMALL).fit(tokens_of(rows), documents_of(rows))
    found = model.prevalence("week")
    war = next(i for i, label in enumerate(model.labels()) if set(label.split(", ")) <= set(TOPICS["war"]))
    series = found.filter(topic=war).sort("start")
    assert series["start"].to_list() == [start + timedelta(weeks=i) for i in range(5)]
    assert series["reports"].to_list()[2] == 0
    assert series["share"].to_list()[2] is None
    assert min(series["share"].to_list()[:2]) > 0.4
    assert max(series["share"].to_list()[3:]) < 0.1


def test_prevalence_leaves_reports_without_terms_uncounted():
    rows = [{**row, "day": "2022-01-03"} for row in planted_rows()]
    rows += [{"key": "zzz", "body": "the", "day": "2022-01-04"}]
    found = TopicModel(SMALL).fit(tokens_of(rows), documents_of(rows)).prevalence("week")
    assert found["reports"].to_list() == [90, 90, 90]
    assert found["share"].sum() == pytest.approx(1, abs=1e-5)


def fitted(rows: list[dict[str, str]], **params) -> TopicModel:
    documents = pl.DataFrame(
        {
            "doc_id": [r["key"] for r in rows],
            "published": [date.fromisoformat(r["day"]) for r in rows],
            "outlet": [r.get("paper", "Post") for r in rows],
            "title": [f"On {r['key']}" for r in rows],
            "url": [None for _ in rows],
            "cluster_id": [r.get("copy_of", r["key"]) for r in rows],
            "is_first_report": ["copy_of" not in r for r in rows],
        },
        schema_overrides={"url": pl.String},
    )
    return TopicModel(SMALL.model_copy(update=params)).fit(tokens_of(rows), documents)


def topic_of(model: TopicModel, name: str) -> int:
    own = model.vocabulary_.is_in(TOPICS[name]).to_numpy()
    return int(model.components_[:, own].sum(axis=1).argmax())


def test_a_planted_break_is_found_at_its_date_and_the_interval_covers_it_in_95_of_100_draws():
    """Reports of war become likelier on one day; the shares are a model's, and days are drawn from what it was told."""
    rng = np.random.default_rng(0)
    model = fitted(planted_rows(600))
    shares = model.dated().with_columns(war=pl.col("doc_id").str.starts_with("war")).sort("doc_id")
    pools = [shares.filter(pl.col("war") == war)[str(topic_of(model, "war"))].to_numpy() for war in (False, True)]
    truth = (0.6 - 0.3) * (pools[1].mean() - pools[0].mean())
    assert truth > 0.2
    start, days = date(2022, 1, 3), 60
    breaks = start + timedelta(days=30)
    hits, found, early = 0, 0, 0
    for _ in range(300):
        # A day's news decides how much is about the war, so that its reports are no independent draws.
        chance = np.clip(np.where(np.arange(days) < 30, 0.3, 0.6) + rng.normal(scale=0.12, size=days), 0, 1)
        n = rng.integers(3, 9, size=days)
        war = rng.random(n.sum()) < np.repeat(chance, n)
        share = np.where(war, rng.choice(pools[1], n.sum()), rng.choice(pools[0], n.sum()))
        published = pl.Series([start + timedelta(days=int(d)) for d in np.repeat(np.arange(days), n)])
        frame = pl.DataFrame({"published": published, "share": share})
        row = differences(frame, pl.col("published") >= breaks, ["share"], BootstrapSettings(200)).row(0, named=True)
        hits += row["low"] <= truth <= row["high"]
        found += row["low"] > 0
        before = frame.filter(pl.col("published") < breaks)
        nothing = differences(
            before, pl.col("published") >= start + timedelta(days=15), ["share"], BootstrapSettings(200)
        )
        early += bool(nothing["low"][0] > 0 or nothing["high"][0] < 0)
    assert 0.91 <= hits / 300 <= 0.985
    assert found / 300 > 0.95
    assert early / 300 < 0.1


def test_copies_count_once_where_independent_reports_are_counted():
    rows = [{**r, "day": "2022-01-03"} for r in planted_rows(30)]
    war = [r for r in rows if r["key"].startswith("war")]
    copies = [{**war[0], "key": f"zz-{i}", "copy_of": war[0]["key"], "paper": "Copyist"} for i in range(20)]
    model = fitted([*rows, *copies])
    topic = topic_of(model, "war")
    found = {r["unit"]: r for r in model.prevalence("week").filter(topic=topic).iter_rows(named=True)}
    assert (found["report"]["reports"], found["cluster"]["reports"]) == (50, 30)
    assert found["report"]["share"] == pytest.approx(0.6, abs=0.05)
    assert found["cluster"]["share"] == pytest.approx(1 / 3, abs=0.05)
    outlets = model.prevalence_by_outlet().filter(topic=topic)
    assert outlets.filter(outlet="Copyist")["unit"].to_list() == ["report"]
    assert not set(typical(model)["doc_id"]) & {copy["key"] for copy in copies}


def test_nothing_from_a_later_bin_reaches_an_earlier_one():
    rows = sorted(planted_rows(120), key=lambda row: row["day"])
    model = fitted(rows)
    before = model.prevalence("week")
    last = before["start"].max()
    late = [i for i, r in enumerate(sorted(rows, key=lambda r: r["key"])) if r["day"] >= str(last)]
    model.shares_[late] = [1.0, 0.0, 0.0]  # as if the last week's reports told of something else
    after = model.prevalence("week")
    assert after.filter(pl.col("start") < last).equals(before.filter(pl.col("start") < last))
    assert not after.equals(before)


def test_a_model_that_learns_until_a_day_is_the_same_whatever_comes_later():
    rows = sorted(planted_rows(120), key=lambda row: row["day"])
    until = date.fromisoformat(rows[79]["day"])
    early = [r for r in rows if date.fromisoformat(r["day"]) <= until]
    strange = [{**r, "body": "zeppelin balloon zeppelin", "key": f"zz{i}"} for i, r in enumerate(rows[len(early) :])]
    known, whole, other = (fitted(r, learn_until=until) for r in (early, rows, [*early, *strange]))
    for later in (whole, other):
        assert later.vocabulary_.to_list() == known.vocabulary_.to_list()
        assert later.terms().equals(known.terms())
        both = later.shares.join(known.shares, on=["doc_id", "topic"])
        assert both["share"].to_list() == pytest.approx(both["share_right"].to_list(), abs=1e-6)
    assert "zeppelin" in fitted([*early, *strange]).vocabulary_.to_list()
    assert whole.summarise()["documents_learnt_from"] == len(early)


def test_refits_find_planted_topics_again_and_their_bands_hold_the_share():
    model = fitted(planted_rows(120))
    groups = prevalence.groups(model.dated(), "month")
    whole = prevalence.told(model, np.arange(120), groups.members)
    refits = [prevalence.refit(whole, run) for run in range(4)]
    assert prevalence.summarise("grid", refits, [])["stability"] > 0.6  # ten of the 20 terms are shared by all
    shares = prevalence.with_bands(model.prevalence("month"), groups, refits).filter(unit="report")
    assert shares.height == 9
    inside = (shares["share"] >= shares["refit_low"] - 0.02) & (shares["share"] <= shares["refit_high"] + 0.02)
    assert inside.all()
    outlets = prevalence.with_bands(model.prevalence_by_outlet(), groups, refits)
    assert outlets.height == 2 * 2 * 3
    assert outlets["refit_low"].null_count() == 0
    assert (outlets["refit_high"] - outlets["refit_low"]).min() >= 0
    without = prevalence.with_bands(model.prevalence_by_outlet(), groups, [])
    assert without["refit_low"].null_count() == 12


def test_runs_of_a_large_corpus_learn_from_a_part_and_band_the_whole(monkeypatch):
    model = fitted(planted_rows(240))
    groups = prevalence.groups(model.dated(), "month")
    monkeypatch.setattr("corpus_tools.topics.prevalence._MOST", 120)
    whole = prevalence.told(model, np.arange(240), groups.members)
    assert whole.every.shape[0] == whole.corpus.counts.shape[0] == whole.shares.shape[0] == 120
    banded = prevalence.with_bands(
        model.prevalence("month"), groups, [prevalence.refit(whole, run) for run in range(3)]
    )
    width = banded["refit_high"] - banded["refit_low"]
    # The same documents in both: which of them were drawn does not widen the band.
    assert width.max() < 0.1


def test_a_topic_of_one_outlet_is_told_by_its_entropy():
    rows = planted_rows(240)
    papers = ["Post", "Star", "Echo", "Globe"]
    for i, row in enumerate(rows):
        row["paper"] = papers[i % 4] if not row["key"].startswith("flight") else "Globe"
    found = overview(fitted(rows), None)
    model = fitted(rows)
    flight = topic_of(model, "flight")
    by_topic = {r["topic"]: r for r in found.iter_rows(named=True)}
    assert by_topic[flight]["one_outlet"] is True
    assert by_topic[flight]["outlet"] == "Globe"
    assert [r["one_outlet"] for t, r in by_topic.items() if t != flight] == [False, False]
    assert found["stability"].null_count() == 3
    for row in rows:
        row["paper"] = "Post"
    alone = overview(fitted(rows), np.array([0.5, 0.6, 0.7]))
    assert alone["outlet_entropy"].null_count() == 3
    assert alone["stability"].to_list() == [0.5, 0.6, 0.7]


def test_typical_reports_are_those_with_the_largest_shares():
    model = fitted(planted_rows(120))
    found = typical(model)
    assert found.group_by("topic").len()["len"].to_list() == [5, 5, 5]
    best = model.shares.sort("share", descending=True).group_by("topic").agg(pl.col("share").head(5))
    for topic, shares in best.iter_rows():
        assert found.filter(topic=topic).sort("rank")["share"].to_list() == pytest.approx(shares, abs=1e-6)
    assert found["title"][0] == f"On {found['doc_id'][0]}"


def test_labels_find_their_topic_by_its_words():
    model = fitted(planted_rows(), n_terms=10)
    given, nowhere = labels(model, {"The war": ["army", "Soldiers"], "None": ["army", "treaty"]}, "labels.yaml")
    assert given == {topic_of(model, "war"): "The war"}
    assert nowhere == ["None"]
    model.named_ = given
    assert "The war" in model.prevalence()["label"].to_list()
    assert overview(model, None).filter(label="The war")["named_by"].to_list() == ["labels"]
    with pytest.raises(InputError, match="means the same topic as 'a'") as error:
        labels(model, {"a": ["army"], "b": ["soldier"]}, "labels.yaml")
    assert error.value.where == "labels.yaml, b"
    with pytest.raises(InputError, match="none of its words"):
        labels(model, {"a": ["zeppelin"]})


def test_anchored_topics_bear_their_names():
    rows = planted_rows()
    model = TopicModel(SMALL, {"Displacement": ["refugees", "camp"]}).fit(tokens_of(rows))
    assert model.labels()[topic_of(model, "flight")] == "Displacement"
    assert model.summarise()["anchored"] == 1


def test_prevalence_without_dates_says_what_it_needs():
    with pytest.raises(ValueError, match="documents"):
        TopicModel(SMALL).fit(tokens_of(planted_rows())).prevalence()


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"n_topics": 100}, "100 topics from 90 documents"),
        ({"n_topics": 50, "min_documents": 1}, "topics"),
        ({"min_documents": 90, "max_share": 0.01}, "they leave 0 terms"),
    ],
)
def test_too_little_to_fit_is_said_with_the_parameter(params, says):
    with pytest.raises(InputError, match=says) as error:
        TopicModel(SMALL.model_copy(update=params)).fit(tokens_of(planted_rows()))
    assert "params.yaml, topics." in error.value.where


@pytest.mark.parametrize("value", [0, 2.5, "many", None])
def test_a_wrong_size_for_batches_is_named(value):
    with pytest.raises(InputError, match="batch_above") as error:
        check({"topics": {"batch_above": value}}, Params, "params.yaml")
    assert error.value.where == "params.yaml, topics.batch_above"

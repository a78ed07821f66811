"""Keywords: planted ones are found, and each gate keeps out what it is for."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from case_ids import case_id
from planted_corpus import (
    plain,
    write,
)

from corpus_tools.errors import InputError
from corpus_tools.explore import keyness


def test_a_planted_keyword_is_found_with_its_ratio_and_no_word_of_one_report_week_or_cluster_is(planted):
    result = planted.keyness({"outlet": "Post"}, {"outlet": "Star"})
    assert result.keywords["term"].to_list() == ["doubled"]
    row = result.keywords.row(0, named=True)
    assert row["low"] < 1 < row["high"]
    assert row["g2"] > 0
    loud = result.frame.filter(pl.col("term").is_in(["burst", "weekly", "copied"]))
    assert loud.filter(pl.col("term") != "copied")["g2"].min() > 50  # a list without gates would be headed by them
    assert (
        result.frame.row(by_predicate=pl.col("term") == "copied", named=True)["count"] == 3
    )  # of the first report only
    assert result.frame.columns == list(keyness.SCHEMA)
    assert result.frame.equals(result.frame.sort("g2", "term", descending=[True, False]))


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


def test_the_rest_of_a_speakers_words_is_the_words_of_other_speakers(corpus):
    words = corpus.words
    result = corpus.keyness({"speaker": "Olha Bondar"}, min_clusters=1).frame
    own, others = Counter(), Counter()
    for partition in words.partitions():
        for k in np.flatnonzero(
            partition.is_word & partition.is_first_report[partition.doc] & (partition.speaker >= 0)
        ):
            term = partition.column().vocabulary[int(partition.column().codes[k])]
            (own if partition.speakers[int(partition.speaker[k])] == "Olha Bondar" else others)[term] += 1
    assert dict(result.filter(pl.col("count") > 0).select("term", "count").iter_rows()) == own
    assert dict(result.filter(pl.col("reference") > 0).select("term", "reference").iter_rows()) == others
    quoted = corpus.keyness({"speaker": "Olha Bondar", "voice": "quoted"}, min_clusters=1).frame
    assert 0 < quoted["count"].sum() < result["count"].sum()
    assert 0 < quoted["reference"].sum() < result["reference"].sum()


def test_the_rest_has_no_words_of_the_speaker(corpus):
    words = corpus.words
    own = keyness._rest(words, words.select({"speaker": "Bondar", "outlet": "BBC"}))
    counts = [sum(int((partition.spoken_by("Olha Bondar") & rest).sum()) for partition, rest in own)]
    assert counts == [0]
    assert sum(int(partition.spoken_by("Olha Bondar").sum()) for partition in words.partitions()) > 0


def test_words_on_both_sides_are_counted(planted):
    shared = planted.keyness({"outlet": "Post"}, {}).notes[-1]
    post = planted.concordance(".*", match="regex", outlet="Post")
    lost = [line for line in post if line["doc_id"] != "k001" and int(line["doc_id"][1:]) < 40]
    assert shared.startswith(f"{post.hits - len(lost):,} tokens on both sides")
    assert "both sides" not in str(planted.keyness({"outlet": "Post"}, {"outlet": "Star"}).notes)


def test_a_side_of_few_weeks_is_spread_over_outlets_and_of_one_outlet_has_no_limit(planted):
    outlet, week = {"outlet": "Post"}, {"since": "2017-W02", "until": "2017-W02"}
    notes = planted.keyness(outlet).notes
    assert notes[-2:] == tuple(f"Those of the {s}: dp_norm over weeks at most 0.8" for s in ("target", "reference"))
    notes = planted.keyness(week).notes
    assert notes[-2] == "Those of the target: dp_norm over outlets at most 0.8"
    assert notes[-1] == "Those of the reference: dp_norm over weeks at most 0.8"
    result = planted.keyness(outlet | week, {"outlet": "Star"}, min_clusters=3)
    assert result.notes[-2] == "Those of the target: no limit of dp_norm, with one outlet only"
    assert result.notes[-1].endswith("dp_norm over weeks at most 0.8")
    assert result.keywords.filter(pl.col("g2") > 0)["dp_norm"].null_count() > 0


def test_a_word_of_no_known_week_is_no_keyword_of_a_side_that_has_weeks(tmp_path):
    texts = ["shells fell on the town " * 5 + ("and doubled " * 5 if number >= 30 else "") for number in range(40)]
    reports = [
        plain(n, text, outlet="Post", **({"published": None} if n >= 30 else {})) for n, text in enumerate(texts)
    ]
    reports += [plain(n, "talks went on in the town " * 5, outlet="Star") for n in range(40, 80)]
    result = write(tmp_path, reports, 20).keyness({"outlet": "Post"}, {"outlet": "Star"})
    assert {"shells", "fell"} <= {*result.keywords["term"]}
    row = result.frame.row(by_predicate=pl.col("term") == "doubled", named=True)
    assert (row["clusters"], row["dp_norm"], row["keyword"]) == (10, None, False)
    assert row["low"] > 0


@pytest.mark.parametrize(
    ("target", "reference"), [({"since": "2030"}, None), ({}, {"since": "2030"}), ({}, None)], ids=case_id
)
def test_a_side_without_words_is_named(planted, target, reference):
    with pytest.raises(InputError, match="it has no words"):
        planted.keyness(target, reference)

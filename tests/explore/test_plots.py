"""Barcodes and collocation networks."""

from __future__ import annotations

import polars as pl
from matplotlib.collections import LineCollection


def test_a_barcode_has_a_line_for_each_hit_and_a_network_a_point_for_each_word(corpus):
    result = corpus.dispersion("army")
    drawn = result.barcode()
    lines = [c for c in drawn.axes[0].collections if isinstance(c, LineCollection)]
    assert sum(len(c.get_segments()) for c in lines) == result.hits.height
    names = [text.get_text() for text in drawn.axes[0].get_yticklabels()]
    assert names == [
        f"{o} ({n})"
        for o, n in result.hits["outlet"].value_counts().sort("count", "outlet", descending=[True, False]).iter_rows()
    ]
    near = corpus.collocations("army", min_together=1)
    network = near.network(words=6)
    written = {text.get_text() for text in network.axes[0].texts}
    assert written == {"army", *near.frame["term"].head(6)}
    assert all(term in network.alt for term in near.frame["term"].head(5))
    terms = near.frame["term"].head(6).to_list()
    (points,) = (line for line in network.axes[0].lines if line.get_marker() == "o")
    points_of = dict(zip(terms, map(tuple, points.get_xydata()), strict=True))
    joined = near.pairs.filter(pl.col("term").is_in(terms), pl.col("other").is_in(terms)).sort("together")
    thickest = max(
        (line for line in network.axes[0].lines if line.get_color() == "C1"), key=lambda x: x.get_linewidth()
    )
    most = joined.filter(pl.col("together") == pl.col("together").max())
    assert {*map(tuple, thickest.get_xydata())} in [
        {points_of[one], points_of[other]} for one, other, _ in most.iter_rows()
    ]


def test_an_empty_plot_says_so_in_its_picture_and_its_alternative_text(corpus, planted):
    undated = planted.dispersion("doubled", since="2030")
    for drawn in (corpus.collocations("nowhere").network(), undated.barcode()):
        (text,) = (text.get_text() for text in drawn.axes[0].texts)
        assert text in drawn.alt
        assert text in drawn.caption
        assert f'alt="{drawn.alt}"' in drawn._repr_html_()

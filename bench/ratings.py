"""Correlation of calibrated scores, and of VADER's, with people's ratings of sentences from unseen articles.

    python -m bench.ratings RATED.tsv

The file is tab-separated without quoting, with columns id (ARTICLE_SENTENCE), mean (of several people's ratings) and
text. This repository contains no such ratings, because they belong to others.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from corpus_tools.sentiment.calibration import calibrate


def main(path: Path) -> None:
    """Print the correlations over ten folds of articles."""
    rated = pl.read_csv(path, separator="\t", quote_char=None)
    articles = rated["id"].str.split("_").list.first().to_list()
    model = calibrate(rated["text"].to_list(), rated["mean"].to_list(), groups=articles)
    sys.stdout.write(f"{model.n:,} sentences of {len(set(articles))} articles, {model.weights.height:,} weights\n")
    sys.stdout.write(f"r {model.r:.3f} with mean ratings on unseen articles; VADER {model.r_vader:.3f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

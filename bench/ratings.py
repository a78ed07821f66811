"""How near calibrated scores come to people's ratings of sentences, beside VADER's: on sentences of unseen articles.

    python -m bench.ratings RATED.tsv

The file is tab-separated without quoting, with columns id (ARTICLE_SENTENCE), mean (of several people's ratings) and
text. Such ratings belong to others and are in no repository of ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from corpus_tools.sentiment.calibration import calibrate


def main(path: Path) -> None:
    """Print the correlations over ten folds, each with articles of its own."""
    rated = pl.read_csv(path, separator="\t", quote_char=None)
    articles = rated["id"].str.split("_").list.first().to_list()
    model = calibrate(rated["text"].to_list(), rated["mean"].to_list(), groups=articles)
    sys.stdout.write(f"{model.n:,} sentences of {len(set(articles))} articles, {model.weights.height:,} weights\n")
    sys.stdout.write(f"r {model.r:.3f} with people's means on unseen articles, plain VADER {model.r_vader:.3f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

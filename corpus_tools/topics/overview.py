"""What a reader needs to judge a topic: a label, its terms, its quality, its outlets and its most typical reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.errors import InputError
from corpus_tools.topics.fitting import quality
from corpus_tools.topics.fitting.anchors import find_columns
from corpus_tools.topics.model import TopicModel

Floats = npt.NDArray[np.float64]
_TERMS = 10
_REPORTS = 5
_DIGITS = 6
# Outlets' means are smoothed by this many average reports, so that one report cannot make its outlet a topic's home.
_AVERAGE_REPORTS = 10
# With less than two thirds of the entropy of outlets that share a topic equally, the topic belongs to one outlet.
_ONE_OUTLET = 2 / 3


def assign_labels(
    model: TopicModel, labels: Mapping[str, Sequence[str]], source: str = "labels"
) -> tuple[dict[int, str], list[str]]:
    """Assign the user's labels to topics: each label goes to the topic that has its words among its heaviest terms.

    Topics are identified by words because their numbers change with every fit.

    Parameters
    ----------
    model
        A fitted model.
    labels
        Words by label.
    source
        File with the labels, for error messages.

    Returns
    -------
    Labels by topic, and the labels that match no topic.

    Raises
    ------
    InputError
        If none of a label's words is a term, or two labels match the same topic.
    """
    by_topic: dict[int, str] = {}
    unmatched = []
    best = quality.heaviest(model.components_, model.params.n_terms)
    for label, words in labels.items():
        columns = find_columns(words, model.vocabulary_)
        if not columns:
            raise InputError(f"{source}, {label}", "none of its words is a term of this corpus", "use terms of a topic")
        candidates = [topic for topic, terms in enumerate(best) if np.isin(columns, terms).all()]
        if not candidates:
            unmatched.append(label)
            continue
        topic = max(candidates, key=lambda topic: float(model.components_[topic, columns].sum()))
        if topic in by_topic:
            raise InputError(
                f"{source}, {label}", f"it matches the same topic as {by_topic[topic]!r}",
                "give both labels words that distinguish them",
            )  # fmt: skip
        by_topic[topic] = label
    return by_topic, unmatched


def overview(model: TopicModel, stability: Floats | None) -> pl.DataFrame:
    """Describe each topic in one row.

    Parameters
    ----------
    model
        Fitted with documents.
    stability
        Array (K,), mean over the refits, or None without refits.

    Returns
    -------
    The table `topic_overview` (see `topics.tables` for its columns).
    """
    k = len(model.components_)
    by = {key: _joined(model.terms(by=key, n=_TERMS)) for key in ("weight", "frex")}
    outlets, shares = _outlet_shares(model)
    entropy = -(shares * np.log(np.maximum(shares, np.finfo(float).tiny))).sum(axis=0)
    scaled = entropy / np.log(len(outlets)) if len(outlets) > 1 else np.full(k, np.nan)
    frame = pl.DataFrame(
        {
            "topic": pl.Series(range(k), dtype=pl.Int32),
            "label": model.labels(),
            "named_by": [_named_by(model, topic) for topic in range(k)],
            "terms": by["weight"],
            "frex_terms": by["frex"],
            "share": np.nanmean(model.shares_, axis=0),
            "npmi": model.coherence(),
            "exclusivity": quality.exclusivity(model.components_),
            "stability": np.full(k, np.nan) if stability is None else stability,
            "outlet": [outlets[row] for row in shares.argmax(axis=0)],
            "outlet_share": shares.max(axis=0),
            "outlet_entropy": scaled,
            "one_outlet": scaled < _ONE_OUTLET,
        }
    )
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None).round(_DIGITS))


def _named_by(model: TopicModel, topic: int) -> str:
    return "labels" if topic in model.named_ else "anchors" if topic in model.anchored_ else "terms"


def _joined(terms: pl.DataFrame) -> list[str]:
    return terms.group_by("topic", maintain_order=True).agg(pl.col("term").str.join(", "))["term"].to_list()


def _outlet_shares(model: TopicModel) -> tuple[list[str], Floats]:
    """Return the O outlets, and each one's share of each topic (O, K) as if all had published equally many reports."""
    topics = [str(topic) for topic in range(len(model.components_))]
    known = model.documents_with_shares().drop_nulls(topics)
    mean = known.select(topics).mean().to_numpy()[0]
    grouped = known.group_by("outlet").agg(pl.len().alias("_reports"), pl.col(topics).sum()).sort("outlet")
    reports = grouped["_reports"].to_numpy()[:, None]
    shares = (grouped.select(topics).to_numpy() + _AVERAGE_REPORTS * mean) / (reports + _AVERAGE_REPORTS)
    totals = shares.sum(axis=0)
    return grouped["outlet"].fill_null("").to_list(), shares / np.where(totals == 0, 1, totals)


def typical_reports(model: TopicModel) -> pl.DataFrame:
    """List the reports with the largest share of each topic; of near-duplicates only the earliest.

    Returns
    -------
    topic, rank (from 0), doc_id, share, outlet, published, title, url.
    """
    documents = model.documents_with_shares()
    if "is_first_report" in documents.columns:
        documents = documents.filter("is_first_report")
    columns = ["doc_id", "outlet", "published", "title", "url"]
    best = [
        documents.filter(pl.col(topic) > 0)
        .sort(topic, "doc_id", descending=[True, False])
        .head(_REPORTS)
        .select(*columns, pl.col(topic).alias("share"), topic=pl.lit(int(topic), pl.Int32))
        .with_row_index("rank")
        for topic in (str(topic) for topic in range(len(model.components_)))
    ]
    return pl.concat(best)

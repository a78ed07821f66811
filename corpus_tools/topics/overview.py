"""What a person needs to read a topic: a name, its terms, its most typical reports, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.errors import InputError
from corpus_tools.topics.fitting import quality
from corpus_tools.topics.fitting.anchors import columns_of
from corpus_tools.topics.model import TopicModel

Floats = npt.NDArray[np.float64]
_TERMS = 10
_REPORTS = 5
_DIGITS = 6
# An outlet of few reports counts as if it had so many average ones more: one report would make it a topic's home.
_AVERAGE_REPORTS = 10
# Below two thirds of the entropy of outlets that share a topic alike, it is one outlet's.
_ONE_OUTLET = 2 / 3


def labels(
    model: TopicModel, given: Mapping[str, Sequence[str]], where: str = "labels"
) -> tuple[dict[int, str], list[str]]:
    """Name topics by a user's labels: each names the topic that has its words among its heaviest terms.

    Topics are numbered anew with every fit, so words say which one is meant.

    Parameters
    ----------
    model
        A fitted model.
    given
        Words by label.
    where
        The file they came from, for messages.

    Returns
    -------
    Labels by topic, and those that no topic fits.

    Raises
    ------
    InputError
        If a label's words are no terms, or two labels mean one topic.
    """
    found: dict[int, str] = {}
    nowhere = []
    best = quality.heaviest(model.components_, model.params.n_terms)
    for label, words in given.items():
        columns = columns_of(words, model.vocabulary_)
        if not columns:
            raise InputError(f"{where}, {label}", "none of its words is a term of this corpus", "take terms of a topic")
        fitting = [topic for topic, terms in enumerate(best) if np.isin(columns, terms).all()]
        if not fitting:
            nowhere.append(label)
            continue
        topic = max(fitting, key=lambda topic: float(model.components_[topic, columns].sum()))
        if topic in found:
            raise InputError(
                f"{where}, {label}", f"it means the same topic as {found[topic]!r}",
                "give both words that tell them apart",
            )  # fmt: skip
        found[topic] = label
    return found, nowhere


def overview(model: TopicModel, stability: Floats | None) -> pl.DataFrame:
    """Describe each topic in a row.

    Parameters
    ----------
    model
        Fitted with documents.
    stability
        Array (K,), mean over refits, or None without any.

    Returns
    -------
    topic, label, named_by (labels, anchors or terms), terms (ten of most weight), frex_terms (ten of most FREX), share
    (mean over the reports), npmi, exclusivity, stability, outlet (that gives the topic most of its reports),
    outlet_share and outlet_entropy (outlets counted as if all had as many reports; 0: one outlet alone, 1: all alike;
    null with one outlet), one_outlet (the entropy is below two thirds: an outlet's beat, or words that stand under its
    reports, which its typical reports tell apart).
    """
    k = len(model.components_)
    by = {key: _joined(model.terms(by=key, n=_TERMS)) for key in ("weight", "frex")}
    outlets, parts = _outlets(model)
    entropy = -(parts * np.log(np.maximum(parts, np.finfo(float).tiny))).sum(axis=0)
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
            "outlet": [outlets[place] for place in parts.argmax(axis=0)],
            "outlet_share": parts.max(axis=0),
            "outlet_entropy": scaled,
            "one_outlet": scaled < _ONE_OUTLET,
        }
    )
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None).round(_DIGITS))


def _named_by(model: TopicModel, topic: int) -> str:
    return "labels" if topic in model.named_ else "anchors" if topic in model.anchored_ else "terms"


def _joined(terms: pl.DataFrame) -> list[str]:
    return terms.group_by("topic", maintain_order=True).agg(pl.col("term").str.join(", "))["term"].to_list()


def _outlets(model: TopicModel) -> tuple[list[str], Floats]:
    """List the outlets and each one's part (O, K) of each topic, as if all had printed as much."""
    dated = model.dated()
    topics = [str(topic) for topic in range(len(model.components_))]
    known = dated.drop_nulls(topics)
    mean = known.select(topics).mean().to_numpy()[0]
    grouped = known.group_by("outlet").agg(pl.len().alias("_reports"), pl.col(topics).sum()).sort("outlet")
    reports = grouped["_reports"].to_numpy()[:, None]
    shares = (grouped.select(topics).to_numpy() + _AVERAGE_REPORTS * mean) / (reports + _AVERAGE_REPORTS)
    totals = shares.sum(axis=0)
    return grouped["outlet"].fill_null("").to_list(), shares / np.where(totals == 0, 1, totals)


def typical(model: TopicModel) -> pl.DataFrame:
    """List the reports with the largest share of each topic; of near-duplicates the first one.

    Returns
    -------
    topic, rank (from 0), doc_id, share, outlet, published, title, url.
    """
    documents = model.dated()
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

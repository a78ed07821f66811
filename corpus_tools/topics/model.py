"""The topic model: terms of each topic, shares of each report, their averages, and topic quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from corpus_tools.errors import InputError
from corpus_tools.stats.calendar_bins import Period
from corpus_tools.stats.intervals import BootstrapSettings
from corpus_tools.topics.fitting import quality
from corpus_tools.topics.fitting.anchors import anchor_rows, match_anchors
from corpus_tools.topics.fitting.factorise import STOP_WORDS, Fit, fit, normalised
from corpus_tools.topics.fitting.matrix import Counts, combine_counts, select_training
from corpus_tools.topics.fitting.params import TopicsParams
from corpus_tools.topics.fitting.subsamples import to_shares
from corpus_tools.topics.fitting.term_counts import count_partition
from corpus_tools.topics.prevalence import by_outlet, by_period

Floats = npt.NDArray[np.float64]
# Digits of published numbers; further digits differ between processors.
_DIGITS = 6
_LABEL_TERMS = 3


class TopicModel:
    """Topics by NMF on tf-idf or by LDA on counts, both from scikit-learn; in batches for many documents.

    Parameters
    ----------
    params
        Model, number of topics, seed and vocabulary; by default as in the shipped params.yaml, with 30 topics.
    anchors
        Words that topics should be about, by the name of the topic; they take part in the fit.
    source
        File with the anchors, for error messages.

    Attributes
    ----------
    vocabulary_ : Series of V terms, sorted
    doc_ids_ : Series of D documents, sorted
    counts_ : sparse array (D, V), the count of each term in each document
    learnt_ : mask (D,) of the documents that the model learned from: all, unless `learn_until` is set
    components_ : array (K, V), the term weights of each topic, adding up to 1; topics by size, largest first
    shares_ : array (D, K), the topic shares of each document, adding up to 1; nan for documents without terms
    anchors_ : array (A, V), the anchor words of each anchored topic
    anchored_ : dict of the anchored topics' numbers to the names of their anchors
    named_ : dict of topics' numbers to the user's labels; empty after `fit`
    fit_ : "whole" or "batches", how the model was fitted
    converged_ : bool, False if NMF was stopped by max_iterations

    Examples
    --------
    >>> reports = {"a": "army war war", "b": "army war", "c": "bank money money", "d": "bank money"}
    >>> rows = [(doc, word) for doc, text in reports.items() for word in text.split()]
    >>> tokens = pl.DataFrame(rows, schema=["doc_id", "lemma"], orient="row")
    >>> model = TopicModel(TopicsParams(n_topics=2, min_documents=1, max_share=1.0)).fit(tokens)
    >>> sorted(model.terms(n=2).group_by("topic").agg(pl.col("term").sort())["term"].to_list())
    [['army', 'war'], ['bank', 'money']]
    """

    def __init__(
        self,
        params: TopicsParams | None = None,
        anchors: Mapping[str, Sequence[str]] | None = None,
        source: str = "anchors",
    ) -> None:
        self.params = params or TopicsParams()
        self.anchors = dict(anchors or {})
        self.source = source

    def fit(
        self,
        tokens: pl.DataFrame | Counts | sparse.spmatrix,
        documents: pl.DataFrame | None = None,
        *,
        vocabulary: Sequence[str] | None = None,
    ) -> TopicModel:
        """Fit the model.

        Parameters
        ----------
        tokens
            Tokens with doc_id and lemma; or their counts; or a matrix (D, V) of counts.
        documents
            doc_id, published and outlet, required by `prevalence` and `learn_until` only; also cluster_id and
            is_first_report to average over independent reports.
        vocabulary
            The V terms of the matrix' columns.

        Raises
        ------
        InputError
            If there are fewer documents or terms than topics, or no word of an anchor is a term.
        """
        if isinstance(tokens, pl.DataFrame):
            frames = count_partition([*STOP_WORDS, *self.params.leave_out], tokens)
            counts = combine_counts(frames, self.params, None if documents is None else documents["doc_id"])
        else:
            counts = tokens if isinstance(tokens, Counts) else _counts(sparse.csr_matrix(tokens), vocabulary)
        self.documents_ = None if documents is None else _in_order(counts.doc_ids, documents)
        published = None if self.documents_ is None else self.documents_["published"]
        counts, self.learnt_ = select_training(counts, published, self.params)
        self.counts_, self.doc_ids_, self.vocabulary_ = counts.matrix, counts.doc_ids, counts.vocabulary
        self._check_size()
        self.fit_ = "batches" if self.learnt_.sum() > self.params.batch_above else "whole"
        self.anchors_ = anchor_rows(self.anchors, self.vocabulary_, self.params.number, self.source)
        self._store(fit(self.counts_[self.learnt_], self.params, self.anchors_))
        return self

    def _check_size(self) -> None:
        n_documents, n_terms = int(self.learnt_.sum()), self.counts_.shape[1]
        n_topics = self.params.number
        if n_documents < n_topics:
            raise InputError(
                "params.yaml, topics.n_topics", f"{n_topics} topics from {n_documents} documents",
                f"set it to {n_documents} or less, or add documents",
            )  # fmt: skip
        if n_terms < n_topics:
            raise InputError(
                "params.yaml, topics.min_documents and topics.max_share",
                f"they leave {n_terms} terms for {n_topics} topics",
                "lower min_documents, raise max_share, or lower n_topics",
            )

    def _store(self, factors: Fit) -> None:
        """Turn the factors into normalised components and shares, with the topics ordered by size."""
        # The fit's own weights separate topics slightly better than weights that `weigh` computes afterwards.
        weights = factors.weights if self.learnt_.all() else factors.weigh(self.counts_)
        shares = to_shares(weights, factors.components, self.counts_)
        order = np.argsort(-np.nansum(shares[self.learnt_], axis=0), kind="stable")
        self.converged_ = factors.converged
        self.components_, self.shares_ = normalised(factors.components)[order], shares[:, order]
        topics = match_anchors(self.components_, self.anchors_)
        self.anchored_ = {int(topic): name for topic, name in zip(topics, self.anchors, strict=True)}
        self.named_: dict[int, str] = {}

    def terms(self, by: Literal["weight", "frex"] = "weight", n: int | None = None) -> pl.DataFrame:
        """List the terms of each topic.

        Parameters
        ----------
        by
            Order by weight, or by FREX: the harmonic mean of a term's ranks by weight and by exclusivity within the
            topic, both counting equally (Bischof & Airoldi 2012).
        n
            Terms per topic; by default as in params.yaml.

        Returns
        -------
        topic, rank (from 0), term, weight, frex.
        """
        frex = quality.frex(self.components_)
        ranked = self.components_ if by == "weight" else frex
        best = np.argsort(-ranked, axis=1, kind="stable")[:, : n or self.params.n_terms]
        k, n = best.shape
        return pl.DataFrame(
            {
                "topic": np.repeat(np.arange(k, dtype=np.int32), n),
                "rank": np.tile(np.arange(n, dtype=np.int32), k),
                "term": pl.Series(self.vocabulary_, dtype=pl.String).gather(best.ravel()),
                "weight": np.take_along_axis(self.components_, best, axis=1).ravel(),
                "frex": np.take_along_axis(frex, best, axis=1).ravel(),
            }
        ).with_columns(pl.col("weight", "frex").round(_DIGITS))

    @property
    def shares(self) -> pl.DataFrame:
        """doc_id, topic, share: the share of each topic in each report; null for reports without terms."""
        return self._shares(np.arange(len(self.doc_ids_)))

    def shares_of(self, doc_ids: pl.Series) -> pl.DataFrame:
        """Return the shares of some documents, such as those of one partition, with the columns of `shares`."""
        rows = self.doc_ids_.alias("doc_id").to_frame().with_row_index("row")
        wanted = doc_ids.alias("doc_id").to_frame()
        return self._shares(rows.join(wanted, on="doc_id", how="semi", maintain_order="left")["row"].to_numpy())

    def _shares(self, rows: npt.NDArray[np.int64]) -> pl.DataFrame:
        k = self.components_.shape[0]
        return pl.DataFrame(
            {
                "doc_id": self.doc_ids_.gather(np.repeat(rows, k)),
                "topic": np.tile(np.arange(k, dtype=np.int32), len(rows)),
                "share": np.round(self.shares_[rows], _DIGITS).ravel(),
            }
        ).with_columns(pl.col("share").fill_nan(None))

    def labels(self) -> list[str]:
        """Label each topic by the user's label, else by the name of its anchor, else by its three heaviest terms."""
        best = self.terms(n=_LABEL_TERMS).group_by("topic", maintain_order=True).agg(pl.col("term").str.join(", "))
        names = self.anchored_ | self.named_
        return [names.get(topic, terms) for topic, terms in enumerate(best["term"])]

    def prevalence(self, by: Period = "week") -> pl.DataFrame:
        """Average each topic's share over the reports of each calendar bin.

        Parameters
        ----------
        by
            Length of a bin.

        Returns
        -------
        unit ("report", or "cluster": only the earliest report of each cluster of near-duplicates), topic, label,
        period, start (first day of the bin), stretch, reports, share, low, high (95% interval by a block bootstrap of
        days). The share is null in a bin without reports. No bin uses shares of another bin's reports.

        Raises
        ------
        ValueError
            If the model was fitted without documents.
        """
        return self._with_labels(by_period(self.documents_with_shares(), by, self._bootstrap))

    def prevalence_by_outlet(self) -> pl.DataFrame:
        """Average each topic's share over the reports of each outlet.

        Returns
        -------
        unit, topic, label, outlet, reports, share, low, high, as in `prevalence`.

        Raises
        ------
        ValueError
            If the model was fitted without documents.
        """
        return self._with_labels(by_outlet(self.documents_with_shares(), self._bootstrap))

    def documents_with_shares(self) -> pl.DataFrame:
        """Return the documents, in the model's order, with their rounded shares: one column per topic number."""
        if self.documents_ is None:
            raise ValueError("prevalence needs dates: fit(tokens, documents) with doc_id and published")
        topics = [str(topic) for topic in range(len(self.components_))]
        shares = pl.DataFrame(np.round(self.shares_, _DIGITS), schema=topics, orient="row").fill_nan(None)
        return pl.concat([self.documents_, shares], how="horizontal")

    @property
    def _bootstrap(self) -> BootstrapSettings:
        return BootstrapSettings(self.params.draws, self.params.seed)

    def _with_labels(self, averages: pl.DataFrame) -> pl.DataFrame:
        topics = pl.Series(range(len(self.components_)), dtype=pl.Int32)
        names = pl.DataFrame({"topic": topics, "label": self.labels()})
        return averages.join(names, on="topic", maintain_order="left")

    def coherence(self, n: int = quality.COHERENCE_TERMS) -> Floats:
        """Return each topic's NPMI over its n heaviest terms (see `fitting.quality.coherence`): an array (K,)."""
        return quality.coherence(self.counts_, self.components_, n)

    def diversity(self, n: int = quality.DIVERSITY_TERMS) -> float:
        """Return the share of distinct terms among the n heaviest terms of all topics (Dieng et al. 2020)."""
        return quality.diversity(self.components_, n)

    def summarise(self) -> dict[str, Any]:
        """Return coherence, exclusivity, diversity and sizes, for the metrics."""
        return {
            "documents": len(self.doc_ids_),
            "documents_learnt_from": int(self.learnt_.sum()),
            "documents_without_terms": int(np.isnan(self.shares_[:, 0]).sum()),
            "vocabulary": len(self.vocabulary_),
            "topics": self.components_.shape[0],
            "anchored": len(self.anchored_),
            "fit": self.fit_,
            "converged": self.converged_,
            "npmi": round(float(self.coherence().mean()), 4),
            "exclusivity": round(float(quality.exclusivity(self.components_).mean()), 4),
            "diversity": round(self.diversity(), 4),
        }


def _counts(matrix: sparse.csr_matrix, vocabulary: Sequence[str] | None) -> Counts:
    documents, terms = (pl.Series(map(str, range(size)), dtype=pl.String) for size in matrix.shape)
    matrix.sum_duplicates()
    return Counts(matrix, documents, terms if vocabulary is None else pl.Series(vocabulary, dtype=pl.String))


def _in_order(doc_ids: pl.Series, documents: pl.DataFrame) -> pl.DataFrame:
    documents = documents.with_columns(pl.col("doc_id").cast(pl.String))
    return doc_ids.alias("doc_id").to_frame().join(documents, on="doc_id", how="left", maintain_order="left")

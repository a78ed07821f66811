"""The topic model: terms of each topic, shares of each report, how they move, and how well they hold together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from corpus_tools.errors import InputError
from corpus_tools.params import Period, Topics
from corpus_tools.series import bins, start_of
from corpus_tools.topics.counts import count_partition
from corpus_tools.topics.fits import Fit, fit_batches, fit_whole
from corpus_tools.topics.matrix import Counts, put_together

Floats = npt.NDArray[np.float64]
STOP_WORDS = sorted(ENGLISH_STOP_WORDS)
# Published numbers carry so many digits: what is beyond differs between processors.
_DIGITS = 6
_COHERENCE_TERMS = 10  # Röder et al. 2015
_DIVERSITY_TERMS = 25  # Dieng et al. 2020
_LABEL_TERMS = 3


class TopicModel:
    """Topics by NMF on tf-idf or by LDA on counts, both scikit-learn's; in batches if the documents are many.

    Parameters
    ----------
    params
        Model, number of topics, seed and vocabulary; by default those of params.yaml as shipped.

    Attributes
    ----------
    vocabulary_ : Series of V terms in order
    doc_ids_ : Series of D documents in order
    counts_ : sparse array (D, V) of how often each term stands in each document
    components_ : array (K, V), each row a topic's weights that add up to 1; topics by size, largest first
    shares_ : array (D, K), each row a document's shares that add up to 1, or nan where it has no term
    fit_ : "whole" or "batches", how it was fitted
    converged_ : bool, False if NMF was stopped by max_iterations

    Examples
    --------
    >>> reports = {"a": "army war war", "b": "army war", "c": "bank money money", "d": "bank money"}
    >>> rows = [(doc, word) for doc, text in reports.items() for word in text.split()]
    >>> tokens = pl.DataFrame(rows, schema=["doc_id", "lemma"], orient="row")
    >>> model = TopicModel(Topics(n_topics=2, min_documents=1, max_share=1.0)).fit(tokens)
    >>> sorted(model.terms(n=2).group_by("topic").agg(pl.col("term").sort())["term"].to_list())
    [['army', 'war'], ['bank', 'money']]
    """

    def __init__(self, params: Topics | None = None) -> None:
        self.params = params or Topics()

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
            doc_id, published and outlet, wanted by `prevalence` only.
        vocabulary
            The V terms of the matrix' columns.

        Raises
        ------
        InputError
            If there are fewer documents or terms than topics.
        """
        self.documents_ = documents
        if isinstance(tokens, pl.DataFrame):
            order = None if documents is None else documents["doc_id"]
            tokens = put_together(count_partition(STOP_WORDS, tokens), self.params, order)
        if not isinstance(tokens, Counts):
            tokens = _counts(sparse.csr_matrix(tokens), vocabulary)
        self.counts_, self.doc_ids_, self.vocabulary_ = tokens.matrix, tokens.doc_ids, tokens.vocabulary
        self._check()
        in_batches = self.counts_.shape[0] > self.params.batch_above
        self.fit_ = "batches" if in_batches else "whole"
        self._normalise((fit_batches if in_batches else fit_whole)(self.counts_, self.params))
        return self

    def _check(self) -> None:
        n_documents, n_terms = self.counts_.shape
        wanted = self.params.n_topics
        if n_documents < wanted:
            raise InputError(
                "params.yaml, topics.n_topics", f"{wanted} topics from {n_documents} documents",
                f"set it to {n_documents} or less, or add documents",
            )  # fmt: skip
        if n_terms < wanted:
            raise InputError(
                "params.yaml, topics.min_documents and topics.max_share",
                f"they leave {n_terms} terms for {wanted} topics",
                "lower min_documents, raise max_share, or lower n_topics",
            )

    def _normalise(self, fit: Fit) -> None:
        """Let each topic's weights add up to 1 and move its scale to the documents; order topics by size."""
        weights, components, self.converged_ = fit.weights, fit.components, fit.converged
        scale = components.sum(axis=1)
        weights = weights * scale
        components = components / np.where(scale == 0, 1, scale)[:, None]
        totals = weights.sum(axis=1, keepdims=True)
        shares = np.divide(weights, totals, out=np.full_like(weights, np.nan), where=totals > 0)
        shares[np.asarray(self.counts_.sum(axis=1)).ravel() == 0] = np.nan
        order = np.argsort(-np.nansum(shares, axis=0), kind="stable")
        self.components_, self.shares_ = components[order], shares[:, order]

    def terms(self, by: Literal["weight", "frex"] = "weight", n: int | None = None) -> pl.DataFrame:
        """List the terms of each topic.

        Parameters
        ----------
        by
            Order by weight, or by FREX: the harmonic mean of a term's ranks by weight in the topic and by how much of
            it belongs to the topic (Bischof & Airoldi 2012), both halves alike.
        n
            Terms a topic; by default as params.yaml says.

        Returns
        -------
        topic, rank (from 0), term, weight, frex.
        """
        frex = self._frex()
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

    def _frex(self) -> Floats:
        totals = self.components_.sum(axis=0)
        exclusivity = self.components_ / np.where(totals == 0, 1, totals)
        size = len(self.vocabulary_)
        by_frequency = np.apply_along_axis(_ranks, 1, self.components_) / size
        by_exclusivity = np.apply_along_axis(_ranks, 1, exclusivity) / size
        return np.asarray(2 / (1 / by_exclusivity + 1 / by_frequency))

    @property
    def shares(self) -> pl.DataFrame:
        """doc_id, topic, share: what part of each report belongs to each topic; null where it has no term."""
        return self._shares(np.arange(len(self.doc_ids_)))

    def shares_of(self, doc_ids: pl.Series) -> pl.DataFrame:
        """Give the shares of some documents, such as those of one partition; columns as in `shares`."""
        rows = self.doc_ids_.alias("doc_id").to_frame().with_row_index("row")
        found = rows.join(doc_ids.alias("doc_id").to_frame(), on="doc_id", how="semi", maintain_order="left")["row"]
        return self._shares(found.to_numpy())

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
        """Name each topic by its terms of most weight."""
        best = self.terms(n=_LABEL_TERMS).group_by("topic", maintain_order=True).agg(pl.col("term").str.join(", "))
        return best["term"].to_list()

    def prevalence(self, by: Period = "week") -> pl.DataFrame:
        """Follow each topic's mean share over time.

        Parameters
        ----------
        by
            Length of a bin.

        Returns
        -------
        topic, label, start (first day of the bin), stretch, reports, share (null in a bin without reports).

        Raises
        ------
        ValueError
            If the model was fitted without documents.
        """
        if self.documents_ is None:
            raise ValueError("prevalence needs dates: fit(tokens, documents) with doc_id and published")
        dated = self.documents_.select(pl.col("doc_id").cast(pl.String), start_of(by))
        start = self.doc_ids_.alias("doc_id").to_frame().join(dated, on="doc_id", how="left", maintain_order="left")
        means = self._means(start["start"])
        names = pl.DataFrame(
            {"topic": range(len(self.labels())), "label": self.labels()}, schema_overrides={"topic": pl.Int32}
        )
        every = bins(dated["start"], by).join(names, how="cross")
        return every.join(means, on=["topic", "start"], how="left").with_columns(pl.col("reports").fill_null(0))

    def _means(self, start: pl.Series) -> pl.DataFrame:
        """Give topic, start, reports and mean share (as published) of each bin that has reports with terms."""
        topics = [str(topic) for topic in range(self.components_.shape[0])]
        shares = pl.DataFrame(np.round(self.shares_, _DIGITS), schema=topics, orient="row").fill_nan(None)
        dated = shares.with_columns(start).drop_nulls("start")
        return (
            dated.group_by("start")
            .agg(pl.col("0").count().cast(pl.Int64).alias("reports"), pl.col(topics).mean().round(_DIGITS))
            .unpivot(topics, index=["start", "reports"], variable_name="topic", value_name="share")
            .with_columns(pl.col("topic").cast(pl.Int32))
        )

    def coherence(self, n: int = _COHERENCE_TERMS) -> Floats:
        """Give each topic's NPMI: the mean over pairs of its n heaviest terms, by co-occurrence in documents.

        -1 for terms that never stand in one report, 0 for independent ones, 1 for those always together (Bouma 2009,
        Röder et al. 2015). Returns an array (K,).
        """
        best = np.argsort(-self.components_, axis=1, kind="stable")[:, :n]
        wanted, at = np.unique(best, return_inverse=True)
        present = self.counts_[:, wanted].tocsc()  # once: each look at some columns goes through all documents
        present.data = np.ones_like(present.data)
        return np.array([npmi(present[:, columns]) for columns in at.reshape(best.shape)])

    def diversity(self, n: int = _DIVERSITY_TERMS) -> float:
        """Give the share of distinct terms among the n heaviest of all topics (Dieng et al. 2020)."""
        best = np.argsort(-self.components_, axis=1, kind="stable")[:, :n]
        return float(len(np.unique(best)) / best.size)

    def summarise(self) -> dict[str, Any]:
        """Give coherence, diversity and sizes, for the metrics."""
        return {
            "documents": len(self.doc_ids_),
            "documents_without_terms": int(np.isnan(self.shares_[:, 0]).sum()),
            "vocabulary": len(self.vocabulary_),
            "topics": self.components_.shape[0],
            "fit": self.fit_,
            "converged": self.converged_,
            "npmi": round(float(self.coherence().mean()), 4),
            "diversity": round(self.diversity(), 4),
        }


def _counts(matrix: sparse.csr_matrix, vocabulary: Sequence[str] | None) -> Counts:
    documents, terms = (pl.Series(map(str, range(size)), dtype=pl.String) for size in matrix.shape)
    matrix.sum_duplicates()
    return Counts(matrix, documents, terms if vocabulary is None else pl.Series(vocabulary, dtype=pl.String))


def _ranks(values: Floats) -> npt.NDArray[np.int64]:
    """Rank from 1; of equal values each takes the highest rank."""
    return np.searchsorted(np.sort(values), values, side="right")


def npmi(present: sparse.spmatrix | Floats) -> float:
    """Give the mean NPMI over all pairs of columns of a matrix (documents, terms) of zeros and ones.

    Examples
    --------
    >>> npmi(np.array([[1, 1], [1, 1], [0, 0], [0, 0]]))
    1.0
    >>> npmi(np.array([[1, 0], [0, 1]]))
    -1.0
    """
    present = sparse.csr_matrix(present, dtype=np.float64)
    together = (present.T @ present).toarray() / present.shape[0]
    alone = np.diag(together)
    values = []
    for i in range(len(alone)):
        for j in range(i):
            both = together[i, j]
            if both == 0:
                values.append(-1.0)
            elif both == 1:
                values.append(1.0)  # the limit: both stand in every report
            else:
                values.append(float(np.log(both / (alone[i] * alone[j])) / -np.log(both)))
    return float(np.mean(values)) if values else 0.0

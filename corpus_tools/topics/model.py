"""The topic model: terms of each topic, shares of each report, how they move, and how well they hold together."""

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
from corpus_tools.topics import prevalence
from corpus_tools.topics.fitting import anchors as anchored
from corpus_tools.topics.fitting import quality, subsamples
from corpus_tools.topics.fitting.factorise import STOP_WORDS, Fit, fit, normalised
from corpus_tools.topics.fitting.matrix import Counts, learnt, put_together
from corpus_tools.topics.fitting.term_counts import count_partition
from corpus_tools.topics.params import TopicsParams

Floats = npt.NDArray[np.float64]
# Published numbers carry so many digits: what is beyond differs between processors.
_DIGITS = 6
_LABEL_TERMS = 3


class TopicModel:
    """Topics by NMF on tf-idf or by LDA on counts, both scikit-learn's; in batches if the documents are many.

    Parameters
    ----------
    params
        Model, number of topics, seed and vocabulary; by default those of params.yaml as shipped, with 30 topics.
    anchors
        Words that a topic of this name is to be about; they take part in the fit.
    where
        The file they came from, for messages.

    Attributes
    ----------
    vocabulary_ : Series of V terms in order
    doc_ids_ : Series of D documents in order
    counts_ : sparse array (D, V) of how often each term stands in each document
    learnt_ : array (D,), the documents that the model learned from: all, if `learn_until` is not given
    components_ : array (K, V), each row a topic's weights that add up to 1; topics by size, largest first
    shares_ : array (D, K), each row a document's shares that add up to 1, or nan where it has no term
    anchors_ : array (A, V) of what the anchored topics are to hold
    anchored_ : dict of each anchored topic's number to its name
    named_ : dict of topics to labels of a user's own; empty at first
    fit_ : "whole" or "batches", how it was fitted
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
        where: str = "anchors",
    ) -> None:
        self.params = params or TopicsParams()
        self.where = where
        self.anchors = dict(anchors or {})

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
            doc_id, published and outlet, wanted by `prevalence` and `learn_until` only; cluster_id and is_first_report,
            if series are to be by independent cluster too.
        vocabulary
            The V terms of the matrix' columns.

        Raises
        ------
        InputError
            If there are fewer documents or terms than topics, or no word of an anchor is a term.
        """
        self.documents_ = documents
        if isinstance(tokens, pl.DataFrame):
            order = None if documents is None else documents["doc_id"]
            counted = count_partition([*STOP_WORDS, *self.params.leave_out], tokens)
            tokens = put_together(counted, self.params, order)
        if not isinstance(tokens, Counts):
            tokens = _counts(sparse.csr_matrix(tokens), vocabulary)
        dated = None if documents is None else prevalence.in_order(tokens.doc_ids, documents)["published"]
        tokens, self.learnt_ = learnt(tokens, dated, self.params)
        self.counts_, self.doc_ids_, self.vocabulary_ = tokens.matrix, tokens.doc_ids, tokens.vocabulary
        self._check()
        self.fit_ = "batches" if self.learnt_.sum() > self.params.batch_above else "whole"
        self.anchors_ = anchored.rows(self.anchors, self.vocabulary_, self.params.number, self.where)
        self._order(fit(self.counts_[self.learnt_], self.params, self.anchors_))
        return self

    def _check(self) -> None:
        n_documents, n_terms = int(self.learnt_.sum()), self.counts_.shape[1]
        wanted = self.params.number
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

    def _order(self, found: Fit) -> None:
        """Let each topic's weights add up to 1 and move its scale to the documents; order topics by size."""
        # The weights of the fit itself, which tell a topic's part a little more sharply than weighing anew.
        weights = found.weights if self.learnt_.all() else found.weigh(self.counts_)
        shares = subsamples.shares(weights, found.components, self.counts_)
        order = np.argsort(-np.nansum(shares[self.learnt_], axis=0), kind="stable")
        self.converged_ = found.converged
        self.components_, self.shares_ = normalised(found.components)[order], shares[:, order]
        named = anchored.assign(self.components_, self.anchors_)
        self.anchored_ = {int(topic): name for topic, name in zip(named, self.anchors, strict=True)}
        self.named_: dict[int, str] = {}

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
        """Name each topic by a label of the user's, or else by its anchor, or else by its terms of most weight."""
        best = self.terms(n=_LABEL_TERMS).group_by("topic", maintain_order=True).agg(pl.col("term").str.join(", "))
        names = self.anchored_ | self.named_
        return [names.get(topic, terms) for topic, terms in enumerate(best["term"])]

    def prevalence(self, by: Period = "week") -> pl.DataFrame:
        """Follow each topic's mean share over time.

        Parameters
        ----------
        by
            Length of a bin.

        Returns
        -------
        unit ("report", or "cluster": each cluster of near-duplicates by its first report), topic, label, period, start
        (first day of the bin), stretch, reports, share, low, high (95 % interval by a block bootstrap of days). A bin
        without reports has a null share. No bin uses the shares of another one's reports.

        Raises
        ------
        ValueError
            If the model was fitted without documents.
        """
        draws = BootstrapSettings(self.params.draws, self.params.seed)
        return prevalence.by_period(self.dated(), by, draws).join(self._names(), on="topic", maintain_order="left")

    def prevalence_by_outlet(self) -> pl.DataFrame:
        """Compare each topic's mean share between outlets.

        Returns
        -------
        unit, topic, label, outlet, reports, share, low, high, as in `prevalence`.

        Raises
        ------
        ValueError
            If the model was fitted without documents.
        """
        draws = BootstrapSettings(self.params.draws, self.params.seed)
        return prevalence.by_outlet(self.dated(), draws).join(self._names(), on="topic", maintain_order="left")

    def dated(self) -> pl.DataFrame:
        """Give the documents, in order, with a column of shares (as published) a topic, named by its number."""
        if self.documents_ is None:
            raise ValueError("prevalence needs dates: fit(tokens, documents) with doc_id and published")
        topics = [str(topic) for topic in range(len(self.components_))]
        shares = pl.DataFrame(np.round(self.shares_, _DIGITS), schema=topics, orient="row").fill_nan(None)
        return pl.concat([prevalence.in_order(self.doc_ids_, self.documents_), shares], how="horizontal")

    def _names(self) -> pl.DataFrame:
        return pl.DataFrame({"topic": pl.Series(range(len(self.components_)), dtype=pl.Int32), "label": self.labels()})

    def coherence(self, n: int = quality.COHERENCE_TERMS) -> Floats:
        """Give each topic's NPMI over its n heaviest terms (see `fitting.quality.coherence`): an array (K,)."""
        return quality.coherence(self.counts_, self.components_, n)

    def diversity(self, n: int = quality.DIVERSITY_TERMS) -> float:
        """Give the share of distinct terms among the n heaviest of all topics (Dieng et al. 2020)."""
        return quality.diversity(self.components_, n)

    def summarise(self) -> dict[str, Any]:
        """Give coherence, exclusivity, diversity and sizes, for the metrics."""
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

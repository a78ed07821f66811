"""Topics: what the reports are about, as weighted terms and as shares of each report; the same for the same seed."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from scipy.stats import rankdata
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfTransformer
from threadpoolctl import threadpool_limits

from corpus_tools.errors import InputError
from corpus_tools.params import Period, Topics
from corpus_tools.series import bins, start_of

Floats = npt.NDArray[np.float64]
# A term is a word of letters (hyphens and apostrophes inside), at least three of them: two-letter words of English are
# function words or initials.
_TERM = r"^[^\W\d_][^\W\d_'’-]*(?:[-'’]?[^\W\d_]+)+$"
_SHORTEST = 3
# Published numbers carry so many digits: what is beyond differs between processors.
_DIGITS = 6
_COHERENCE_TERMS = 10  # Röder et al. 2015
_DIVERSITY_TERMS = 25  # Dieng et al. 2020
_LABEL_TERMS = 3


def count_terms(tokens: pl.DataFrame) -> pl.DataFrame:
    """Count the terms of each document: lower-case lemmas that are words and no stop words.

    Returns
    -------
    doc_id, term, n; sorted.
    """
    terms = tokens.select("doc_id", pl.col("lemma").str.to_lowercase().alias("term"))
    kept = terms.select(pl.col("term").unique()).filter(
        pl.col("term").str.len_chars() >= _SHORTEST,
        pl.col("term").str.contains(_TERM),
        ~pl.col("term").is_in(list(ENGLISH_STOP_WORDS)),
    )
    return (
        terms.join(kept, on="term", how="semi")
        .group_by("doc_id", "term")
        .agg(pl.len().alias("n"))
        .sort("doc_id", "term")
    )


def count_partition(tokens: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Count the terms of one partition."""
    return {"counts": count_terms(tokens)}


def shares_of(shares: pl.DataFrame, documents: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Take the shares of one partition's documents."""
    return {"doc_topics": shares.join(documents, on="doc_id", how="semi")}


class TopicModel:
    """Topics by NMF on tf-idf (Lee & Seung 1999) or by LDA on counts (Blei et al. 2003), both scikit-learn's.

    Parameters
    ----------
    params
        Model, number of topics, seed and vocabulary; by default those of params.yaml as shipped.

    Attributes
    ----------
    vocabulary_ : list of str, V terms in order
    doc_ids_ : list of str, D documents in order
    components_ : array (K, V), each row a topic's weights that add up to 1; topics by size, largest first
    shares_ : array (D, K), each row a document's shares that add up to 1, or nan where it has no term
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
        tokens: pl.DataFrame | sparse.spmatrix,
        documents: pl.DataFrame | None = None,
        *,
        vocabulary: Sequence[str] | None = None,
    ) -> TopicModel:
        """Fit the model.

        Parameters
        ----------
        tokens
            Tokens with doc_id and lemma; or counts with doc_id, term and n; or a matrix (D, V) of counts.
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
            counts = tokens if "n" in tokens.columns else count_terms(tokens)
            order = None if documents is None else documents["doc_id"]
            self.counts_, self.doc_ids_, self.vocabulary_ = self._matrix(counts, order)
        else:
            self.counts_ = sparse.csr_matrix(tokens)
            self.doc_ids_ = [str(i) for i in range(self.counts_.shape[0])]
            self.vocabulary_ = list(vocabulary or map(str, range(self.counts_.shape[1])))
        self._check()
        with threadpool_limits(limits=1):  # sums in one order, whatever the machine
            weights, components = self._factorise()
        self._normalise(weights, components)
        return self

    def _matrix(self, counts: pl.DataFrame, order: pl.Series | None) -> tuple[sparse.csr_matrix, list[str], list[str]]:
        doc_ids = (counts["doc_id"] if order is None else order).cast(pl.String).unique().sort()
        counts = counts.with_columns(pl.col("doc_id").cast(pl.String))
        if not counts["doc_id"].unique().is_in(doc_ids.implode()).all():
            raise InputError("tokens", "they do not belong to the documents", "run `make repro`: one of them is older")
        found_in = counts.group_by("term").agg(pl.len().alias("documents"))
        terms = found_in.filter(
            pl.col("documents") >= self.params.min_documents,
            pl.col("documents") <= self.params.max_share * len(doc_ids),
        )["term"].sort()
        cells = (
            counts.join(terms.to_frame().with_row_index("column"), on="term")
            .join(doc_ids.alias("doc_id").to_frame().with_row_index("row"), on="doc_id")
            .sort("row", "column")
        )
        matrix = sparse.csr_matrix(
            (cells["n"].to_numpy().astype(np.float64), (cells["row"].to_numpy(), cells["column"].to_numpy())),
            shape=(len(doc_ids), len(terms)),
        )
        return matrix, doc_ids.to_list(), terms.to_list()

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

    def _factorise(self) -> tuple[Floats, Floats]:
        p = self.params
        self.converged_ = True  # LDA takes the iterations it is given
        if p.model == "lda":
            model = LatentDirichletAllocation(p.n_topics, max_iter=p.max_iterations, random_state=p.seed, n_jobs=1)
            return model.fit_transform(self.counts_), model.components_
        tfidf = TfidfTransformer(sublinear_tf=True).fit_transform(self.counts_)
        model = NMF(p.n_topics, init="nndsvda", random_state=p.seed, max_iter=p.max_iterations, tol=1e-3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # said by `converged_` and in the metrics instead
            weights = model.fit_transform(tfidf)
        self.converged_ = model.n_iter_ < p.max_iterations
        return weights, model.components_

    def _normalise(self, weights: Floats, components: Floats) -> None:
        """Let each topic's weights add up to 1 and move its scale to the documents; order topics by size."""
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
        rows = []
        n = n or self.params.n_terms
        for topic, (weight, score) in enumerate(zip(self.components_, frex, strict=True)):
            best = np.argsort(-(weight if by == "weight" else score), kind="stable")[:n]
            rows += [(topic, rank, self.vocabulary_[i], weight[i], score[i]) for rank, i in enumerate(best)]
        schema = {
            "topic": pl.Int32,
            "rank": pl.Int32,
            "term": pl.String,
            "weight": pl.Float64,
            "frex": pl.Float64,
        }
        return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("weight", "frex").round(_DIGITS))

    def _frex(self) -> Floats:
        totals = self.components_.sum(axis=0)
        exclusivity = self.components_ / np.where(totals == 0, 1, totals)
        size = len(self.vocabulary_)
        by_frequency = np.apply_along_axis(rankdata, 1, self.components_, method="max") / size
        by_exclusivity = np.apply_along_axis(rankdata, 1, exclusivity, method="max") / size
        return np.asarray(2 / (1 / by_exclusivity + 1 / by_frequency))

    @property
    def shares(self) -> pl.DataFrame:
        """doc_id, topic, share: what part of each report belongs to each topic; null where it has no term."""
        k = self.components_.shape[0]
        return pl.DataFrame(
            {
                "doc_id": np.repeat(np.array(self.doc_ids_, dtype=object), k).tolist(),
                "topic": np.tile(np.arange(k, dtype=np.int32), len(self.doc_ids_)),
                "share": np.round(self.shares_, _DIGITS).ravel(),
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
        shares = self.shares.join(dated, on="doc_id").drop_nulls("start")
        means = shares.group_by("topic", "start", maintain_order=True).agg(
            pl.col("share").is_not_null().sum().cast(pl.Int64).alias("reports"),
            pl.col("share").mean().round(_DIGITS),
        )
        names = pl.DataFrame(
            {"topic": range(len(self.labels())), "label": self.labels()}, schema_overrides={"topic": pl.Int32}
        )
        every = bins(dated["start"], by).join(names, how="cross")
        return every.join(means, on=["topic", "start"], how="left").with_columns(pl.col("reports").fill_null(0))

    def coherence(self, n: int = _COHERENCE_TERMS) -> Floats:
        """Give each topic's NPMI: the mean over pairs of its n heaviest terms, by co-occurrence in documents.

        -1 for terms that never stand in one report, 0 for independent ones, 1 for those always together (Bouma 2009,
        Röder et al. 2015). Returns an array (K,).
        """
        present = (self.counts_ > 0).astype(np.float64)
        return np.array([npmi(present[:, np.argsort(-w, kind="stable")[:n]]) for w in self.components_])

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
            "converged": self.converged_,
            "npmi": round(float(self.coherence().mean()), 4),
            "diversity": round(self.diversity(), 4),
        }


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

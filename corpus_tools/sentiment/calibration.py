"""Sentiment as people rate it: weights for words and what surrounds them, learned from sentences with human ratings.

A ridge regression (Hoerl & Kennard 1970) on VADER's numbers, sums of valences, classes of meaning (`evidence`) and
tf-idf of stems, in which negated ones are words of their own. As it is linear, all that it learned is a table of
weights that can be read, published and used again.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import linalg, sparse
from threadpoolctl import threadpool_limits

from corpus_tools.errors import InputError, known
from corpus_tools.nltk_fast.lexicon import column
from corpus_tools.nltk_fast.vader import score
from corpus_tools.sentiment.features import Evidence, evidence, names

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Fewer sentences than this say nothing of a word.
_FEWEST = 50
_FOLDS, _SEED = 10, 0
# Of the ridge, and the standard deviation that the columns of `evidence` are given; a sentence's tf-idf has norm 1.
# In 2,568 rated sentences of editorials, in folds by article, r lost at most 0.007 with twice or half of either.
_ALPHA, _SPREAD = 5.0, 0.1
# A constant column so large that it is hardly shrunk.
_CONSTANT = 10.0
# A stem in one sentence only says nothing that another could confirm.
_MIN_SENTENCES = 2
_COLUMNS = {"feature": pl.String, "kind": pl.String, "weight": pl.Float64, "idf": pl.Float64}
_CONSTANT_KEY = ("constant", "constant")
_MEASURES = ["sentences", "r", "r_vader"]


@dataclass(frozen=True, repr=False, eq=False)
class Calibration:
    """Weights of a regression on human ratings, and how well it foretells ratings that it has not seen.

    Attributes
    ----------
    weights : feature, kind (constant, vader, words, class or stem), weight (in the scale of the ratings, by unit of the
        feature) and idf (of stems only)
    r : Pearson's correlation with the ratings, in cross-validation; nan if the scores are all equal
    r_vader : the same of VADER's compound, which learns nothing
    n : how many sentences it was learned from
    """

    weights: pl.DataFrame
    r: float
    r_vader: float
    n: int

    def score(self, sentences: Sequence[str]) -> Floats:
        """Score sentences.

        Parameters
        ----------
        sentences
            N sentences.

        Returns
        -------
        Array (N,) in the scale of the ratings; a sentence without words has the score of one that says nothing.

        Examples
        --------
        >>> rated = {"Peace is near.": 1, "Peace is near now.": 1, "War is near.": -1, "War is near now.": -1}
        >>> calibration = calibrate([*rated] * 13, [*rated.values()] * 13)
        >>> calibration.score(["Now is peace.", "Now is war."]).round().tolist()
        [1.0, -1.0]
        """
        return _apply(self._model(), evidence(sentences))

    def _model(self) -> _Model:
        rows = list(self.weights.iter_rows())
        found = {(kind, feature): weight for feature, kind, weight, _ in rows if kind != "stem"}
        constant = found.pop(_CONSTANT_KEY)
        return _Model(
            constant, found,
            {feature: weight for feature, kind, weight, _ in rows if kind == "stem"},
            {feature: idf for feature, kind, _, idf in rows if kind == "stem"},
        )  # fmt: skip

    def save(self, path: str | Path) -> None:
        """Write the weights as a table with tabs, and r, r_vader and n as rows of the kind "measure".

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> calibration = calibrate(["A good day."] * 25 + ["A bad day."] * 25, [1] * 25 + [-1] * 25)
        >>> with TemporaryDirectory() as folder:
        ...     calibration.save(Path(folder, "weights.tsv"))
        ...     load_calibration(Path(folder, "weights.tsv")).r == calibration.r
        True
        """
        measures = dict(zip(_MEASURES, [float(self.n), self.r, self.r_vader], strict=True))
        rows = [(name, "measure", value, None) for name, value in measures.items()]
        table = pl.concat([pl.DataFrame(rows, schema=_COLUMNS, orient="row"), self.weights])
        table.write_csv(Path(path), separator="\t", quote_style="never")

    def __repr__(self) -> str:
        return (
            f"Calibration on {self.n:,} sentences: correlation with human ratings r = {self.r:.3f} in cross-validation"
            f" (VADER's compound: {self.r_vader:.3f})"
        )

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>"


def calibrate(
    sentences: Sequence[str], means: Sequence[float], *, groups: Sequence[Hashable] | None = None
) -> Calibration:
    """Learn from human ratings what sentences people find good or bad, and measure how well.

    Parameters
    ----------
    sentences
        N sentences, 50 or more. Memory grows with the square of N: 20,000 take 7 GB.
    means
        The mean rating of each, in any scale.
    groups
        What each sentence is of, such as its article: sentences of one group are foretold from those of others only.

    Returns
    -------
    The weights, learned from all sentences, and r, from ten folds; the same in whatever order the sentences come.

    Raises
    ------
    InputError
        If lengths differ, there are fewer than 50 sentences or two groups, or the means are not numbers or all equal.

    Examples
    --------
    >>> calibrate(["A good day."] * 25 + ["A bad day."] * 25, [1] * 25 + [-1] * 25)
    Calibration on 50 sentences: correlation with human ratings r = 1.000 in cross-validation (VADER's compound: 1.000)
    """
    sentences, rated, numbers = _checked(list(sentences), means, groups)
    compound = score(column(sentences))["compound"].to_numpy()
    with threadpool_limits(limits=1):  # sums in one order, whatever the machine
        read = evidence(sentences)
        model, foretold = _fit(read, rated), np.empty(len(rated))
        for seen, unseen in _folds(numbers):
            foretold[unseen] = _apply(_fit(_rows(read, seen), rated[seen]), _rows(read, unseen))
    return Calibration(_table(model), _correlation(foretold, rated), _correlation(compound, rated), len(rated))


def _checked(
    sentences: list[str], means: Sequence[float], groups: Sequence[Hashable] | None
) -> tuple[list[str], Floats, Ints]:
    """Give sentences, means and the numbers of the groups in an order of their own, so that sums and folds have one."""
    rated = np.asarray(means, dtype=np.float64)
    if len(sentences) < _FEWEST:
        raise InputError("calibrate, sentences", f"{len(sentences)} of them", f"give {_FEWEST} or more")
    _same_length("means", rated, sentences)
    bad = np.flatnonzero(~np.isfinite(rated))
    if len(bad):
        where = f"calibrate, means[{bad[0]}]"
        raise InputError(where, f"{rated[bad[0]]} is no rating", "leave out sentences without ratings")
    if np.ptp(rated) == 0:
        raise InputError("calibrate, means", f"all are {rated[0]}", "give sentences that people rate differently")
    order = sorted(range(len(sentences)), key=lambda row: (sentences[row], rated[row]))
    numbers = np.arange(len(sentences))
    if groups is not None:
        _same_length("groups", groups, sentences)
        found: dict[Hashable, int] = {}
        numbers = np.array([found.setdefault(groups[row], len(found)) for row in order])
        if len(found) < 2:
            raise InputError("calibrate, groups", "all sentences are of one group", "give two groups or more, or none")
    return [sentences[row] for row in order], rated[order], numbers


def _same_length(name: str, values: Sequence[Hashable] | Floats, sentences: list[str]) -> None:
    if len(values) != len(sentences):
        what = f"{len(values)} for {len(sentences)} sentences"
        raise InputError(f"calibrate, {name}", what, "give one for each sentence")


def _folds(groups: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Part sentences into those to learn from and those to foretell, so that each is foretold once."""
    n_groups = int(groups.max()) + 1
    fold = (np.random.default_rng(_SEED).permutation(n_groups) % _FOLDS)[groups]
    for number in range(min(_FOLDS, n_groups)):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def _rows(read: Evidence, rows: Ints) -> Evidence:
    return Evidence(read.names, read.values[rows], [read.stems[row] for row in rows])


def _correlation(scores: Floats, means: Floats) -> float:
    return math.nan if np.ptp(scores) == 0 else float(np.corrcoef(scores, means)[0, 1])


# ---- the regression --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Model:
    """A constant, the weight of every column of `evidence`, and weight and idf of every stem."""

    constant: float
    columns: dict[tuple[str, str], float]
    stems: dict[str, float]
    idf: dict[str, float]


def _fit(read: Evidence, means: Floats) -> _Model:
    """Fit the ridge by its dual: there are more stems than sentences."""
    idf = _idf(read.stems)
    weighed = _tf_idf(read.stems, idf)
    centre, spread = read.values.mean(axis=0), read.values.std(axis=0)
    # What is the same everywhere, but for rounding, gets no weight.
    scale = np.divide(_SPREAD, spread, out=np.zeros_like(spread), where=spread > 1e-9)
    columns = (read.values - centre) * scale
    kernel = columns @ columns.T + (weighed @ weighed.T).toarray() + _CONSTANT**2
    kernel[np.diag_indices_from(kernel)] += _ALPHA
    # The middle of the ratings needs no weights.
    middle = means.mean()
    dual = linalg.solve(kernel, means - middle, assume_a="pos", overwrite_a=True)
    weights = columns.T @ dual * scale
    constant = float(middle + _CONSTANT**2 * dual.sum() - centre @ weights)
    by_stem = dict(zip(idf, (weighed.T @ dual).tolist(), strict=True))
    return _Model(constant, dict(zip(read.names, weights.tolist(), strict=True)), by_stem, idf)


def _apply(model: _Model, read: Evidence) -> Floats:
    columns = np.array([model.columns[name] for name in read.names])
    stems = np.array([model.stems[stem] for stem in model.idf])
    return np.asarray(model.constant + read.values @ columns + _tf_idf(read.stems, model.idf) @ stems)


def _idf(sentences: list[list[str]]) -> dict[str, float]:
    """Give each stem of two sentences or more its inverse document frequency, as scikit-learn smooths it."""
    counts = Counter(stem for stems in sentences for stem in set(stems))
    kept = sorted(stem for stem, count in counts.items() if count >= _MIN_SENTENCES)
    return {stem: math.log((1 + len(sentences)) / (1 + counts[stem])) + 1 for stem in kept}


def _tf_idf(sentences: list[list[str]], idf: dict[str, float]) -> sparse.csr_array:
    """Weigh stems by idf and by 1 + log of how often each stands in a sentence; rows have norm 1, or 0."""
    number = {stem: i for i, stem in enumerate(idf)}
    found = [(row, number[stem]) for row, stems in enumerate(sentences) for stem in stems if stem in number]
    places = np.array(found, dtype=np.int64).reshape(-1, 2)
    matrix = sparse.coo_array((np.ones(len(places)), (places[:, 0], places[:, 1])), shape=(len(sentences), len(idf)))
    matrix = matrix.tocsr()  # adds up what stands more than once
    matrix.data = (1 + np.log(matrix.data)) * np.array(list(idf.values()))[matrix.indices]
    rows = np.repeat(np.arange(len(sentences)), np.diff(matrix.indptr))
    norms = np.sqrt(np.bincount(rows, matrix.data**2, minlength=len(sentences)))
    matrix.data = matrix.data / norms[rows]
    return matrix


# ---- the table -------------------------------------------------------------------------------------------------------


def _table(model: _Model) -> pl.DataFrame:
    rows: list[tuple[str, str, float, float | None]] = [("constant", "constant", model.constant, None)]
    rows += [(feature, kind, weight, None) for (kind, feature), weight in model.columns.items()]
    rows += [(stem, "stem", weight, model.idf[stem]) for stem, weight in model.stems.items()]
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row")


def load_calibration(path: str | Path) -> Calibration:
    """Read what `Calibration.save` wrote; the scores are the same.

    Parameters
    ----------
    path
        A table with tabs: feature, kind, weight, idf.

    Raises
    ------
    InputError
        If a row is none of such a table, comes twice or is missing.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(str(path), "is not in UTF-8", _REMEDY) from error
    if lines[0].split("\t") != list(_COLUMNS):
        raise InputError(f"{path}, row 1", f"{lines[0][:60]!r} is no header of weights", _REMEDY)
    rows: dict[tuple[str, str], tuple[float, float | None]] = {}
    for number, line in enumerate(lines[1:], start=2):
        where = f"{path}, row {number}"
        feature, kind, weight, idf = _row(where, line)
        if (kind, feature) in rows:
            raise InputError(where, f"{kind} {feature!r} comes twice", "leave one of the two rows")
        rows[kind, feature] = weight, idf
    for kind, feature in sorted(_wanted() - rows.keys()):
        raise InputError(str(path), f"no row for {kind} {feature!r}", _REMEDY)
    n, r, r_vader = (rows.pop(("measure", name))[0] for name in _MEASURES)
    table = [(feature, kind, *values) for (kind, feature), values in rows.items()]
    return Calibration(pl.DataFrame(table, schema=_COLUMNS, orient="row"), r, r_vader, int(n))


_REMEDY = "give a file that Calibration.save of this version wrote"


def _wanted() -> set[tuple[str, str]]:
    """Give kind and name of the rows that every file has."""
    return {*names(), _CONSTANT_KEY, *(("measure", name) for name in _MEASURES)}


def _row(where: str, line: str) -> tuple[str, str, float, float | None]:
    cells = line.split("\t")
    if len(cells) != len(_COLUMNS):
        raise InputError(where, f"{len(cells)} cells instead of {len(_COLUMNS)}", _REMEDY)
    feature, kind, weight, idf = cells
    if kind == "stem":
        if not 0 < (inverse := _number(where, idf)) < math.inf:
            raise InputError(where, f"{idf} is no idf", "give a number above 0")
        return feature, kind, _finite(where, weight), inverse
    if (kind, feature) not in _wanted():
        names_of_kind = [name for other, name in _wanted() if other == kind]
        of_kind = known(feature, names_of_kind) if names_of_kind else known(kind, {"stem", *(k for k, _ in _wanted())})
        raise InputError(where, f"{kind} {feature!r} is no feature", of_kind)
    # Correlations may be undefined.
    value = _number(where, weight) if feature in {"r", "r_vader"} else _finite(where, weight)
    return feature, kind, value, None


def _finite(where: str, cell: str) -> float:
    value = _number(where, cell)
    if not math.isfinite(value):
        raise InputError(where, f"{cell} is no weight", "give a finite number")
    return value


def _number(where: str, cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise InputError(where, f"{cell!r} is no number", "give a decimal number such as 0.25") from None

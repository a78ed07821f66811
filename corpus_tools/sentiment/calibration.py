"""A sentiment model calibrated on sentences that people have rated.

The model is a ridge regression (Hoerl & Kennard 1970) on VADER's scores, sums of valences, counts of meaning classes
(`features`) and tf-idf of stems, where negated stems are separate terms. It is linear, so it can be read, published and
reused as a table of weights.
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
from corpus_tools.nltk_fast.lexicon import string_column
from corpus_tools.nltk_fast.vader import score
from corpus_tools.sentiment.features import Features, extract_features, feature_names

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# From fewer sentences, the weight of a word cannot be learned.
_MIN_RATED = 50
_FOLDS, _SEED = 10, 0
# The penalty of the ridge, and the standard deviation to which features are scaled; a sentence's tf-idf has norm 1.
# On 2,568 rated sentences of editorials, in folds by article, r fell by at most 0.007 with twice or half of either.
_ALPHA, _SPREAD = 5.0, 0.1
# A constant column this large is hardly shrunk.
_CONSTANT = 10.0
# No second sentence could confirm the weight of a stem that occurs in one sentence only.
_MIN_SENTENCES = 2
_COLUMNS = {"feature": pl.String, "kind": pl.String, "weight": pl.Float64, "idf": pl.Float64}
_CONSTANT_KEY = ("constant", "constant")
_MEASURES = ["sentences", "r", "r_vader"]


@dataclass(frozen=True, repr=False, eq=False)
class Calibration:
    """Weights of a regression on human ratings, and how well it predicts ratings of new sentences.

    Attributes
    ----------
    weights
        feature, kind (constant, vader, words, class or stem), weight (in the scale of the ratings, per unit of the
        feature) and idf (of stems only).
    r
        Pearson's correlation with the ratings in cross-validation; nan if all scores are equal.
    r_vader
        The same for VADER's compound score, which is not fitted.
    n
        Number of rated sentences.
    """

    weights: pl.DataFrame
    r: float
    r_vader: float
    n: int

    def score(self, sentences: Sequence[str]) -> Floats:
        """Score sentences in the scale of the ratings; a sentence without words gets the score of a neutral one.

        Examples
        --------
        >>> rated = {"Peace is near.": 1, "Peace is near now.": 1, "War is near.": -1, "War is near now.": -1}
        >>> calibration = calibrate([*rated] * 13, [*rated.values()] * 13)
        >>> calibration.score(["Now is peace.", "Now is war."]).round().tolist()
        [1.0, -1.0]
        """
        return _predict(self._model(), extract_features(sentences))

    def _model(self) -> _Model:
        rows = list(self.weights.iter_rows())
        weights = {(kind, feature): weight for feature, kind, weight, _ in rows if kind != "stem"}
        constant = weights.pop(_CONSTANT_KEY)
        return _Model(
            constant, weights,
            {feature: weight for feature, kind, weight, _ in rows if kind == "stem"},
            {feature: idf for feature, kind, _, idf in rows if kind == "stem"},
        )  # fmt: skip

    def save(self, path: str | Path) -> None:
        """Write the weights as a tab-separated table, with n, r and r_vader as rows of the kind "measure".

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
    """Fit a sentiment model to human ratings of sentences.

    Parameters
    ----------
    sentences
        N sentences, 50 or more. Memory grows with the square of N: 20,000 take 7 GB.
    means
        The mean rating of each sentence, in any scale.
    groups
        The group of each sentence, such as its article. In cross-validation, sentences of a group are predicted from
        those of other groups only.

    Returns
    -------
    The weights, fitted to all sentences, and r from ten folds. The order of the sentences makes no difference.

    Raises
    ------
    InputError
        If lengths differ, there are fewer than 50 sentences or 2 groups, or the means are not finite or are all equal.

    Examples
    --------
    >>> calibrate(["A good day."] * 25 + ["A bad day."] * 25, [1] * 25 + [-1] * 25)
    Calibration on 50 sentences: correlation with human ratings r = 1.000 in cross-validation (VADER's compound: 1.000)
    """
    sentences, ratings, group_numbers = _checked(list(sentences), means, groups)
    compound = score(string_column(sentences))["compound"].to_numpy()
    with threadpool_limits(limits=1):  # sums in the same order on every machine
        features = extract_features(sentences)
        model, predicted = _fit(features, ratings), np.empty(len(ratings))
        for training, test in _folds(group_numbers):
            fold_model = _fit(_select(features, training), ratings[training])
            predicted[test] = _predict(fold_model, _select(features, test))
    return Calibration(_table(model), _correlation(predicted, ratings), _correlation(compound, ratings), len(ratings))


def _checked(
    sentences: list[str], means: Sequence[float], groups: Sequence[Hashable] | None
) -> tuple[list[str], Floats, Ints]:
    """Return sentences, ratings and group numbers sorted, so that the caller's order changes no sum and no fold."""
    ratings = np.asarray(means, dtype=np.float64)
    if len(sentences) < _MIN_RATED:
        raise InputError("calibrate, sentences", f"only {len(sentences)}", f"give {_MIN_RATED} or more")
    _check_length("means", ratings, sentences)
    bad = np.flatnonzero(~np.isfinite(ratings))
    if len(bad):
        where = f"calibrate, means[{bad[0]}]"
        raise InputError(where, f"{ratings[bad[0]]} is not a rating", "leave out sentences without ratings")
    if np.ptp(ratings) == 0:
        raise InputError("calibrate, means", f"all are {ratings[0]}", "give sentences that people rate differently")
    order = sorted(range(len(sentences)), key=lambda row: (sentences[row], ratings[row]))
    group_numbers = np.arange(len(sentences))
    if groups is not None:
        _check_length("groups", groups, sentences)
        numbers: dict[Hashable, int] = {}
        group_numbers = np.array([numbers.setdefault(groups[row], len(numbers)) for row in order])
        if len(numbers) < 2:
            raise InputError("calibrate, groups", "all sentences are in one group", "give two groups or more, or none")
    return [sentences[row] for row in order], ratings[order], group_numbers


def _check_length(name: str, values: Sequence[Hashable] | Floats, sentences: list[str]) -> None:
    if len(values) != len(sentences):
        what = f"{len(values)} for {len(sentences)} sentences"
        raise InputError(f"calibrate, {name}", what, "give one for each sentence")


def _folds(groups: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield rows for training and for testing; each sentence is tested once, and groups stay together."""
    n_groups = int(groups.max()) + 1
    fold = (np.random.default_rng(_SEED).permutation(n_groups) % _FOLDS)[groups]
    for number in range(min(_FOLDS, n_groups)):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def _select(features: Features, rows: Ints) -> Features:
    return Features(features.names, features.values[rows], [features.stems[row] for row in rows])


def _correlation(scores: Floats, ratings: Floats) -> float:
    return math.nan if np.ptp(scores) == 0 else float(np.corrcoef(scores, ratings)[0, 1])


# ---- the regression --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Model:
    """A constant, the weight of every feature, and weight and idf of every stem."""

    constant: float
    weights: dict[tuple[str, str], float]
    stems: dict[str, float]
    idf: dict[str, float]


def _fit(features: Features, ratings: Floats) -> _Model:
    """Fit the ridge in its dual form, because there are more stems than sentences."""
    idf = _idf(features.stems)
    tf_idf = _tf_idf(features.stems, idf)
    centre, spread = features.values.mean(axis=0), features.values.std(axis=0)
    # A feature that is constant but for rounding errors gets no weight.
    scale = np.divide(_SPREAD, spread, out=np.zeros_like(spread), where=spread > 1e-9)
    scaled = (features.values - centre) * scale
    kernel = scaled @ scaled.T + (tf_idf @ tf_idf.T).toarray() + _CONSTANT**2
    kernel[np.diag_indices_from(kernel)] += _ALPHA
    mean = ratings.mean()  # subtracted, so that the penalty does not shrink it
    dual = linalg.solve(kernel, ratings - mean, assume_a="pos", overwrite_a=True)
    weights = scaled.T @ dual * scale
    constant = float(mean + _CONSTANT**2 * dual.sum() - centre @ weights)
    stems = dict(zip(idf, (tf_idf.T @ dual).tolist(), strict=True))
    return _Model(constant, dict(zip(features.names, weights.tolist(), strict=True)), stems, idf)


def _predict(model: _Model, features: Features) -> Floats:
    weights = np.array([model.weights[name] for name in features.names])
    stems = np.array([model.stems[stem] for stem in model.idf])
    return np.asarray(model.constant + features.values @ weights + _tf_idf(features.stems, model.idf) @ stems)


def _idf(sentences: list[list[str]]) -> dict[str, float]:
    """Return the inverse document frequency, smoothed as in scikit-learn, of stems in two sentences or more."""
    counts = Counter(stem for stems in sentences for stem in set(stems))
    kept = sorted(stem for stem, count in counts.items() if count >= _MIN_SENTENCES)
    return {stem: math.log((1 + len(sentences)) / (1 + counts[stem])) + 1 for stem in kept}


def _tf_idf(sentences: list[list[str]], idf: dict[str, float]) -> sparse.csr_array:
    """Weight stems by idf and by 1 + log of their frequency in the sentence; rows have norm 1, or 0 without stems."""
    number = {stem: i for i, stem in enumerate(idf)}
    occurrences = [(row, number[stem]) for row, stems in enumerate(sentences) for stem in stems if stem in number]
    cells = np.array(occurrences, dtype=np.int64).reshape(-1, 2)
    matrix = sparse.coo_array((np.ones(len(cells)), (cells[:, 0], cells[:, 1])), shape=(len(sentences), len(idf)))
    matrix = matrix.tocsr()  # adds up repeated cells
    matrix.data = (1 + np.log(matrix.data)) * np.array(list(idf.values()))[matrix.indices]
    rows = np.repeat(np.arange(len(sentences)), np.diff(matrix.indptr))
    norms = np.sqrt(np.bincount(rows, matrix.data**2, minlength=len(sentences)))
    matrix.data = matrix.data / norms[rows]
    return matrix


# ---- the table -------------------------------------------------------------------------------------------------------


def _table(model: _Model) -> pl.DataFrame:
    rows: list[tuple[str, str, float, float | None]] = [("constant", "constant", model.constant, None)]
    rows += [(feature, kind, weight, None) for (kind, feature), weight in model.weights.items()]
    rows += [(stem, "stem", weight, model.idf[stem]) for stem, weight in model.stems.items()]
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row")


def load_calibration(path: str | Path) -> Calibration:
    """Read a calibration that `Calibration.save` wrote; its scores are the same.

    Parameters
    ----------
    path
        A tab-separated table: feature, kind, weight, idf.

    Raises
    ------
    InputError
        If a row is malformed, repeated or missing.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(str(path), "is not in UTF-8", _REMEDY) from error
    if lines[0].split("\t") != list(_COLUMNS):
        raise InputError(f"{path}, row 1", f"{lines[0][:60]!r} is not the header of a table of weights", _REMEDY)
    rows: dict[tuple[str, str], tuple[float, float | None]] = {}
    for number, line in enumerate(lines[1:], start=2):
        where = f"{path}, row {number}"
        feature, kind, weight, idf = _row(where, line)
        if (kind, feature) in rows:
            raise InputError(where, f"{kind} {feature!r} occurs twice", "keep one of the two rows")
        rows[kind, feature] = weight, idf
    for kind, feature in sorted(_required() - rows.keys()):
        raise InputError(str(path), f"no row for {kind} {feature!r}", _REMEDY)
    n, r, r_vader = (rows.pop(("measure", name))[0] for name in _MEASURES)
    table = [(feature, kind, *values) for (kind, feature), values in rows.items()]
    return Calibration(pl.DataFrame(table, schema=_COLUMNS, orient="row"), r, r_vader, int(n))


_REMEDY = "give a file written by Calibration.save of this version"


def _required() -> set[tuple[str, str]]:
    """Return kind and name of the rows that every file has."""
    return {*feature_names(), _CONSTANT_KEY, *(("measure", name) for name in _MEASURES)}


def _row(where: str, line: str) -> tuple[str, str, float, float | None]:
    cells = line.split("\t")
    if len(cells) != len(_COLUMNS):
        raise InputError(where, f"{len(cells)} cells instead of {len(_COLUMNS)}", _REMEDY)
    feature, kind, weight, idf = cells
    if kind == "stem":
        if not 0 < (inverse := _number(where, idf)) < math.inf:
            raise InputError(where, f"{idf} is not an idf", "give a number above 0")
        return feature, kind, _finite(where, weight), inverse
    if (kind, feature) not in _required():
        names = [name for other, name in _required() if other == kind]
        remedy = known(feature, names) if names else known(kind, {"stem", *(other for other, _ in _required())})
        raise InputError(where, f"{kind} {feature!r} is not a feature", remedy)
    # Correlations may be undefined.
    value = _number(where, weight) if feature in {"r", "r_vader"} else _finite(where, weight)
    return feature, kind, value, None


def _finite(where: str, cell: str) -> float:
    value = _number(where, cell)
    if not math.isfinite(value):
        raise InputError(where, f"{cell} is not a weight", "give a finite number")
    return value


def _number(where: str, cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise InputError(where, f"{cell!r} is not a number", "give a decimal number such as 0.25") from None

"""Inputs of the contests: read once from the corpus, written to a folder, and read from there by every process."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from corpus_tools.errors import InputError
from corpus_tools.nltk_fast.punkt import Punkt

Span = tuple[int, int]
SPAN = ("text", "start", "end")
# A text, and the offset of its own words, after header and dateline.
Text = tuple[str, int]

# The slowest contestants would take minutes for the whole corpus; all get the same sample.
_EVERY_FOR_TAGS, _EVERY_FOR_LAYERS = 10, 40
_EVERY_WHEN_QUICK = 10
# The tables that a search reads.
SEARCHED = ("documents", "tokens", "quotes", "names")
# Words of news, from everyday ones to rare ones.
SEARCH_WORDS = "said war people president ceasefire refugees civilians killed attack talks government evacuated".split()


@dataclass(frozen=True)
class Layers:
    """Documents and their sentences."""

    documents: pl.DataFrame
    sentences: pl.DataFrame


@dataclass(frozen=True)
class Matrix:
    """Counts of terms as a sparse matrix, documents by vocabulary."""

    counts: Any
    vocabulary: list[str]


@dataclass(frozen=True)
class Sizes:
    """Sizes of the inputs; a megabyte is a million UTF-8 bytes of running text."""

    sources: dict[str, int]
    documents: int
    mb: float
    sentences: int
    sentences_mb: float
    tags_tokens: int
    layers_documents: int
    layers_mb: float
    terms: int


def prepare(project: Path, folder: Path, *, quick: bool = False) -> Sizes:
    """Write the inputs of all contests to a folder.

    Raises
    ------
    InputError
        If the corpus has not been built.
    """
    documents, sentences, tokens = (_read(project / "data" / table) for table in ("documents", "sentences", "tokens"))
    if quick:
        documents = documents.gather_every(_EVERY_WHEN_QUICK)
    texts = [(text, start) for text, start in documents.select("text", "body_start").iter_rows()]
    rows = documents.select("doc_id", "text").join(sentences, on="doc_id", maintain_order="left")
    strings = [text[start:end] for text, start, end in rows.select("text", "start", "end").iter_rows()]
    tagged = _tagger_sentences(tokens, documents.gather_every(_EVERY_FOR_TAGS))
    sample = documents.gather_every(_EVERY_FOR_LAYERS)
    folder.mkdir(parents=True)
    _write(folder / "texts.json", texts)
    _write(folder / "sentences.json", strings)
    _write(folder / "tokens.json", tagged)
    sample.write_parquet(folder / "layers_documents.parquet")
    _rows_of(sentences, sample).write_parquet(folder / "layers_sentences.parquet")
    terms = _write_matrix(folder, [text[start:] for text, start in texts])
    shutil.copy(project / "data" / "punkt.json", folder / "punkt.json")
    _copy_project(project, folder / "project", documents)
    for table in SEARCHED:
        path = folder / "tables" / "data" / table / "part-00000.parquet"
        path.parent.mkdir(parents=True)
        _rows_of(_read(project / "data" / table), documents).write_parquet(path, compression="zstd")
    return Sizes(
        sources=dict(documents["source"].value_counts().sort("count", descending=True).iter_rows()),
        documents=documents.height,
        mb=_mb(text[start:] for text, start in texts),
        sentences=len(strings),
        sentences_mb=_mb(strings),
        tags_tokens=sum(map(len, tagged)),
        layers_documents=sample.height,
        layers_mb=_mb(text[start:] for text, start in sample.select("text", "body_start").iter_rows()),
        terms=terms,
    )


def _read(folder: Path) -> pl.DataFrame:
    files = sorted(folder.glob("part-*.parquet"))
    if not files:
        raise InputError(str(folder), "the corpus has not been built", "run `make repro` first")
    return pl.concat([pl.read_parquet(file) for file in files])


def _rows_of(rows: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    return rows.join(documents, on="doc_id", how="semi", maintain_order="left")


def _tagger_sentences(tokens: pl.DataFrame, documents: pl.DataFrame) -> list[list[str]]:
    """Return the tokens of each sentence, with the straight apostrophes that taggers know."""
    straight = pl.col("token").cast(pl.String).str.replace_all("’", "'", literal=True)
    rows = _rows_of(tokens, documents).group_by("doc_id", "sentence", maintain_order=True).agg(straight)
    lists: list[list[str]] = rows["token"].to_list()
    return lists


def _mb(texts: Any) -> float:
    return sum(len(text.encode()) for text in texts) / 1e6


def _write_matrix(folder: Path, texts: list[str]) -> int:
    """Write the counts of terms that all topic models share, and return the number of terms."""
    from scipy import sparse
    from sklearn.feature_extraction.text import CountVectorizer

    word = r"(?u)\b[^\W\d_]{3,}\b"
    vectoriser = CountVectorizer(min_df=10, max_df=0.4, stop_words="english", token_pattern=word)
    counts = vectoriser.fit_transform(texts)
    sparse.save_npz(folder / "matrix.npz", counts)
    _write(folder / "vocabulary.json", vectoriser.get_feature_names_out().tolist())
    return int(counts.shape[1])


def _copy_project(project: Path, folder: Path, documents: pl.DataFrame) -> None:
    """Make a project in which whole steps run, so that the user's results are not touched."""
    for file in sorted((project / "data" / "documents").glob("part-*.parquet")):
        path = folder / "data" / "documents" / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        _rows_of(pl.read_parquet(file), documents).write_parquet(path, compression="zstd")
    if (
        project / "data" / "fingerprints"
    ).exists():  # those of the whole corpus, even if only some documents are copied
        shutil.copytree(project / "data" / "fingerprints", folder / "data" / "fingerprints", dirs_exist_ok=True)
    params = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))
    # The plain script fits 30 topics once, too.
    params["topics"] = params.get("topics", {}) | {"n_topics": 30, "refits": 0}
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def write_sizes(folder: Path, sizes: Sizes) -> None:
    """Write the sizes for the process that writes the report."""
    _write(folder / "sizes.json", asdict(sizes))


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def read_sizes(folder: Path) -> Sizes:
    """Read what `write_sizes` wrote."""
    return Sizes(**_load(folder / "sizes.json"))


def read_punkt(folder: Path) -> Punkt:
    """Read what Punkt learned from the corpus, for ours and for NLTK's."""
    return Punkt.from_json((folder / "punkt.json").read_text(encoding="utf-8"))


def read_texts(folder: Path) -> list[Text]:
    """Read the running texts."""
    return [(text, start) for text, start in _load(folder / "texts.json")]


def read_sentences(folder: Path) -> list[str]:
    """Read the sentences."""
    sentences: list[str] = _load(folder / "sentences.json")
    return sentences


def read_tokens(folder: Path) -> list[list[str]]:
    """Read the tokens of some sentences."""
    tokens: list[list[str]] = _load(folder / "tokens.json")
    return tokens


def read_layers(folder: Path) -> Layers:
    """Read some documents with their sentences."""
    return Layers(*(pl.read_parquet(folder / f"layers_{table}.parquet") for table in ("documents", "sentences")))


def read_matrix(folder: Path) -> Matrix:
    """Read the counts of terms."""
    from scipy import sparse

    return Matrix(sparse.load_npz(folder / "matrix.npz").tocsr(), _load(folder / "vocabulary.json"))


def read_tables(folder: Path) -> Path:
    """Return the folder of a corpus to search."""
    return folder / "tables"


@cache
def read_words(folder: Path) -> list[str]:
    """Read the tokens of a corpus to search."""
    return _read(folder / "data" / "tokens")["token"].cast(pl.String).to_list()


def new_project(folder: Path) -> Path:
    """Return the folder of the small project, after deleting what an earlier run made."""
    project = folder / "project"
    for path in project.glob("data/*"):
        if path.name not in {"documents", "fingerprints"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return project

"""Tokenise: sentences by Punkt, trained on the corpus, and tokens by NLTK's word tokeniser; every row an offset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from nltk.tokenize import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer
from simplemma import lemmatize

from corpus_tools.tokenise.punkt import Punkt, news_punkt

Span = tuple[int, int]
_PARAGRAPH = re.compile(r"[^\n]+")
_WORDS = NLTKWordTokenizer()


def tokenise_texts(
    texts: Sequence[str], punkt: Punkt | None = None, starts: Sequence[int] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cut texts into sentences and tokens.

    A line end always ends a sentence. Sentences are those of Punkt (Kiss & Strunk 2006), tokens those of NLTK's
    `NLTKWordTokenizer().span_tokenize` on each sentence; where that raises, white space parts the tokens.

    Parameters
    ----------
    texts
        Texts, mended.
    punkt
        What Punkt learned; by default from the 3,788 reports of News Articles.
    starts
        Offset in each text at which to begin, by default 0.

    Returns
    -------
    sentences (doc_id, sentence, paragraph, start, end) and tokens (doc_id, sentence, start, end, token, norm,
    lemma); doc_id is the text's index. Offsets are those of Python strings, the end exclusive.

    Examples
    --------
    >>> sentences, tokens = tokenise_texts(["Gen. Mattis left. It's late."])
    >>> sentences.select("sentence", "start", "end").rows()
    [(0, 0, 17), (1, 18, 28)]
    >>> tokens["token"].to_list()
    ['Gen.', 'Mattis', 'left', '.', 'It', "'s", 'late', '.']
    """
    splitter = PunktSentenceTokenizer((punkt or news_punkt()).parameters())
    sentences: list[tuple[int, int, int, int, int]] = []
    tokens: dict[str, list[Any]] = {"doc_id": [], "sentence": [], "start": [], "end": [], "token": []}
    for doc, text in enumerate(texts):
        for number, (paragraph, start, end) in enumerate(_sentences(splitter, text, starts[doc] if starts else 0)):
            sentences.append((doc, number, paragraph, start, end))
            spans = word_spans(text[start:end])
            tokens["doc_id"] += [doc] * len(spans)
            tokens["sentence"] += [number] * len(spans)
            tokens["start"] += [start + a for a, _ in spans]
            tokens["end"] += [start + b for _, b in spans]
            tokens["token"] += [text[start + a : start + b] for a, b in spans]
    rows = pl.DataFrame(
        sentences,
        schema=dict.fromkeys(("doc_id", "sentence", "paragraph", "start", "end"), pl.Int32),
        orient="row",
    )
    words = pl.DataFrame(
        tokens, schema={**dict.fromkeys(("doc_id", "sentence", "start", "end"), pl.Int32), "token": pl.String}
    )
    return rows, _forms(words)


def _sentences(splitter: PunktSentenceTokenizer, text: str, start: int) -> Iterator[tuple[int, int, int]]:
    for number, paragraph in enumerate(_PARAGRAPH.finditer(text, start)):
        for a, b in splitter.span_tokenize(paragraph.group()):
            if text[paragraph.start() + a : paragraph.start() + b].strip():
                yield number, paragraph.start() + a, paragraph.start() + b


def word_spans(sentence: str) -> list[Span]:
    """Give NLTK's token spans of one sentence, or white space's where NLTK cannot align its own tokens."""
    try:
        return list(_WORDS.span_tokenize(sentence))
    except ValueError:
        return [m.span() for m in re.finditer(r"\S+", sentence)]


def _forms(tokens: pl.DataFrame) -> pl.DataFrame:
    """Add norm (lower case, straight apostrophes) and lemma (simplemma, Barbaresi 2021), once a distinct token."""
    forms = tokens.select(pl.col("token").unique())
    forms = forms.with_columns(
        pl.col("token").str.to_lowercase().str.replace_all("’", "'", literal=True).alias("norm"),
        pl.Series("lemma", [lemmatize(token, lang="en") for token in forms["token"]], pl.String),
    )
    return tokens.join(forms, on="token", how="left", maintain_order="left")


def tokenise_partition(punkt: Punkt, documents: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Tokenise one partition of documents, each from where its own words begin.

    Returns
    -------
    sentences, tokens, and `lengths`: doc_id, outlet, sentences, tokens.
    """
    sentences, tokens = tokenise_texts(documents["text"].to_list(), punkt, documents["body_start"].to_list())
    names = documents.select("doc_id", "outlet").with_row_index("index").cast({"index": pl.Int32})
    lengths = (
        names.join(
            sentences.group_by("doc_id").agg(pl.len().alias("sentences")),
            left_on="index",
            right_on="doc_id",
            how="left",
        )
        .join(
            tokens.group_by("doc_id").agg(pl.len().alias("tokens")),
            left_on="index",
            right_on="doc_id",
            how="left",
        )
        .sort("index")
        .select("doc_id", "outlet", pl.col("sentences", "tokens").fill_null(0).cast(pl.Int64))
    )
    return {"sentences": _named(sentences, names), "tokens": _named(tokens, names), "lengths": lengths}


def _named(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    named = frame.rename({"doc_id": "index"}).join(names, on="index", how="left", maintain_order="left")
    return named.drop("index", "outlet")


def lengths_by_outlet(lengths: pl.DataFrame) -> pl.DataFrame:
    """Give the distribution of report lengths, in tokens, for each outlet."""
    quantiles = {"p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
    return lengths.group_by("outlet", maintain_order=True).agg(
        pl.len().alias("reports"),
        *(pl.col("tokens").quantile(q, "linear").alias(name) for name, q in quantiles.items()),
    )


def summarise(lengths: pl.DataFrame, punkt: Punkt) -> dict[str, int]:
    """Count sentences and tokens, for the metrics."""
    return {
        "documents": lengths.height,
        "documents_without_words": int((lengths["tokens"] == 0).sum()),
        "sentences": int(lengths["sentences"].sum()),
        "tokens": int(lengths["tokens"].sum()),
        "abbreviations": len(punkt.abbreviations),
    }

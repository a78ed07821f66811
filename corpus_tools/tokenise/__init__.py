"""Tokenise: sentences by Punkt, trained on the corpus, and tokens by NLTK's word tokeniser, tagged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import polars as pl
from nltk.tokenize import NLTKWordTokenizer

from corpus_tools.punkt import Punkt, news_punkt, sentence_spans
from corpus_tools.tagger import UNIVERSAL, open_tagger, tag_lists
from corpus_tools.tokenise.lemmas import lemma_of

Span = tuple[int, int]
_WORDS = NLTKWordTokenizer()


def tokenise_texts(
    texts: Sequence[str], punkt: Punkt | None = None, starts: Sequence[int] | None = None, *, tagger: str = "masc"
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
    tagger
        As for `tag_tokens`.

    Returns
    -------
    sentences (doc_id, sentence, paragraph, start, end) and tokens (doc_id, sentence, start, end, token, norm,
    lemma, pos, upos); doc_id is the text's index. Offsets are those of Python strings, the end exclusive.

    Examples
    --------
    >>> sentences, tokens = tokenise_texts(["Gen. Mattis left. It's late."])
    >>> sentences.select("sentence", "start", "end").rows()
    [(0, 0, 17), (1, 18, 28)]
    >>> tokens["token"].to_list()
    ['Gen.', 'Mattis', 'left', '.', 'It', "'s", 'late', '.']
    """
    splitter = (punkt or news_punkt()).splitter()
    sentences: list[tuple[int, int, int, int, int]] = []
    tokens: dict[str, list[Any]] = {"doc_id": [], "sentence": [], "start": [], "end": [], "token": []}
    for doc, text in enumerate(texts):
        for number, (paragraph, start, end) in enumerate(sentence_spans(splitter, text, starts[doc] if starts else 0)):
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
    return rows, _forms(_tagged(words, tagger))


def tag_tokens(sentences: Sequence[Sequence[str]], *, tagger: str = "masc") -> list[list[str]]:
    """Give every token its Penn tag (Marcus et al. 1993).

    By default with the averaged perceptron (Collins 2002; Honnibal 2013) and weights learned from MASC (Ide et al.
    2010). It takes quotation marks as they are written; a curly apostrophe is read as a straight one, so that it can be
    a possessive (the residents’ homes).

    Parameters
    ----------
    sentences
        Tokens of each sentence, as `tokenise_texts` gives them.
    tagger
        `masc`; `nltk` for NLTK's own weights, if they are installed; `spacy:MODEL` for a model of spaCy's, if it is.

    Returns
    -------
    Tags of each sentence, as many as it has tokens; `corpus_tools.tagger.UNIVERSAL` maps them to universal tags.

    Raises
    ------
    InputError
        If there is no such tagger, or it is not installed.

    Examples
    --------
    >>> tag_tokens([["He", "leaves", "the", "town", "."], ["The", "leaves", "fell", "."]])
    [['PRP', 'VBZ', 'DT', 'NN', '.'], ['DT', 'NNS', 'VBD', '.']]
    """
    return tag_lists(open_tagger(tagger), [[_straight(token) for token in sentence] for sentence in sentences])


def _straight(token: str) -> str:
    return token.replace("’", "'")


def word_spans(sentence: str) -> list[Span]:
    """Give NLTK's token spans of one sentence, or white space's where NLTK cannot align its own tokens."""
    try:
        return list(_WORDS.span_tokenize(sentence))
    except ValueError:
        return [m.span() for m in re.finditer(r"\S+", sentence)]


def _tagged(tokens: pl.DataFrame, tagger: str) -> pl.DataFrame:
    lengths = tokens.group_by("doc_id", "sentence", maintain_order=True).len()["len"].to_numpy()
    straight = tokens["token"].str.replace_all("’", "'", literal=True)
    return tokens.with_columns(open_tagger(tagger).tag_column(straight, lengths).alias("pos"))


def _forms(tokens: pl.DataFrame) -> pl.DataFrame:
    """Add norm (lower case, straight apostrophes), lemma and universal tag, once a distinct token and tag."""
    forms = tokens.select("token", "pos").unique()
    lemmas = [lemma_of(token, pos) for token, pos in forms.iter_rows()]
    forms = forms.with_columns(
        pl.col("token").str.to_lowercase().str.replace_all("’", "'", literal=True).alias("norm"),
        pl.Series("lemma", lemmas, pl.String),
        pl.col("pos").replace_strict(UNIVERSAL, default="X", return_dtype=pl.String).alias("upos"),
    )
    found = tokens.join(forms, on=["token", "pos"], how="left", maintain_order="left")
    return found.select(*tokens.columns[:-1], "norm", "lemma", "pos", "upos")


def tokenise_partition(punkt: Punkt, documents: pl.DataFrame, *, tagger: str = "masc") -> dict[str, pl.DataFrame]:
    """Tokenise one partition of documents, each from where its own words begin.

    Returns
    -------
    sentences, tokens, and `lengths`: doc_id, outlet, sentences, tokens.
    """
    sentences, tokens = tokenise_texts(
        documents["text"].to_list(), punkt, documents["body_start"].to_list(), tagger=tagger
    )
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


def summarise(lengths: pl.DataFrame, punkt: Punkt, tagger: str = "masc") -> dict[str, int | str]:
    """Count sentences and tokens, and name the tagger with its fingerprint, for the metrics."""
    return {
        "documents": lengths.height,
        "documents_without_words": int((lengths["tokens"] == 0).sum()),
        "sentences": int(lengths["sentences"].sum()),
        "tokens": int(lengths["tokens"].sum()),
        "abbreviations": len(punkt.abbreviations),
        "tagger": f"{tagger} {open_tagger(tagger).fingerprint}",
    }

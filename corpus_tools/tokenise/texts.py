"""Tokenise: sentences by Punkt, trained on the corpus, and tokens by NLTK's word tokeniser, tagged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.nltk_fast.punkt import Punkt, news_punkt
from corpus_tools.nltk_fast.tagger import UNIVERSAL, open_tagger, tag_lists
from corpus_tools.nltk_fast.words import Words, cut_words, number
from corpus_tools.tokenise.lemmas import lemma_of


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
    found = (punkt or news_punkt()).splitter().spans(texts, starts)
    number = np.arange(len(found.text)) - np.searchsorted(found.text, found.text)
    places = zip(found.text.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    words = cut_words([texts[i][a:b] for i, a, b in places])
    of = np.repeat(np.arange(len(number), dtype=np.int32), words.lengths)
    sentences = _offsets(
        doc_id=found.text, sentence=number, paragraph=found.paragraph, start=found.start, end=found.end
    )
    begin = found.start.astype(np.int32)[of]
    doc_id, sentence = (column.astype(np.int32)[of] for column in (found.text, number))
    tokens = _offsets(doc_id=doc_id, sentence=sentence, start=begin + words.start, end=begin + words.end)
    return sentences, tokens.hstack(_forms(words, _tags(words, tagger)))


def _offsets(**columns: npt.NDArray[np.integer[Any]]) -> pl.DataFrame:
    return pl.DataFrame([pl.Series(name, column.astype(np.int32, copy=False)) for name, column in columns.items()])


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
    Tags of each sentence, as many as it has tokens; `nltk_fast.tagger.UNIVERSAL` maps them to universal tags.

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


def _tags(words: Words, tagger: str) -> pl.Series:
    straight = words.distinct.str.replace_all("’", "'", literal=True)
    return open_tagger(tagger).tag_column(straight, words.kind, words.lengths)


def _forms(words: Words, tags: pl.Series) -> list[pl.Series]:
    """Give token, norm (lower case, straight apostrophes), lemma, tag and universal tag; once a distinct pair."""
    tag, labels = number(tags)
    pair = words.kind.astype(np.int64) * len(labels) + tag
    there = np.zeros(len(words.distinct) * len(labels), np.bool_)
    there[pair] = True
    pairs = np.flatnonzero(there)
    place = np.zeros(len(there), np.int32)
    place[pairs] = np.arange(len(pairs))
    of_pairs = zip(words.distinct.gather(pairs // len(labels)), labels.gather(pairs % len(labels)), strict=True)
    lemmas = pl.Series([lemma_of(*of_pair) for of_pair in of_pairs], dtype=pl.String)
    norms = words.distinct.str.to_lowercase().str.replace_all("’", "'", literal=True)
    universal = labels.replace_strict(UNIVERSAL, default="X", return_dtype=pl.String)
    return [
        words.distinct.gather(words.kind).alias("token"),
        norms.gather(words.kind).alias("norm"),
        lemmas.gather(place[pair]).alias("lemma"),
        tags.alias("pos"),
        universal.gather(tag).alias("upos"),
    ]


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

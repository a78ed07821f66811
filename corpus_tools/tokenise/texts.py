"""Cut texts into sentences and tagged tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus_tools.nltk_fast.punkt import Punkt, news_punkt
from corpus_tools.nltk_fast.tagger import UNIVERSAL, open_tagger, tag_lists
from corpus_tools.nltk_fast.words import Tokens, cut_words, encode
from corpus_tools.tokenise.lemmas import lemma_of


def tokenise_texts(
    texts: Sequence[str], punkt: Punkt | None = None, starts: Sequence[int] | None = None, *, tagger: str = "masc"
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cut texts into sentences and tagged tokens.

    Sentences are those of Punkt (Kiss & Strunk 2006); a line end always ends one. Tokens are those of NLTK's
    `NLTKWordTokenizer().span_tokenize` on each sentence; where that raises an error, the sentence is split at white
    space.

    Parameters
    ----------
    texts
        Cleaned texts.
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
    spans = (punkt or news_punkt()).splitter().spans(texts, starts)
    number = np.arange(len(spans.text)) - np.searchsorted(spans.text, spans.text)
    bounds = zip(spans.text.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True)
    words = cut_words([texts[i][a:b] for i, a, b in bounds])
    sentences = _offsets(
        doc_id=spans.text, sentence=number, paragraph=spans.paragraph, start=spans.start, end=spans.end
    )
    row = np.repeat(np.arange(len(number), dtype=np.int32), words.lengths)
    doc_id, sentence, begin = (column.astype(np.int32)[row] for column in (spans.text, number, spans.start))
    tokens = _offsets(doc_id=doc_id, sentence=sentence, start=begin + words.start, end=begin + words.end)
    return sentences, tokens.hstack(_annotations(words, tagger))


def _offsets(**columns: npt.NDArray[np.integer[Any]]) -> pl.DataFrame:
    return pl.DataFrame([pl.Series(name, column.astype(np.int32, copy=False)) for name, column in columns.items()])


def tag_tokens(sentences: Sequence[Sequence[str]], *, tagger: str = "masc") -> list[list[str]]:
    """Tag tokens with Penn Treebank tags (Marcus et al. 1993).

    By default, an averaged perceptron (Collins 2002; Honnibal 2013) tags them, with weights trained on MASC (Ide et al.
    2010). Quotation marks may be straight or curly. A curly apostrophe is read as a straight one, so that it can be a
    possessive (the residents’ homes).

    Parameters
    ----------
    sentences
        Tokens of each sentence, as `tokenise_texts` returns them.
    tagger
        `masc`; `nltk` for NLTK's own weights, if they are installed; `spacy:MODEL` for a model of spaCy's, if it is.

    Returns
    -------
    Tags of each sentence, one per token; `nltk_fast.tagger.UNIVERSAL` maps them to universal tags.

    Raises
    ------
    InputError
        If the tagger is unknown or not installed.

    Examples
    --------
    >>> tag_tokens([["He", "leaves", "the", "town", "."], ["The", "leaves", "fell", "."]])
    [['PRP', 'VBZ', 'DT', 'NN', '.'], ['DT', 'NNS', 'VBD', '.']]
    """
    straight = [[token.replace("’", "'") for token in sentence] for sentence in sentences]
    return tag_lists(open_tagger(tagger), straight)


def _annotations(words: Tokens, tagger: str) -> list[pl.Series]:
    """Return token, norm (lower case, straight apostrophes), lemma, tag and universal tag.

    Lemmas are looked up once per distinct pair of token and tag.
    """
    straight = words.distinct.str.replace_all("’", "'", literal=True)
    tags = open_tagger(tagger).tag_column(straight, words.code, words.lengths)
    tag, labels = encode(tags)
    pair = words.code.astype(np.int64) * len(labels) + tag
    occurs = np.zeros(len(words.distinct) * len(labels), np.bool_)
    occurs[pair] = True
    pairs = np.flatnonzero(occurs)
    rank = np.zeros(len(occurs), np.int32)
    rank[pairs] = np.arange(len(pairs))
    forms = zip(words.distinct.gather(pairs // len(labels)), labels.gather(pairs % len(labels)), strict=True)
    lemmas = pl.Series([lemma_of(*form) for form in forms], dtype=pl.String)
    norms = words.distinct.str.to_lowercase().str.replace_all("’", "'", literal=True)
    universal = labels.replace_strict(UNIVERSAL, default="X", return_dtype=pl.String)
    return [
        words.distinct.gather(words.code).alias("token"),
        norms.gather(words.code).alias("norm"),
        lemmas.gather(rank[pair]).alias("lemma"),
        tags.alias("pos"),
        universal.gather(tag).alias("upos"),
    ]


def tokenise_partition(punkt: Punkt, documents: pl.DataFrame, *, tagger: str = "masc") -> dict[str, pl.DataFrame]:
    """Tokenise one partition of documents, each from the offset at which its own words begin.

    Returns
    -------
    sentences, tokens, and `lengths`: doc_id, outlet, sentences, tokens.
    """
    sentences, tokens = tokenise_texts(
        documents["text"].to_list(), punkt, documents["body_start"].to_list(), tagger=tagger
    )
    tables = {"sentences": sentences, "tokens": tokens}
    counts = {name: np.bincount(table["doc_id"], minlength=documents.height) for name, table in tables.items()}
    lengths = documents.select("doc_id", "outlet").with_columns(**{n: pl.Series(count) for n, count in counts.items()})
    return {
        **{name: table.with_columns(documents["doc_id"].gather(table["doc_id"])) for name, table in tables.items()},
        "lengths": lengths,
    }


def lengths_by_outlet(lengths: pl.DataFrame) -> pl.DataFrame:
    """Return percentiles of report length, in tokens, for each outlet."""
    quantiles = {"p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
    return lengths.group_by("outlet", maintain_order=True).agg(
        pl.len().alias("reports"),
        *(pl.col("tokens").quantile(q, "linear").alias(name) for name, q in quantiles.items()),
    )


def summarise(lengths: pl.DataFrame, punkt: Punkt, tagger: str = "masc") -> dict[str, int | str]:
    """Return the metrics: counts of sentences and tokens, and the tagger with its fingerprint."""
    return {
        "documents": lengths.height,
        "documents_without_words": int((lengths["tokens"] == 0).sum()),
        "sentences": int(lengths["sentences"].sum()),
        "tokens": int(lengths["tokens"].sum()),
        "abbreviations": len(punkt.abbreviations),
        "tagger": f"{tagger} {open_tagger(tagger).fingerprint}",
    }

"""The contests: input, output, contestants, and how much faster ours should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench import inputs, ours, peers
from bench.inputs import Sizes


@dataclass(frozen=True)
class Contestant:
    """A program that takes part in a contest.

    Attributes
    ----------
    name
        Its name in the tables.
    load
        Takes what Punkt learned; returns the function that is timed.
    needs
        Packages that must be installed.
    target
        How many times as fast ours should be; None if no target is set.
    form
        Converts the contest's input to what the function takes; not timed.
    rows
        Converts the output to a table, to compare it row by row; not timed.
    heaviest
        For topic models: returns the columns of each topic's ten heaviest terms; not timed.
    """

    name: str
    load: Callable[..., Callable[[Any], Any]]
    needs: tuple[str, ...] = ()
    target: float | None = None
    form: Callable[[Any], Any] | None = None
    rows: Callable[[Any], Any] | None = None
    heaviest: Callable[[Any, Any], list[list[int]]] | None = None

    def missing(self) -> list[str]:
        """Return the names of needed packages that are not installed."""
        return [name for name in self.needs if not find_spec(name)]


@dataclass(frozen=True)
class Contest:
    """One task on one input; the first contestant is ours.

    Attributes
    ----------
    read
        Reads the input from the folder where `inputs.prepare` wrote it.
    takes, returns
        Input and output, in words.
    size
        Size of the input, in `unit`.
    first
        Selects some of the input for a first call, which is not timed; None if nothing is loaded late.
    same
        The contestant whose output has to equal ours, row by row.
    """

    key: str
    title: str
    takes: str
    returns: str
    read: Callable[[Path], Any]
    size: Callable[[Sizes], float]
    unit: str
    contestants: tuple[Contestant, ...]
    first: Callable[[Any], Any] | None = None
    same: str | None = None

    @property
    def ours(self) -> Contestant:
        """Our contestant."""
        return self.contestants[0]

    @property
    def others(self) -> tuple[Contestant, ...]:
        """All other contestants."""
        return self.contestants[1:]

    def present(self) -> list[Contestant]:
        """Return the contestants that are installed."""
        return [c for c in self.contestants if not c.missing()]


OURS = "corpus_tools"
_SMALL = (peers.small_model() or "en_core_web_sm",)


def _some(items: Any) -> Any:
    return items[:20]


def _all(items: Any) -> Any:
    return items


def _some_layers(items: inputs.Layers) -> inputs.Layers:
    return inputs.Layers(items.documents.head(2), items.sentences)


CONTESTS = (
    Contest(
        "sentences", "Sentences", "texts", "start and end of each sentence",
        inputs.read_texts, lambda s: s.mb, "MB",
        (
            Contestant(OURS, ours.sentences, rows=ours.sentence_rows),
            Contestant("NLTK Punkt", peers.nltk_sentences, ("nltk",), 5, rows=peers.span_rows),
            Contestant("BlingFire", peers.bling_sentences, ("blingfire",), form=peers.bodies),
        ),
        _some, "NLTK Punkt",
    ),
    Contest(
        "words", "Tokens", "sentences", "start and end of each token",
        inputs.read_sentences, lambda s: s.sentences_mb, "MB",
        (
            Contestant(OURS, ours.words, rows=ours.word_rows),
            Contestant("NLTK", peers.nltk_words, ("nltk",), 15, rows=peers.span_rows),
            Contestant("spaCy blank", peers.spacy_words, ("spacy",)),
            Contestant("BlingFire", peers.bling_words, ("blingfire",)),
            Contestant("BlingFire, no offsets", peers.bling_strings, ("blingfire",)),
        ),
        _some, "NLTK",
    ),
    Contest(
        "both", "Sentences and tokens", "texts", "start and end of each token of each sentence",
        inputs.read_texts, lambda s: s.mb, "MB",
        (
            Contestant(OURS, ours.both, rows=ours.both_rows),
            Contestant("NLTK", peers.nltk_both, ("nltk",), 15, rows=peers.both_rows),
            Contestant("spaCy blank", peers.spacy_both, ("spacy",), 6, form=peers.bodies),
            Contestant("BlingFire", peers.bling_both, ("blingfire",), form=peers.bodies),
        ),
        _some, "NLTK",
    ),
    Contest(
        "tags", "Part-of-speech tags", "tokens of every tenth text", "a tag for each token, from the same weights",
        inputs.read_tokens, lambda s: s.tags_tokens, "tokens",
        (
            Contestant(OURS, ours.tags, form=ours.token_columns, rows=ours.tag_rows),
            Contestant("NLTK perceptron", peers.nltk_tags, ("nltk",), 10, rows=peers.nltk_tag_rows),
        ),
        _some, "NLTK perceptron",
    ),
    Contest(
        "sentiment", "VADER by sentence", "sentences", "four scores for each sentence",
        inputs.read_sentences, lambda s: s.sentences_mb, "MB",
        (
            Contestant(OURS, ours.sentiment, rows=ours.sentiment_rows),
            Contestant("NLTK", peers.nltk_sentiment, ("nltk", "vaderSentiment"), 20, rows=peers.score_rows),
            Contestant("vaderSentiment", peers.vader_sentiment, ("vaderSentiment",)),
        ),
        _some, "NLTK",
    ),
    Contest(
        "layers", "Annotation layers", "every 40th text, ours with its sentences",
        "ours: quotations with speakers, dates, numbers of people, names, places, claims; "
        "spaCy: tokens, tags, lemmas, dependencies, named entities",
        inputs.read_layers, lambda s: s.layers_mb, "MB",
        (
            Contestant(OURS, ours.layers),
            Contestant("spaCy small model", peers.spacy_small, ("spacy", *_SMALL), 30, form=peers.layer_texts),
        ),
        _some_layers,
    ),
    Contest(
        "marks", "All marks, from texts", "every 40th text",
        "the same; ours also finds sentences and tokens with tags and lemmas",
        inputs.read_layers, lambda s: s.layers_mb, "MB",
        (
            Contestant(OURS, ours.all_marks),
            # No target: this contest shows what the layers cost when their sentences are not given.
            Contestant("spaCy small model", peers.spacy_small, ("spacy", *_SMALL), form=peers.layer_texts),
        ),
        _some_layers,
    ),
    Contest(
        "topics", "30 topics", "one matrix of counts for all", "weights of terms; the ten heaviest are scored by NPMI",
        inputs.read_matrix, lambda s: s.documents, "texts",
        (
            Contestant(OURS, ours.topics, heaviest=ours.heaviest),
            Contestant("scikit-learn NMF", peers.sklearn_nmf, ("sklearn",), 1, heaviest=ours.heaviest),
            Contestant("scikit-learn LDA", peers.sklearn_lda, ("sklearn",), heaviest=ours.heaviest),
            Contestant("tomotopy LDA", peers.tomotopy_lda, ("tomotopy",), form=peers.tomotopy_documents,
                       heaviest=peers.tomotopy_heaviest),
            Contestant("gensim LDA", peers.gensim_lda, ("gensim",), form=peers.gensim_corpus,
                       heaviest=peers.gensim_heaviest),
        ),
    ),
    Contest(
        "concordance", "Twelve concordances", "ours: tables on disk; NLTK: a list of tokens in memory",
        "all lines of each word; ours with report, outlet, day, voice and speaker",
        inputs.read_tables, lambda _: len(inputs.SEARCH_WORDS), "words",
        (
            Contestant(OURS, ours.concordances, rows=ours.line_rows),
            Contestant("NLTK Text", peers.nltk_concordances, ("nltk",), 2, form=inputs.read_words,
                       rows=peers.line_rows),
        ),
        same="NLTK Text",
    ),
    Contest(
        "again", "Twelve concordances, repeated", "the same",
        "the same, with the tables in memory",
        inputs.read_tables, lambda _: len(inputs.SEARCH_WORDS), "words",
        (
            Contestant(OURS, ours.concordances, rows=ours.line_rows),
            Contestant("NLTK Text", peers.nltk_concordances, ("nltk",), 4, form=inputs.read_words,
                       rows=peers.line_rows),
        ),
        _all, "NLTK Text",
    ),
    Contest(
        "whole", "Whole steps", "the documents on disk",
        "ours: `" + "`, `".join(ours.STEPS) + "` with all their tables, 30 topics fitted once; the script: "
        "sentences, tokens, VADER, LDA",
        inputs.new_project, lambda s: s.mb, "MB",
        (
            Contestant(OURS, ours.steps),
            Contestant("NLTK + scikit-learn script", peers.plain_script, ("nltk", "sklearn", "vaderSentiment"), 1),
        ),
    ),
)  # fmt: skip

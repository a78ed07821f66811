"""The moves of exploring, as methods of a corpus."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from corpus_tools.explore.pattern import parse
from corpus_tools.runtime.store import Store

if TYPE_CHECKING:
    from typing import Unpack

    from corpus_tools.explore.collocations import Collocations
    from corpus_tools.explore.concordance import Concordance, Sort
    from corpus_tools.explore.dispersion import Dispersion
    from corpus_tools.explore.diversity import Diversity, Each
    from corpus_tools.explore.frequencies import Frequencies, Over
    from corpus_tools.explore.keyness import Keyness
    from corpus_tools.explore.pattern import Match, Unit
    from corpus_tools.explore.word_index import CorpusWords, Filters, Where

P = ParamSpec("P")
R = TypeVar("R")
# What words can be chosen by: the fields of explore.words.Where, which this module does not import before it must.
FILTERS = ("outlet", "since", "until", "place", "speaker", "voice")


def _choosing(move: Callable[P, R]) -> Callable[P, R]:
    """Name the filters among a method's arguments, so that a notebook completes them."""
    own = inspect.signature(move)
    kept = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
    filters = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in FILTERS]
    move.__signature__ = own.replace(parameters=[*kept, *filters])  # type: ignore[attr-defined]
    return move


class ExploreMethods:
    """What can be asked of the words of a corpus.

    Parameters
    ----------
    store
        The tables documents and tokens; quotes, names and places for the filters that need them.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    @_choosing
    def concordance(  # noqa: PLR0913 - what to look for, where, and how to show it
        self,
        pattern: str | Sequence[str],
        *,
        match: Match = "glob",
        unit: Unit = "word",
        case: bool = False,
        sort: Sort = "text",
        limit: int | None = None,
        sample: int | None = None,
        seed: int = 0,
        width: int = 60,
        **where: Unpack[Filters],
    ) -> Concordance:
        """Find words, and give each place with what is around it (Luhn 1960).

        Parameters
        ----------
        pattern
            Words with a space between stand one after the other in a sentence; of several texts any one may.
        match
            "glob": `*` stands for any letters and `?` for one; "regex": each word is a regular expression; "fixed".
        unit
            "word" looks among the words as written, "lemma" among their dictionary forms.
        case
            Whether capitals count.
        sort
            "text", "left", "right", "match", "date" or "outlet".
        limit, sample, seed
            Keep so many lines: the first ones, or some drawn by the seed.
        width
            So many characters on each side.
        where
            The filters outlet, since, until, place, speaker, voice.

        Raises
        ------
        InputError
            If the pattern cannot be read, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        A row a hit: doc_id, outlet, published, sentence, start and end (offsets in the text), left, match, right,
        voice, speaker_name.

        Examples
        --------
        >>> corpus.concordance("ceasefire", outlet="BBC", since="2017-02-07", sort="right")
        ceasefire (outlet BBC, since 2017-02-07)
        1 hit in 1 report, 1 of them independent; 11 tokens
                       Shelling broke the ceasefire near Kyiv, and civilians fled.
        """
        from corpus_tools.explore.concordance import concordance  # noqa: PLC0415

        wanted = parse(pattern, match, unit, case=case)
        return concordance(
            self.words, wanted, self.words.where(where), sort=sort, limit=limit, sample=sample, seed=seed, width=width
        )

    @_choosing
    def frequencies(
        self,
        pattern: str | Sequence[str] | None = None,
        *,
        n: int | None = None,
        match: Match = "glob",
        unit: Unit = "word",
        over: Over = "week",
        **where: Unpack[Filters],
    ) -> Frequencies:
        """Count words, or sequences of them, the most frequent first.

        How evenly each is spread over the parts is DPnorm = sum |v - s| / 2 / (1 - min s), with v the part's share of
        it and s its share of all words (Gries 2008, Lijffijt and Gries 2012): 0 is evenly, 1 all in the smallest part.

        Parameters
        ----------
        pattern
            List only what it takes in (as in `concordance`); by default all words: tokens with a letter in them.
        n
            Length of the sequences, 2 for pairs of words and so on; by default that of the pattern, or 1.
        match, unit
            As in `concordance`.
        over
            Dispersion is over the parts "week" or "outlet".
        where
            The filters outlet, since, until, place, speaker, voice.

        Raises
        ------
        InputError
            If an argument cannot be read, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        A row a term: term, count, per_million (of all words, or of all sequences of so many), reports and clusters
        (independent reports) that hold it, dp_norm.

        Examples
        --------
        >>> corpus.frequencies("c*", outlet="BBC").frame.select("term", "count", "reports").rows()
        [('ceasefire', 3, 2), ('civilians', 1, 1)]
        """
        from corpus_tools.explore.frequencies import frequencies  # noqa: PLC0415

        wanted = None if pattern is None else parse(pattern, match, unit)
        return frequencies(self.words, self.words.where(where), unit=unit, n=n, pattern=wanted, over=over)

    def keyness(  # noqa: PLR0913 - two sides, what is counted, and two gates
        self,
        target: Where | Mapping[str, Any],
        reference: Where | Mapping[str, Any] | None = None,
        *,
        n: int = 1,
        unit: Unit = "word",
        over: Over | None = None,
        min_clusters: int = 5,
        max_dispersion: float = 0.8,
    ) -> Keyness:
        """Find the words that mark one part of the corpus against another; of near-duplicates the first one counts.

        How surely the rates differ is G2 = 2 sum O ln(O / E) over the word and all others in both parts (Dunning 1993),
        negative where the reference has more; q is its p-value corrected for the number of words (Benjamini and
        Hochberg 1995). By how much is the log ratio log2(rate / rate of the reference) (Hardie 2014); of zero
        occurrences, half a one is taken. Its 95 % interval is that of independent reports, not of words (ratio
        estimator, Cochran 1977). A keyword has q below 0.05 and zero outside the interval, and passes both gates.

        Parameters
        ----------
        target, reference
            The filters of either part, as a dictionary; without a reference it is the rest of the corpus: of what
            others are quoted with, if the target is a speaker.
        n, unit
            As in `frequencies`.
        over, min_clusters, max_dispersion
            A keyword stands in so many independent reports, and is spread over weeks or outlets at most so unevenly
            (DPnorm, 0 to 1, as in `frequencies`), on the side that has more of it. By default, a side of three weeks or
            more is spread over weeks, another one over outlets; of but one outlet it has no such limit.

        Raises
        ------
        InputError
            If one part has no words, or a filter or number cannot be read.

        Returns
        -------
        A row a word: term, count, reference (count there), per_million, reference_per_million, g2, q, log_ratio, low
        and high (its interval), clusters and reference_clusters (independent reports that hold it), dp_norm, keyword.
        `.keywords` has the keywords only.

        Examples
        --------
        >>> found = corpus.keyness({"outlet": "BBC"}, {"outlet": "TASS"})
        >>> [(term, round(g2, 2)) for term, g2 in found.frame.select("term", "g2").head(1).iter_rows()]
        [('ceasefire', 2.6)]
        >>> found.keywords.height  # of three reports nothing can be said
        0

        A week against the rest is `corpus.keyness({"since": "2017-W05", "until": "2017-W05"})`, somebody's words
        against those of others `corpus.keyness({"speaker": "Olha Bondar", "voice": "quoted"})`.
        """
        from corpus_tools.explore.keyness import keyness  # noqa: PLC0415

        sides = (self.words.where(target), None if reference is None else self.words.where(reference))
        return keyness(
            self.words, *sides, unit=unit, n=n, over=over, min_clusters=min_clusters, max_dispersion=max_dispersion
        )

    @_choosing
    def collocations(
        self,
        pattern: str | Sequence[str],
        *,
        window: int = 5,
        min_together: int = 5,
        match: Match = "glob",
        unit: Unit = "word",
        **where: Unpack[Filters],
    ) -> Collocations:
        """Find the words that keep company with others; `.network()` draws them.

        With O occurrences in the windows around the hits, R words in all windows, C occurrences in all and N words:
        logDice = 14 + log2(2 O / (hits + C)) (Rychly 2008); G2 = 2 sum O ln(O / E) of O among R against C - O among
        N - R (Dunning 1993), negative where the word keeps away, and q its p-value corrected for all words (Benjamini
        and Hochberg 1995); NPMI = ln(O N / (R C)) / -ln(O / N) (Bouma 2009).

        Parameters
        ----------
        pattern, match, unit
            As in `concordance`.
        window
            So many words on each side, within the sentence.
        min_together
            Leave out words that meet the pattern more rarely.
        where
            The filters outlet, since, until, place, speaker, voice.

        Raises
        ------
        InputError
            If an argument cannot be read, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        A row a word, the most typical first: term, together (O), count (C), left and right (of O, before and after the
        hit), reports and clusters (independent ones) where they meet, log_dice, g2, q, npmi.

        Examples
        --------
        >>> corpus.collocations("ceasefire", min_together=2).frame.select("term", "together", "count").rows()
        [('the', 3, 4)]
        """
        from corpus_tools.explore.collocations import collocations  # noqa: PLC0415

        wanted = parse(pattern, match, unit)
        return collocations(self.words, wanted, self.words.where(where), window=window, min_together=min_together)

    @_choosing
    def dispersion(
        self,
        pattern: str | Sequence[str],
        *,
        over: Over = "week",
        match: Match = "glob",
        unit: Unit = "word",
        **where: Unpack[Filters],
    ) -> Dispersion:
        """Measure how evenly words are spread; `.barcode()` draws where they stand.

        DP = sum |v - s| / 2, with v a part's share of the hits and s its share of all words (Gries 2008); DPnorm = DP /
        (1 - min s) (Lijffijt and Gries 2012); Juilland's D = 1 - V / sqrt(k - 1), with V the coefficient of variation
        of the rates in k parts (Juilland et al. 1970).

        Parameters
        ----------
        pattern, match, unit
            As in `concordance`.
        over
            The parts, "week" or "outlet".
        where
            The filters outlet, since, until, place, speaker, voice.

        Raises
        ------
        InputError
            If an argument cannot be read, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        A row a part: part, words, count, per_million, reports; `.dp`, `.dp_norm` and `.juilland_d` are of the whole.

        Examples
        --------
        >>> found = corpus.dispersion("civilians", over="outlet")
        >>> found.frame.select("part", "words", "count").rows()
        [('BBC', 20, 1), ('TASS', 10, 1)]
        >>> round(found.dp_norm, 3)
        0.25
        """
        from corpus_tools.explore.dispersion import dispersion  # noqa: PLC0415

        return dispersion(self.words, parse(pattern, match, unit), self.words.where(where), over=over)

    @_choosing
    def diversity(
        self, *, over: Each = "outlet", unit: Unit = "word", window: int = 50, **where: Unpack[Filters]
    ) -> Diversity:
        """Measure how rich reports are in different words, each report by itself: MATTR, MTLD and HD-D.

        MATTR is the mean share of different words in all windows of so many (Covington and McFall 2010); MTLD the mean
        length of a stretch until that share falls to 0.72, forwards and backwards (McCarthy and Jarvis 2010); HD-D the
        share of different words among 42 drawn (McCarthy and Jarvis 2007).

        Parameters
        ----------
        over
            Means by "outlet" or "week", or each "report".
        unit
            "word" or "lemma".
        window
            Of MATTR, in words.
        where
            The filters outlet, since, until, place, speaker, voice.

        Raises
        ------
        InputError
            If an argument cannot be read, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        A row an outlet or week: part, reports, mattr, mtld, hdd, each with the ends of its 95 % interval by a bootstrap
        of days (`mattr_low`, ...); or a row a report: doc_id, outlet, published, words, mattr, mtld, hdd.

        Examples
        --------
        >>> corpus.diversity(over="report").notes  # MATTR and HD-D ask for longer ones
        ('0 reports, each by itself; MATTR over windows of 50 words', '3 reports of fewer than 50 words left out')
        """
        from corpus_tools.explore.diversity import diversity  # noqa: PLC0415

        return diversity(self.words, self.words.where(where), over=over, unit=unit, window=window)

    @cached_property
    def words(self) -> CorpusWords:
        """Give the words of the corpus as `corpus_tools.explore` reads them: those read last stay in memory."""
        from corpus_tools.explore.word_index import CorpusWords  # noqa: PLC0415

        return CorpusWords(self.store)

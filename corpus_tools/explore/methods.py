"""The methods of a corpus that search and count its words."""

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
    from corpus_tools.explore.word_index import CorpusWords, Filters, Selection

P = ParamSpec("P")
R = TypeVar("R")
# The fields of word_index.Selection, which is imported only once words are searched.
FILTERS = ("outlet", "since", "until", "place", "speaker", "voice")


def _with_filters(method: Callable[P, R]) -> Callable[P, R]:
    """Name the filters among a method's arguments, so that a notebook completes them."""
    signature = inspect.signature(method)
    own = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    filters = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in FILTERS]
    method.__signature__ = signature.replace(parameters=[*own, *filters])  # type: ignore[attr-defined]
    return method


class ExploreMethods:
    """Searching and counting the words of a corpus.

    All methods but `keyness` take the filters outlet, since, until, place, speaker and voice, which select the words to
    search; see `corpus_tools.explore.word_index.Selection`.

    Parameters
    ----------
    store
        The tables documents and tokens; quotes, names and places for the filters that need them.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    @_with_filters
    def concordance(  # noqa: PLR0913 - what to search for, in which words, and which lines to keep
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
        **filters: Unpack[Filters],
    ) -> Concordance:
        """Find a pattern, and return every hit with its context (Luhn 1960).

        Parameters
        ----------
        pattern
            Words separated by spaces are searched as a sequence within a sentence; several texts are alternatives.
        match
            "glob": `*` is any number of letters and `?` a single one; "regex": each word is a regular expression;
            "fixed": no character is special.
        unit
            "word" searches the words as written, "lemma" their dictionary forms.
        case
            Whether capitals count.
        sort
            "text": the order of the corpus; "left" or "right": by the five words before or after the hit, from the hit
            outwards; "match", "date", "outlet".
        limit
            Keep this many lines, the first ones.
        sample, seed
            Keep this many lines, drawn at random with the seed; each hit has the same chance.
        width
            Characters of context on each side.

        Raises
        ------
        InputError
            If an argument is invalid, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        One row per hit: doc_id, outlet, published, sentence, start and end (offsets in the text), left, match, right,
        voice, speaker_name.

        Examples
        --------
        >>> corpus.concordance("ceasefire", outlet="BBC", since="2017-02-07", sort="right")
        ceasefire (outlet BBC, since 2017-02-07)
        1 hit in 1 report, 1 of them independent; 11 tokens
                       Shelling broke the ceasefire near Kyiv, and civilians fled.
        """
        from corpus_tools.explore.concordance import concordance  # noqa: PLC0415

        parsed, selection = parse(pattern, match, unit, case=case), self.words.select(filters)
        return concordance(self.words, parsed, selection, sort=sort, limit=limit, sample=sample, seed=seed, width=width)

    @_with_filters
    def frequencies(
        self,
        pattern: str | Sequence[str] | None = None,
        *,
        n: int | None = None,
        match: Match = "glob",
        unit: Unit = "word",
        over: Over = "week",
        **filters: Unpack[Filters],
    ) -> Frequencies:
        """Count words or sequences of words, the most frequent first.

        How evenly a term is spread is DPnorm = sum |v - s| / 2 / (1 - min s), where v is the share of its occurrences
        in a part of the corpus, and s the share of all words (Gries 2008, Lijffijt and Gries 2012): 0 is evenly, 1 all
        in the smallest part.

        Parameters
        ----------
        pattern
            List only its hits (as in `concordance`); by default, list all words: tokens with a letter.
        n
            Length of the sequences, 2 for pairs of words and so on; by default that of the pattern, or 1.
        match, unit
            As in `concordance`.
        over
            The parts for dp_norm, "week" or "outlet".

        Raises
        ------
        InputError
            If an argument is invalid, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        One row per term: term, count, per_million (of all words, or of all sequences of this length), reports and
        clusters (independent reports) in which it occurs, dp_norm.

        Examples
        --------
        >>> corpus.frequencies("c*", outlet="BBC").frame.select("term", "count", "reports").rows()
        [('ceasefire', 3, 2), ('civilians', 1, 1)]
        """
        from corpus_tools.explore.frequencies import frequencies  # noqa: PLC0415

        parsed = None if pattern is None else parse(pattern, match, unit)
        return frequencies(self.words, self.words.select(filters), unit=unit, n=n, pattern=parsed, over=over)

    def keyness(  # noqa: PLR0913 - two sides, what is counted, and two conditions
        self,
        target: Selection | Mapping[str, Any],
        reference: Selection | Mapping[str, Any] | None = None,
        *,
        n: int = 1,
        unit: Unit = "word",
        over: Over | None = None,
        min_clusters: int = 5,
        max_dispersion: float = 0.8,
    ) -> Keyness:
        """Find the words that are characteristic of one part of the corpus, compared with another.

        Of near-duplicates, the first report counts. Whether the rates differ is tested with G2 = 2 sum O ln(O / E) over
        the word and all others on both sides (Dunning 1993), negative if the reference has the higher rate; q is its
        p-value corrected for the number of words (Benjamini and Hochberg 1995). How much they differ is the log ratio
        log2(rate / rate of the reference) (Hardie 2014), with half an occurrence in place of none. Its 95% interval
        takes reports as independent, not words (ratio estimator, Cochran 1977). A keyword has q below 0.05 and an
        interval without zero, and meets the two conditions below.

        Parameters
        ----------
        target, reference
            The filters of each side, as a dictionary. The default reference is the rest of the corpus: if the target
            has a speaker, what all others are quoted with; if it has a voice and other filters, that voice elsewhere.
        n, unit
            As in `frequencies`.
        over, min_clusters, max_dispersion
            On the side with the higher rate, a keyword occurs in at least `min_clusters` independent reports, and its
            DPnorm over weeks or outlets (0 to 1, as in `frequencies`) is at most `max_dispersion`. By default, that is
            over weeks if the side has three or more, and else over outlets; with one outlet there is no such limit.

        Raises
        ------
        InputError
            If one side has no words, or an argument is invalid.

        Returns
        -------
        One row per word: term, count, reference (count there), per_million, reference_per_million, g2, q, log_ratio,
        low and high (its interval), clusters and reference_clusters (independent reports in which it occurs), dp_norm,
        keyword. `.keywords` has the keywords only.

        Examples
        --------
        >>> comparison = corpus.keyness({"outlet": "BBC"}, {"outlet": "TASS"})
        >>> [(term, round(g2, 2)) for term, g2 in comparison.frame.select("term", "g2").head(1).iter_rows()]
        [('ceasefire', 2.6)]
        >>> comparison.keywords.height  # three reports are too few for a keyword
        0

        A week against the rest is `corpus.keyness({"since": "2017-W05", "until": "2017-W05"})`, one person's words
        against those of others `corpus.keyness({"speaker": "Olha Bondar", "voice": "quoted"})`.
        """
        from corpus_tools.explore.keyness import keyness  # noqa: PLC0415

        sides = (self.words.select(target), None if reference is None else self.words.select(reference))
        return keyness(
            self.words, *sides, unit=unit, n=n, over=over, min_clusters=min_clusters, max_dispersion=max_dispersion
        )

    @_with_filters
    def collocations(
        self,
        pattern: str | Sequence[str],
        *,
        window: int = 5,
        min_together: int = 5,
        match: Match = "glob",
        unit: Unit = "word",
        **filters: Unpack[Filters],
    ) -> Collocations:
        """Find the words that typically occur near a pattern; `.network()` draws them.

        With O occurrences in the windows around the hits, R words in all windows, C occurrences in all and N words:
        logDice = 14 + log2(2 O / (hits + C)) (Rychly 2008); G2 = 2 sum O ln(O / E) of O among R compared with C - O
        among N - R (Dunning 1993), negative if the word is less frequent near the pattern, and q its p-value corrected
        for all words (Benjamini and Hochberg 1995); NPMI = ln(O N / (R C)) / -ln(O / N) (Bouma 2009).

        Parameters
        ----------
        pattern, match, unit
            As in `concordance`.
        window
            Words on each side of a hit, within the sentence.
        min_together
            Leave out words with fewer occurrences near the pattern.

        Raises
        ------
        InputError
            If an argument is invalid, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        One row per word, the highest logDice first: term, together (O), count (C), left and right (of O, before and
        after the hit), reports and clusters (independent reports) with both, log_dice, g2, q, npmi.

        Examples
        --------
        >>> corpus.collocations("ceasefire", min_together=2).frame.select("term", "together", "count").rows()
        [('the', 3, 4)]
        """
        from corpus_tools.explore.collocations import collocations  # noqa: PLC0415

        parsed, selection = parse(pattern, match, unit), self.words.select(filters)
        return collocations(self.words, parsed, selection, window=window, min_together=min_together)

    @_with_filters
    def dispersion(
        self,
        pattern: str | Sequence[str],
        *,
        over: Over = "week",
        match: Match = "glob",
        unit: Unit = "word",
        **filters: Unpack[Filters],
    ) -> Dispersion:
        """Measure how evenly a pattern is spread over weeks or outlets; `.barcode()` draws its hits over time.

        DP = sum |v - s| / 2, where v is the share of the hits in a part of the corpus, and s the share of all words
        (Gries 2008); DPnorm = DP / (1 - min s) (Lijffijt and Gries 2012); Juilland's D = 1 - V / sqrt(k - 1), with V
        the coefficient of variation of the rates in k parts (Juilland et al. 1970).

        Parameters
        ----------
        pattern, match, unit
            As in `concordance`.
        over
            The parts, "week" or "outlet".

        Raises
        ------
        InputError
            If an argument is invalid, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        One row per part: part (Monday of the week, or outlet), words, count, per_million, reports. `.dp`, `.dp_norm`
        and `.juilland_d` are the measures.

        Examples
        --------
        >>> spread = corpus.dispersion("civilians", over="outlet")
        >>> spread.frame.select("part", "words", "count").rows()
        [('BBC', 20, 1), ('TASS', 10, 1)]
        >>> round(spread.dp_norm, 3)
        0.25
        """
        from corpus_tools.explore.dispersion import dispersion  # noqa: PLC0415

        return dispersion(self.words, parse(pattern, match, unit), self.words.select(filters), over=over)

    @_with_filters
    def diversity(
        self, *, over: Each = "outlet", unit: Unit = "word", window: int = 50, **filters: Unpack[Filters]
    ) -> Diversity:
        """Measure the lexical diversity of each report: MATTR, MTLD and HD-D.

        MATTR is the mean share of different words in all windows of some words (Covington and McFall 2010); MTLD the
        mean length of a factor, a run of words until that share falls to 0.72, forwards and backwards (McCarthy and
        Jarvis 2010); HD-D the expected share of different words among 42 drawn (McCarthy and Jarvis 2007).

        Parameters
        ----------
        over
            "outlet" or "week" for the means over their reports, "report" for each report.
        unit
            "word" or "lemma".
        window
            Words in a window of MATTR.

        Raises
        ------
        InputError
            If an argument is invalid, or the corpus has no such outlet, place or speaker.

        Returns
        -------
        One row per outlet or week: part, reports, mattr, mtld, hdd, each with the ends of its 95% interval by a
        bootstrap of days (`mattr_low`, ...); or one row per report: doc_id, outlet, published, words, mattr, mtld, hdd.

        Examples
        --------
        >>> corpus.diversity(over="report").notes  # MATTR and HD-D need longer ones
        ('0 reports, each by itself; MATTR over windows of 50 words', '3 reports of fewer than 50 words left out')
        """
        from corpus_tools.explore.diversity import diversity  # noqa: PLC0415

        return diversity(self.words, self.words.select(filters), over=over, unit=unit, window=window)

    @cached_property
    def words(self) -> CorpusWords:
        """The tokens of the corpus, of which those read last stay in memory."""
        from corpus_tools.explore.word_index import CorpusWords  # noqa: PLC0415

        return CorpusWords(self.store)

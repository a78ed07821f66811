"""The tables of the step `sentiment`: VADER scores of sentences and reports, their means, and the words behind them."""

from corpus_tools.runtime.schema import COUNT, DAY, DOC_ID, FLAG, NUMBER, SENTENCE, SMALL, TEXT, Column, Table

_UNIT = Column(
    TEXT,
    "What counts as one: report (every report) or cluster (only the first report of each cluster of near-duplicates, "
    "that is, each independent report).",
)
_OUTLET_OR_ALL = Column(TEXT, "Name of the outlet; null in the rows about all outlets together.")
_INDEX = Column(
    TEXT,
    "Which scores are averaged: all (all sentences), narrator (sentences in the narrator's voice), quoted (quoted "
    "sentences) or without (all sentences, with the valences of the words of `sentiment.vocabulary` set to zero).",
)
_REPORTS = Column(
    COUNT, "Number of reports, or of independent reports where `unit` is cluster, that have a score for the index."
)
_MEAN = Column(
    NUMBER,
    "Mean over the reports of each report's score for the index, from -1 to 1, every report counting once; null where "
    "there is no such report.",
)
_INTERVAL = {
    name: Column(
        NUMBER,
        f"{end} end of the 95% interval of `compound` by a block bootstrap of days, not limited to the range from -1 "
        "to 1; null with fewer than five reports or three days of publication, or if a report has no date.",
    )
    for name, end in (("low", "Lower"), ("high", "Upper"))
}

SENTIMENT = Table(
    "sentiment",
    "sentiment",
    "One row per sentence, with its VADER scores and the voice that speaks in it. "
    "The lexicon is English: scores of reports in other languages (`documents.language`) mean nothing.",
    {
        "doc_id": DOC_ID,
        "sentence": SENTENCE,
        "neg": Column(
            NUMBER,
            "VADER's proportion of negative words in the sentence, weighted by their valence, from 0 to "
            "1; `neg`, `neu` and `pos` add up to 1 but for rounding, and are all 0 in a sentence without "
            "a word of two characters.",
        ),
        "neu": Column(NUMBER, "VADER's proportion of neutral words in the sentence, from 0 to 1."),
        "pos": Column(
            NUMBER, "VADER's proportion of positive words in the sentence, weighted by their valence, from 0 to 1."
        ),
        "compound": Column(
            NUMBER, "VADER's compound score of the sentence, from -1 (most negative) to 1 (most positive)."
        ),
        "voice": Column(
            TEXT,
            "Voice of the sentence: quoted, if at least half of its letters and digits lie within direct or mixed "
            "quotations, else narrator; also narrator in reports whose language is not annotated.",
        ),
        "speaker_name": Column(
            TEXT,
            "Speaker of the quotation that covers most of a quoted sentence, as in `quotes`; null in the narrator's "
            "voice and where the quotation has no `speaker_name`.",
        ),
    },
    ("doc_id", "sentence"),
)

SENTIMENT_BY_DOCUMENT = Table(
    "sentiment_by_document",
    "sentiment",
    "One row per report, with the means of the scores of its sentences; all means are null in a "
    "report without sentences.",
    {
        "doc_id": DOC_ID,
        "outlet": Column(TEXT, "Name of the outlet that published the report."),
        "published": Column(DAY, "Day of publication of the report."),
        "is_first_report": Column(
            FLAG, "Whether the report is the first of its cluster of near-duplicates: an independent report."
        ),
        "sentences": Column(COUNT, "Number of sentences of the report."),
        "quoted_sentences": Column(COUNT, "Number of `sentences` in a quoted voice, as in `sentiment`."),
        "neg": Column(NUMBER, "Mean of `neg` over the report's sentences, from 0 to 1."),
        "neu": Column(NUMBER, "Mean of `neu` over the report's sentences, from 0 to 1."),
        "pos": Column(NUMBER, "Mean of `pos` over the report's sentences, from 0 to 1."),
        "compound": Column(NUMBER, "Mean of `compound` over the report's sentences, from -1 to 1."),
        "narrator": Column(
            NUMBER,
            "Mean of `compound` over the sentences in the narrator's voice, from -1 to 1; null where there is none.",
        ),
        "quoted": Column(
            NUMBER, "Mean of `compound` over the quoted sentences, from -1 to 1; null where there is none."
        ),
        "without": Column(
            NUMBER,
            "Mean of `compound` over the report's sentences, from -1 to 1, with the valences of the words of "
            "`sentiment.vocabulary` and of their inflected forms set to zero.",
        ),
    },
    ("doc_id",),
)

SENTIMENT_BY_DAY = Table(
    "sentiment_by_day",
    "sentiment",
    "One row per unit and day of publication on which there are reports with sentences.",
    {
        "unit": _UNIT,
        "published": Column(DAY, "Day of publication."),
        "reports": Column(
            COUNT,
            "Number of reports of the day, or of independent reports where `unit` is cluster, that have a sentence.",
        ),
        "sentences": Column(COUNT, "Number of sentences of these reports."),
        "compound": Column(
            NUMBER,
            "Mean over these reports of each report's mean `compound`, from -1 to 1, every report counting once.",
        ),
    },
    ("unit", "published"),
)

SENTIMENT_BY_OUTLET = Table(
    "sentiment_by_outlet",
    "sentiment",
    "One row per unit, outlet (or all outlets together) and index.",
    {
        "unit": _UNIT,
        "outlet": _OUTLET_OR_ALL,
        "index": _INDEX,
        "reports": _REPORTS,
        "compound": _MEAN,
        **_INTERVAL,
    },
    ("unit", "outlet", "index"),
)

SENTIMENT_BY_PERIOD = Table(
    "sentiment_by_period",
    "sentiment",
    "One row per unit, outlet (or all outlets together), index and calendar bin (day, week or month), "
    "including bins without reports.",
    {
        "unit": _UNIT,
        "outlet": _OUTLET_OR_ALL,
        "index": _INDEX,
        "period": Column(TEXT, "Length of the bin: day, week or month, as set by `sentiment.period`."),
        "start": Column(DAY, "First day of the bin; a week starts on Monday (ISO 8601)."),
        "stretch": Column(
            SMALL,
            "Number of the stretch of consecutive bins, from 0; more than eight bins in a row without any report in "
            "the corpus are left out and separate two stretches.",
        ),
        "reports": _REPORTS,
        "compound": _MEAN,
        **_INTERVAL,
    },
    ("unit", "outlet", "index", "start"),
)

SENTIMENT_BY_TOPIC = Table(
    "sentiment_by_topic",
    "sentiment",
    "One row per unit, topic and index, over the reports that have a share of the topic.",
    {
        "unit": _UNIT,
        "topic": Column(SMALL, "Number of the topic, as in `topic_overview`."),
        "label": Column(TEXT, "Label of the topic, as in `topic_overview`."),
        "index": Column(
            TEXT,
            "Which scores are averaged: all (all sentences), narrator (sentences in the narrator's voice), quoted "
            "(quoted sentences) or without (all sentences, with the valences of the topic's own words, see "
            "`own_words`, set to zero).",
        ),
        "reports": Column(
            COUNT,
            "Number of reports, or of independent reports where `unit` is cluster, that have a share of the topic "
            "above 0 and a score for the index.",
        ),
        "compound": Column(
            NUMBER,
            "Mean over these reports of each report's score for the index, from -1 to 1, weighted "
            "by its share of the topic.",
        ),
        **_INTERVAL,
        "own_share": Column(
            NUMBER,
            "Share, from 0 to 1, of the negative valence in the topic's reports that the topic's own words "
            "carry, each report weighted by its share of the topic; the same for every index. Null where "
            "there is no negative valence.",
        ),
        "own_words": Column(
            TEXT,
            "The topic's own words: those of its terms in `topic_terms` that are words of VADER's lexicon or lemmas of "
            "such words, heaviest first, separated by commas; empty where there are none.",
        ),
    },
    ("unit", "topic", "index"),
)

SENTIMENT_BY_SPEAKER = Table(
    "sentiment_by_speaker",
    "sentiment",
    "One row per unit and person, for people with quoted sentences in at least five reports of the corpus.",
    {
        "unit": _UNIT,
        "speaker_name": Column(
            TEXT, "Name of the person, with initials and surnames resolved across reports as in `speakers_by_outlet`."
        ),
        "sentences": Column(COUNT, "Number of quoted sentences of the person."),
        "reports": Column(
            COUNT,
            "Number of reports, or of independent reports where `unit` is cluster, that contain these sentences; fewer "
            "than five are possible where `unit` is cluster.",
        ),
        "compound": Column(
            NUMBER, "Mean of `compound` over these sentences, from -1 to 1, every sentence counting once."
        ),
        **_INTERVAL,
    },
    ("unit", "speaker_name"),
)

SENTIMENT_WORDS = Table(
    "sentiment_words",
    "sentiment",
    "One row per word of VADER's lexicon that occurs in the corpus.",
    {
        "word": Column(TEXT, "The word (or emoticon) as in the lexicon, in lower case."),
        "valence": Column(NUMBER, "Valence of the word in the lexicon, from -4 (most negative) to 4 (most positive)."),
        "n": Column(COUNT, "Number of occurrences of the word in all sentences."),
        "reports": Column(COUNT, "Number of reports that contain the word."),
        "in_vocabulary": Column(
            FLAG,
            "Whether the word or its lemma is in `sentiment.vocabulary`, whose words the index `without` leaves out.",
        ),
        "negative_share": Column(
            NUMBER,
            "Share, from 0 to 1, of all negative valence in the corpus that occurrences of the word carry, as VADER "
            "weighed them in context; a negated positive word has some.",
        ),
        "positive_share": Column(
            NUMBER,
            "Share, from 0 to 1, of all positive valence in the corpus that occurrences of the word carry, as VADER "
            "weighed them in context; a negated negative word has some.",
        ),
        "effect": Column(
            NUMBER,
            "Effect of the word on the mean compound score of all reports, in points of that score: the mean minus the "
            "same mean with the word's valence set to zero. Null without scored reports.",
        ),
    },
    ("word",),
)

TABLES = (
    SENTIMENT,
    SENTIMENT_BY_DOCUMENT,
    SENTIMENT_BY_DAY,
    SENTIMENT_BY_OUTLET,
    SENTIMENT_BY_PERIOD,
    SENTIMENT_BY_TOPIC,
    SENTIMENT_BY_SPEAKER,
    SENTIMENT_WORDS,
)

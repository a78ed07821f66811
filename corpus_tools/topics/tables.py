"""The tables of the steps `grid` and `topics`: the number of topics, their terms and their shares."""

from corpus_tools.runtime.schema import COUNT, DAY, DOC_ID, FLAG, NUMBER, OUTLET, SMALL, TEXT, Column, Table

_TOPIC = Column(
    SMALL,
    "Number of the topic, from 0; topics are numbered in descending order of their total share in the reports that "
    "the model was fitted to.",
)
_LABEL = Column(
    TEXT,
    "Label of the topic: the user's own, else the name of its anchor, else its three heaviest "
    "terms, separated by commas.",
)
_UNIT = Column(
    TEXT,
    "What counts as one: report (every report) or cluster (only the first report of each cluster of near-duplicates, "
    "that is, each independent report).",
)
_REPORTS = Column(
    COUNT,
    "Number of reports, or of independent reports where `unit` is cluster, that the mean covers; reports without a "
    "term of the vocabulary do not count.",
)
_INTERVAL = (
    "of the 95% interval of `share` by a block bootstrap of days, from 0 to 1; null with fewer than five reports or "
    "three days of publication, or if a report has no date."
)
_REFITS = "mean share over the refits of the model to about four fifths of the reports, from 0 to 1; it may"
_SAMPLE = (
    "Null without refits or reports; a corpus of more than 20,000 reports is represented by a sample of that size, and "
    "`share` is shifted by the change found there."
)
# A mean share, its interval, and the range of the refits.
_PREVALENCE = {
    "share": Column(
        NUMBER,
        "Mean share of the topic over the reports that are counted in `reports`, from 0 to 1; "
        "null where there are none.",
    ),
    "low": Column(NUMBER, f"Lower end {_INTERVAL}"),
    "high": Column(NUMBER, f"Upper end {_INTERVAL}"),
    "refit_low": Column(NUMBER, f"Lowest {_REFITS} exceed `share`. {_SAMPLE}"),
    "refit_high": Column(NUMBER, f"Highest {_REFITS} be less than `share`. {_SAMPLE}"),
}

TOPIC_GRID = Table(
    "topic_grid",
    "grid",
    "One row per number of topics that was tried, with its measures averaged over several runs.",
    {
        "n_topics": Column(SMALL, "Number of topics."),
        "runs": Column(
            SMALL,
            "Number of runs: fits with different seeds, each to about four fifths of the reports, with clusters of "
            "near-duplicates kept whole.",
        ),
        "npmi": Column(
            NUMBER,
            "Coherence, from -1 to 1: NPMI of all pairs of a topic's ten heaviest terms, by co-occurrence in the "
            "reports that the run was fitted to; mean over pairs, topics and runs.",
        ),
        "npmi_se": Column(NUMBER, "Standard error of `npmi` over the runs."),
        "exclusivity": Column(
            NUMBER, "Exclusivity, from 0 to 1: FREX of a topic's ten heaviest terms; mean over terms, topics and runs."
        ),
        "exclusivity_se": Column(NUMBER, "Standard error of `exclusivity` over the runs."),
        "stability": Column(
            NUMBER,
            "Stability, from 0 to 1: average Jaccard similarity of the ranked 20 heaviest terms of two runs' topics, "
            "which are first aligned with each other; mean over topics and all pairs of runs.",
        ),
        "stability_se": Column(NUMBER, "Standard error of `stability` by a jackknife over the runs."),
        "held_out": Column(
            NUMBER,
            "Held-out fit by bi-cross-validation: share of the sum of squares of the reports left out of the run that "
            "the topics explain, where half of the terms set the topic weights and the other half is predicted; 1 is a "
            "perfect fit, 0 or less is none. Mean over the runs.",
        ),
        "held_out_se": Column(NUMBER, "Standard error of `held_out` over the runs."),
        "coherent": Column(
            FLAG,
            "Whether `npmi` is at most two standard errors below the highest one; the standard error is that of the "
            "difference, taken run by run.",
        ),
        "stable": Column(
            FLAG,
            "Whether the number is `coherent` and its `stability` is at most two standard errors below the highest one "
            "of the coherent numbers; the standard error is that of the difference, taken run by run.",
        ),
        "picked": Column(
            FLAG, "Whether this is the number picked: the smallest that is `stable`. True in exactly one row."
        ),
    },
    ("n_topics",),
)

TOPIC_TERMS = Table(
    "topic_terms",
    "topics",
    "One row per topic and term, for the heaviest terms of each topic (`topics.n_terms` of them).",
    {
        "topic": _TOPIC,
        "rank": Column(SMALL, "Rank of the term within the topic by `weight`, from 0."),
        "term": Column(TEXT, "The term: a lemma in lower case."),
        "weight": Column(
            NUMBER,
            "Weight of the term in the topic, from 0 to 1; the weights of all terms of the vocabulary "
            "add up to 1 in each topic.",
        ),
        "frex": Column(
            NUMBER,
            "FREX of the term in the topic: harmonic mean of its ranks by weight and by exclusivity (the topic's share "
            "of the term's weight in all topics), scaled to run from near 0 to 1, the highest.",
        ),
    },
    ("topic", "rank"),
    folder="topics/topic_terms",
)

DOC_TOPICS = Table(
    "doc_topics",
    "topics",
    "One row per report and topic.",
    {
        "doc_id": DOC_ID,
        "topic": _TOPIC,
        "share": Column(
            NUMBER,
            "Share of the topic in the report, from 0 to 1; a report's shares add up to 1 but for rounding. Null where "
            "the report contains no term of the vocabulary or no topic has any weight in it.",
        ),
    },
    ("doc_id", "topic"),
    folder="topics/doc_topics",
)

TOPICS_BY_PERIOD = Table(
    "topics_by_period",
    "topics",
    "One row per unit, topic and calendar bin (day, week or month), with the topic's mean share "
    "in the reports of the bin.",
    {
        "unit": _UNIT,
        "topic": _TOPIC,
        "label": _LABEL,
        "period": Column(TEXT, "Length of the bin: day, week or month, as set by `topics.period`."),
        "start": Column(DAY, "First day of the bin; a week starts on Monday (ISO 8601)."),
        "stretch": Column(
            SMALL,
            "Number of the stretch of consecutive bins, from 0; more than eight bins in a row without any report in "
            "the corpus are left out and separate two stretches.",
        ),
        "reports": _REPORTS,
        **_PREVALENCE,
    },
    ("unit", "topic", "start"),
    folder="topics/topics_by_period",
)

TOPICS_BY_OUTLET = Table(
    "topics_by_outlet",
    "topics",
    "One row per unit, topic and outlet, with the topic's mean share in the outlet's reports.",
    {
        "unit": _UNIT,
        "topic": _TOPIC,
        "label": _LABEL,
        "outlet": OUTLET,
        "reports": _REPORTS,
        **_PREVALENCE,
    },
    ("unit", "topic", "outlet"),
    folder="topics/topics_by_outlet",
)

TOPIC_OVERVIEW = Table(
    "topic_overview",
    "topics",
    "One row per topic, with its terms, its quality and the outlet it is most typical of.",
    {
        "topic": _TOPIC,
        "label": _LABEL,
        "named_by": Column(
            TEXT,
            "Where `label` comes from: labels (the user's file of labels), anchors (the name of an anchor) or "
            "terms (the heaviest terms).",
        ),
        "terms": Column(TEXT, "Ten heaviest terms of the topic, heaviest first, separated by commas."),
        "frex_terms": Column(TEXT, "Ten terms with the highest FREX in the topic, highest first, separated by commas."),
        "share": Column(
            NUMBER, "Mean share of the topic over all reports that contain a term of the vocabulary, from 0 to 1."
        ),
        "npmi": Column(
            NUMBER,
            "Coherence, from -1 (never in the same report) through 0 (independent) to 1 (always together): mean NPMI "
            "of all pairs of the topic's ten heaviest terms, by co-occurrence in reports.",
        ),
        "exclusivity": Column(NUMBER, "Exclusivity, from 0 to 1: mean FREX of the topic's ten heaviest terms."),
        "stability": Column(
            NUMBER,
            "Stability, from 0 to 1: average Jaccard similarity of the topic's ranked 20 heaviest terms to "
            "those of its counterpart in a refit to about four fifths of the reports, mean over the "
            "refits; null without refits.",
        ),
        "outlet": Column(TEXT, "Name of the outlet with the highest `outlet_share`."),
        "outlet_share": Column(
            NUMBER,
            "That outlet's share of the topic, from 0 to 1: its mean share of the topic divided by the sum of all "
            "outlets' means, so that each outlet counts as if it had published equally many reports. Each mean is "
            "smoothed by adding ten average reports.",
        ),
        "outlet_entropy": Column(
            NUMBER,
            "Entropy of the outlets' shares of the topic divided by its maximum, from 0 (one outlet alone) to 1 (all "
            "outlets alike); null if the corpus has one outlet only.",
        ),
        "one_outlet": Column(
            FLAG,
            "Whether `outlet_entropy` is below two thirds, so that the topic largely belongs to one outlet; false "
            "where `outlet_entropy` is null.",
        ),
    },
    ("topic",),
    folder="topics/topic_overview",
)

TOPIC_REPORTS = Table(
    "topic_reports",
    "topics",
    "One row per topic and typical report: up to five independent reports with the largest share of the topic.",
    {
        "topic": _TOPIC,
        "rank": Column(SMALL, "Rank of the report within the topic by `share`, from 0."),
        "doc_id": DOC_ID,
        "share": Column(NUMBER, "Share of the topic in the report, from 0 to 1."),
        "outlet": Column(TEXT, "Name of the outlet that published the report."),
        "published": Column(DAY, "Day of publication of the report."),
        "title": Column(TEXT, "Headline of the report; null where the source gives none."),
        "url": Column(TEXT, "Link to the report; null where the source gives none."),
    },
    ("topic", "rank"),
    folder="topics/topic_reports",
)

GRID_TABLES = (TOPIC_GRID,)
TABLES = (TOPIC_TERMS, DOC_TOPICS, TOPICS_BY_PERIOD, TOPICS_BY_OUTLET, TOPIC_OVERVIEW, TOPIC_REPORTS)

"""The tables of the step `tokenise`: sentences, tokens, and the lengths of reports."""

from corpus_tools.runtime.schema import COUNT, DOC_ID, END, NUMBER, OUTLET, SENTENCE, SMALL, START, TEXT, Column, Table

SENTENCES = Table(
    "sentences",
    "tokenise",
    "One row per sentence of a report's own words, without header and dateline, as split by Punkt.",
    {
        "doc_id": DOC_ID,
        "sentence": SENTENCE,
        "paragraph": Column(
            SMALL,
            "Number of the paragraph within the report's own words, from 0; each line that is "
            "not blank is one paragraph.",
        ),
        "start": START,
        "end": END,
    },
    ("doc_id", "sentence"),
)

TOKENS = Table(
    "tokens",
    "tokenise",
    "One row per token of a report's own words, without header and dateline, as split by NLTK's word tokeniser.",
    {
        "doc_id": DOC_ID,
        "sentence": SENTENCE,
        "start": START,
        "end": END,
        "token": Column(TEXT, "The token as written: `documents.text[start:end]`."),
        "norm": Column(TEXT, "The token in lower case, with straight apostrophes."),
        "lemma": Column(
            TEXT,
            "Lemma of the token, in lower case unless the dictionary capitalises it (French); a token tagged as a "
            "proper noun (NNP, NNPS) is its own lemma, as written.",
        ),
        "pos": Column(TEXT, "Part-of-speech tag of the Penn Treebank (NN, VBD, ...)."),
        "upos": Column(
            TEXT,
            "Universal part-of-speech tag that corresponds to `pos` (NOUN, VERB, ...); X for foreign words, list "
            "markers and tags without a counterpart.",
        ),
    },
    ("doc_id", "start", "end"),
)

LENGTHS_BY_OUTLET = Table(
    "lengths_by_outlet",
    "tokenise",
    "One row per outlet, with percentiles of the length of its reports; percentiles are interpolated linearly.",
    {
        "outlet": OUTLET,
        "reports": Column(
            COUNT, "Number of reports by the outlet, including near-duplicates and reports without tokens."
        ),
        "p05": Column(NUMBER, "5th percentile of report length, in tokens."),
        "p25": Column(NUMBER, "25th percentile of report length, in tokens."),
        "median": Column(NUMBER, "Median report length, in tokens."),
        "p75": Column(NUMBER, "75th percentile of report length, in tokens."),
        "p95": Column(NUMBER, "95th percentile of report length, in tokens."),
    },
    ("outlet",),
)

TABLES = (SENTENCES, TOKENS, LENGTHS_BY_OUTLET)

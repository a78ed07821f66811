"""Tables of the step `clean`: the repaired reports, and their number over time."""

import polars as pl

from corpus_tools.runtime.schema import COUNT, DAY, DOC_ID, FIRST_REPORTS, FLAG, OUTLET, SMALL, TEXT, Column, Table

DOCUMENTS = Table(
    "documents",
    "clean",
    "One row per report, with its repaired text, its dateline and its cluster of near-duplicates.",
    {
        "doc_id": DOC_ID,
        "source": Column(TEXT, "Name of the source that the report was collected from."),
        "outlet": Column(TEXT, "Name of the outlet that published the report."),
        "title": Column(TEXT, "Headline, repaired like the text; null where the source gives none or it is empty."),
        "url": Column(TEXT, "Link to the report as found, possibly empty; null where the source gives none."),
        "published": Column(
            DAY,
            "Day of publication by the source's own clock; never null, because `collect` rejects reports "
            "without a readable date.",
        ),
        "updated": Column(
            pl.Datetime("us"),
            "Date and time of the last update by the source's own clock, without a time zone; null where the source "
            "gives none or it cannot be read.",
        ),
        "place": Column(
            TEXT,
            "Place named in the dateline; a name written all in capitals is given ordinary capitals (Rostov-on-Don). "
            "Null where the text does not begin with a dateline (one after a headline is not read), or it names "
            "no place.",
        ),
        "country": Column(
            TEXT,
            "Country named in the dateline, as written there and not as an ISO 3166 code; null where the "
            "dateline names no country.",
        ),
        "agency": Column(
            TEXT,
            "News agency named in the dateline, as written there (TASS, Reuters); null where the text does not begin "
            "with a dateline, or it names none.",
        ),
        "body_start": Column(
            SMALL,
            "Offset into `text` where the report's own words start, after any header and "
            "dateline, in characters from 0.",
        ),
        "language": Column(
            TEXT,
            "Language of the report's own words as an ISO 639-1 code, identified from their first 1,000 characters; "
            "`und` where these contain fewer than ten words.",
        ),
        "text": Column(
            TEXT,
            "Text of the report after all repairs, including header and dateline; offsets in other tables refer to it.",
        ),
        "repairs": Column(
            pl.List(pl.Struct({"repair": pl.String, "times": pl.Int32})),
            "Repairs made to the text: the name of each (`repair`) and the number of places it changed (`times`); "
            "names that start with `left:` count damage that was found and left as it was. Empty where there was none.",
        ),
        "cluster_id": Column(
            TEXT,
            "Cluster of near-duplicates that the report belongs to, identified by the `doc_id` of its first report; "
            "the report's own `doc_id` where it has no near-duplicate.",
        ),
        "is_first_report": Column(
            FLAG,
            "Whether the report is the first of its cluster by day of publication, then by `doc_id`: these are "
            "the independent reports.",
        ),
    },
    ("doc_id",),
)

REPORTS_BY_PERIOD = Table(
    "reports_by_period",
    "clean",
    "One row per outlet and calendar bin (day, week or month) of the corpus, including bins in which "
    "the outlet has no report.",
    {
        "outlet": OUTLET,
        "period": Column(TEXT, "Length of the bin: day, week or month, as set by `clean.period`."),
        "start": Column(DAY, "First day of the bin; a week starts on Monday (ISO 8601)."),
        "stretch": Column(
            SMALL,
            "Number of the stretch of consecutive bins, from 0; more than eight bins in a row without any report in "
            "the corpus are left out and separate two stretches.",
        ),
        "reports": Column(
            COUNT, "Number of reports that the outlet published in the bin; the sum of the next three columns."
        ),
        "first_reports": FIRST_REPORTS,
        "own_repeats": Column(
            COUNT, "Number of `reports` whose cluster contains an earlier report by the same outlet."
        ),
        "others_repeats": Column(
            COUNT, "Number of `reports` whose cluster contains earlier reports by other outlets only."
        ),
    },
    ("outlet", "start"),
)

TABLES = (DOCUMENTS, REPORTS_BY_PERIOD)

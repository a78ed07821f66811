"""Tables of the step `collect`: the reports as found, and the rows that cannot be used."""

from corpus_tools.runtime.schema import COUNT, DOC_ID, TEXT, Column, Table

_ORIGIN = {
    "source": Column(TEXT, "Name of the source: the name of its YAML file in `seeds/`, without the extension."),
    "file": Column(
        TEXT, "File that the row was read from; for a folder of .txt files, its path relative to that folder."
    ),
    "row": Column(
        COUNT,
        "Number of the row within the source, from 1, not counting header and blank lines; for a folder of .txt files, "
        "the position of the file in the sorted list of paths.",
    ),
}

RAW = Table(
    "raw",
    "collect",
    "One row per report that was collected, as found in its source.",
    {
        "doc_id": DOC_ID,
        **_ORIGIN,
        "outlet": Column(
            TEXT,
            "Name of the outlet: as given in the row, else for the whole source, else the host of the "
            "link without `www.`, else the name of the source; replaced by the readable name that the "
            "source's `outlets` gives for it.",
        ),
        "title": Column(TEXT, "Headline as found, possibly empty; null where the source gives none."),
        "url": Column(TEXT, "Link to the report as found, possibly empty; null where the source gives none."),
        "published": Column(
            TEXT,
            "Date of publication as written in the source; for a .txt file, the ISO 8601 date of its "
            "header line or file name.",
        ),
        "updated": Column(
            TEXT, "Date of the last update as written in the source, possibly empty; null where the source gives none."
        ),
        "date_format": Column(
            TEXT,
            "`strptime` format of the source's dates; null where the source's YAML file sets none, and for .txt files.",
        ),
        "text": Column(TEXT, "Text of the report as found, before any repair."),
    },
    ("source", "row"),
)

REJECTED = Table(
    "rejected",
    "collect",
    "One row per row of a source that could not be used as a report.",
    {
        **_ORIGIN,
        "id": Column(
            TEXT,
            "Identifier of the row within the source; the number of the row where the source gives none "
            "or the row is malformed.",
        ),
        "reason": Column(
            TEXT,
            "Why the row could not be used: empty text, no date, a date that cannot be read as one "
            "day, or a malformed row. A .txt file that is empty or has no date stops the step instead.",
        ),
    },
    ("source", "row"),
)

TABLES = (RAW, REJECTED)

"""Tables of `annotate` over the whole corpus: speakers, places, and numbers of people killed."""

from corpus_tools.runtime.schema import COUNT, DAY, DOC_ID, FIRST_REPORTS, NUMBER, OUTLET, SMALL, TEXT, Column, Table

SPEAKERS_BY_OUTLET = Table(
    "speakers_by_outlet",
    "annotate",
    "One row per outlet and person whom its reports quote by name; only direct and mixed quotations count.",
    {
        "outlet": OUTLET,
        "rank": Column(
            SMALL, "Rank of the person within the outlet, from 1: by `quotes`, then by `reports`, then by name."
        ),
        "speaker_name": Column(
            TEXT,
            "Name of the person without middle initials; a surname alone is replaced by a full name ending in it if at "
            "least 80% of the reports that use any such full name use this one.",
        ),
        "quotes": Column(COUNT, "Number of direct and mixed quotations of the person in the outlet's reports."),
        "reports": Column(COUNT, "Number of the outlet's reports that quote the person."),
        "first_reports": FIRST_REPORTS,
        "share": Column(
            NUMBER, "`quotes` as a share of all the outlet's direct and mixed quotations of named people, from 0 to 1."
        ),
    },
    ("outlet", "rank"),
)

PLACES_ON_MAP = Table(
    "places_on_map",
    "annotate",
    "One row per place with coordinates that is mentioned in the corpus.",
    {
        "name": Column(TEXT, "Name of the place, as in `places`."),
        "country": Column(
            TEXT,
            "English name of the country that the place is or lies in; null where it lies in several countries or in "
            "none (Europe, the Black Sea).",
        ),
        "kind": Column(TEXT, "Kind of place: country, settlement, region or other (an airport, a sea, a road, ...)."),
        "lat": Column(NUMBER, "Latitude in decimal degrees, positive to the north."),
        "lon": Column(NUMBER, "Longitude in decimal degrees, positive to the east."),
        "geonames_id": Column(COUNT, "Identifier of the place in GeoNames; null where the gazetteer has none for it."),
        "mentions": Column(COUNT, "Number of mentions of the place in all reports."),
        "reports": Column(COUNT, "Number of reports that mention the place."),
        "first_reports": FIRST_REPORTS,
    },
    ("name", "country", "kind", "lat", "lon"),
)

TOLLS = Table(
    "tolls",
    "annotate",
    "One row per claim of how many people were killed in a settlement or region named in the sentence, grouped into "
    "events; claims without a best value are left out, and so are claims whose `event_date` starts more than 31 days "
    "before publication (weeks and intervals of months or years are not checked).",
    {
        "event": Column(
            SMALL,
            "Number of the event, from 1, in descending order of reports: an event is a series of claims about one "
            "place with at most `annotate.event_gap_days` days between one day of publication and the next.",
        ),
        "place": Column(TEXT, "Name of the settlement or region, as in `claims`."),
        "country": Column(
            TEXT, "English name of the country that the place lies in; null where it is not known or there are several."
        ),
        "kind": Column(TEXT, "What happened to the people; always killed."),
        "published": Column(DAY, "Day of publication of the report that makes the claim."),
        "outlet": Column(TEXT, "Name of the outlet that published the report."),
        "doc_id": DOC_ID,
        "cluster_id": Column(
            TEXT,
            "Cluster of near-duplicates that the report belongs to, identified by the `doc_id` of its first report; "
            "equal to `doc_id` if the report is an independent one.",
        ),
        "start": Column(
            SMALL, "Offset into `documents.text` where the number of the claim starts, in characters from 0."
        ),
        "speaker_name": Column(
            TEXT,
            "Who makes the claim, as in `claims`; null where the report makes it in its own voice or the speaker is a "
            "pronoun that could not be resolved.",
        ),
        "low": Column(COUNT, "Fewest people that the claim may mean; null for an upper bound (up to 50)."),
        "best": Column(COUNT, "Number of people as written; for a range, its lower end."),
        "high": Column(
            COUNT, "Most people that the claim may mean; null for a lower bound (at least 50) that is not a range."
        ),
        "bound": Column(
            TEXT, "How the number is bounded: exact, at least, at most or about; a range counts as at least."
        ),
    },
    ("event", "published", "doc_id", "start"),
)

TABLES = (SPEAKERS_BY_OUTLET, PLACES_ON_MAP, TOLLS)

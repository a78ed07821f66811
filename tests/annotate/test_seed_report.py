"""The seed report, row by row, compared with what a careful reader marks in it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from planted import SEED

from corpus_tools.annotate.reports import annotate_text
from corpus_tools.clean.cleaning import clean_text

QUOTATIONS = [
    # words, speaker, fullest name, role, cue, channel
    ("last chance", "Ukraine", "Ukraine", None, "urged", None),
    ("to accumulate fighting force to realise their ill ambitions in (eastern) Donbas",
     "Volodymyr Zelensky", "Volodymyr Zelensky", "Ukrainian President", "warned", None),
    ("They are preparing to resume an active offensive,",
     "he", "Volodymyr Zelensky", "Ukrainian President", "said", None),
    ("These few days may be the last chance to leave,",
     "Sergiy Gaiday", "Sergiy Gaiday", "Lugansk regional governor", "wrote", "Facebook"),
    ("it should lower the degree of hostility",
     "Mykhaylo Podolyak", "Mykhaylo Podolyak", "Ukrainian presidential adviser", "saying", "Twitter"),
    ("overshadowed", "Mevlut Cavusoglu", "Mevlut Cavusoglu", "Foreign Minister", "said", None),
    ("emerging positive atmosphere", "Mevlut Cavusoglu", "Mevlut Cavusoglu", "Foreign Minister", "said", None),
    ("The enemy aimed directly there with a goal to destroy the civilians,",
     "Pavlo Kyrylenko", "Pavlo Kyrylenko", None, "wrote", "Facebook"),
    ("We have nowhere to go, it's been like this for days,", "Volodymyr", "Volodymyr", None, "told", "AFP"),
    ("demilitarise", "Russia", "Russia", None, "stated aim", None),
    ("We're waiting for them!", "a lieutenant", "a lieutenant", "a lieutenant", "said", None),
]  # fmt: skip
TIMES = [
    ("Thursday", "2022-04-07", "day"),
    ("Thursday", "2022-04-07", "day"),
    ("last month", "2022-03", "month"),
    ("Wednesday", "2022-04-06", "day"),
    ("2014", "2014", "year"),
    ("February 24", "2022-02-24", "day"),
    ("Thursday", "2022-04-07", "day"),
]
PLACES = {
    # as written: kind, country, latitude, longitude (degrees, from an atlas, to the nearest half)
    "Severodonetsk": ("settlement", "Ukraine", 49.0, 38.5),
    "Ukraine": ("country", "Ukraine", 49.0, 32.0),
    "Kyiv": ("settlement", "Ukraine", 50.5, 30.5),
    "Russia": ("country", "Russia", None, None),
    "Bucha": ("settlement", "Ukraine", 50.5, 30.0),
    "Moscow": ("settlement", "Russia", 55.5, 37.5),
    "Donbas": ("region", "Ukraine", 48.0, 38.0),
    "Lugansk": ("settlement", "Ukraine", 48.5, 39.5),
    "Donetsk": ("settlement", "Ukraine", 48.0, 38.0),
    "Kreminna": ("settlement", "Ukraine", 49.0, 38.0),
    "Istanbul": ("settlement", "Turkey", 41.0, 29.0),
    "Turkey": ("country", "Turkey", 39.0, 35.0),
    "Crimea": ("region", "Ukraine", 45.5, 34.5),
    "Kharkiv": ("settlement", "Ukraine", 50.0, 36.0),
}
PEOPLE = {
    "Volodymyr Zelensky", "Sergiy Gaiday", "Sergei Lavrov", "Mykhaylo Podolyak", "Mevlut Cavusoglu",
    "Pavlo Kyrylenko", "Volodymyr", "Dmytro Kuleba",
}  # fmt: skip


@pytest.fixture(scope="module", params=["cleaned", "as found"])
def seed(request):
    text = SEED.read_text(encoding="utf-8")
    return annotate_text(clean_text(text).text if request.param == "cleaned" else text)


def test_day_and_dateline(seed):
    row = seed.dateline.row(0, named=True)
    assert (row["published"], row["place"], row["country"]) == (date(2022, 4, 8), "Severodonetsk", "Ukraine")


def test_eleven_quotations(seed):
    quotes = seed.quotes.filter(pl.col("kind") != "indirect")
    columns = ["text", "speaker", "speaker_name", "speaker_role", "cue", "channel"]
    straight = pl.col("text").str.replace_all("’", "'")
    assert quotes.select(columns).with_columns(straight).rows() == QUOTATIONS


def test_indirect_speech(seed):
    indirect = seed.quotes.filter(pl.col("kind") == "indirect").select("text", "speaker_name", "cue").rows()
    claim = "a new draft agreement from the Ukrainian side suggested they were not interested in peace"
    assert indirect[0] == (claim, "Sergei Lavrov", "said")
    assert [name for _, name, _ in indirect[1:]] == [
        "Sergiy Gaiday",
        "The head of the Donetsk Regional Military Administration",
    ]


def test_dates(seed):
    assert seed.times.select("text", "value", "granularity").rows() == TIMES


def test_fourteen_places_with_coordinates(seed):
    as_written = pl.col("text").str.to_titlecase()
    places = seed.places.with_columns(as_written).unique("text", keep="last", maintain_order=True)
    assert set(places["text"]) == PLACES.keys()
    for text, kind, country, lat, lon in places.select("text", "kind", "country", "lat", "lon").iter_rows():
        expected = PLACES[text]
        assert (text, kind, country) == (text, *expected[:2])
        assert lat is not None
        assert lon is not None
        if expected[2] is not None:
            # the centre of a country or region depends on how it is computed
            near = 0.5 if kind == "settlement" else 3
            assert abs(lat - expected[2]) <= near, text
            assert abs(lon - expected[3]) <= near, text


def test_people(seed):
    assert set(seed.names.filter(pl.col("label") == "PERSON")["name"]) == PEOPLE


def test_claims(seed):
    columns = ["text", "best", "bound", "kind", "who", "speaker_name", "cue", "event_date", "place", "place_precision"]
    assert seed.claims.select(columns).rows() == [
        ("one", 1, "exact", "killed", "person", "Sergiy Gaiday", "saying", None, "Kreminna", "settlement"),
        ("more than 1,200", 1200, "at least", "evacuated", "people", "Sergiy Gaiday", "said", "2022-04-06",
         "Luhansk", "settlement"),
        ("More than 11 million", 11_000_000, "at least", "displaced", "people", None, None, "2022-02-24/2022-04-08",
         "Siverskodonetsk", "dateline"),
    ]  # fmt: skip

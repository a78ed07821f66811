"""Claims: who makes them, and the day and place of the event."""

from __future__ import annotations

from corpus_tools.annotate.reports import annotate_text


def test_claim_names_its_speaker_day_and_place():
    text = (
        '"At least 25 civilians were killed in Kharkiv on Tuesday," governor Oleh Synyehubov told AFP. '
        "Two people were wounded in Sumy, police said on Monday. Some 300 families fled."
    )
    claims = annotate_text(text, "2022-04-08").claims
    got = claims.select("best", "bound", "kind", "who", "speaker_name", "cue", "event_date", "place").rows()
    assert got[:2] == [
        (25, "at least", "killed", "civilians", "Oleh Synyehubov", "told", "2022-04-05", "Kharkiv"),
        (2, "exact", "wounded", "people", "police", "said", None, "Sumy"),
    ]


def test_claim_keeps_to_its_clause_and_leaves_the_role_out():
    text = "Over 100 civilians were trapped, Donetsk governor Pavlo Kyrylenko said; 20 were rescued on Monday in Sumy."
    rows = annotate_text(text, "2022-04-08").claims.select("best", "speaker_name", "event_date", "place").rows()
    assert rows[0] == (100, "Pavlo Kyrylenko", None, None)


def test_claim_without_a_place_takes_the_dateline_and_says_so():
    text = "SEVERODONETSK, Ukraine: Three people were killed by shelling since Monday."
    row = annotate_text(text, "2022-04-08").claims.row(0, named=True)
    assert (row["place"], row["place_precision"], row["country"]) == ("Siverskodonetsk", "dateline", "Ukraine")
    assert (row["event_date"], row["event_date_precision"]) == ("2022-04-04/2022-04-08", "interval")

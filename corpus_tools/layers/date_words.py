"""Words in and around dates, by which `times` reads them.

An underscore is a space within an entry, and `s?` an optional s. The lists are code and not a file, because patterns
are compiled from them when their module is imported, and nothing is read then.
"""

from __future__ import annotations

DATE_WORDS = {
    "months": """
        January February March April May June July August September October November December
    """,
    "numbers": "a one two three four five six seven eight nine ten eleven twelve",
    # The name of a month that may also be a name or a verb (March, April, August) is a month after one of these words;
    # May is so often a verb or a surname that it has a list of its own.
    "before month": """
        in since until till by from to of last next this late early mid before after during between and through for
        around the a end beginning start or every
    """,
    "before may": "in since until till last next this late early mid end beginning through",
    # A number of four digits is a year after the words of the first list, and no year after those of the second or
    # before those of the third.
    "before year": """
        in since until till by from to of late early mid before after during between and the a his her its their between
        for through around circa around year back
    """,
    "not before year": """
        at number no flight resolution resolutions room page article section code highway route road nearly almost some
        roughly approximately only another boeing airbus call dial about least nasa
    """,
    "after number": """
        euros? dollars pounds people men women children soldiers troops civilians refugees migrants percent per_cent
        votes jobs points times workers employees civilian square cubic years days members seats homes houses
    """,
    "seasons": "spring summer autumn winter fall",
    # Events that days and weeks are counted from: `two days after the attack`.
    "events": """
        accident assault attack blast bombing crash death disaster earthquake explosion fire incident kidnapping killing
        massacre murder raid shooting stabbing
    """,
    # Words before and after a weekday that is not a date (Good Friday, the Sunday Times).
    "not before weekday": """
        every each most one any Every Each Most News Black Bloody Good Super Ash Palm Holy Easter Cyber Blue Giving Rose
        Carnival Shrove Fat Freaky Bowl Sheffield Maundy Whit
    """,
    "not after weekday": """
        Times Telegraph Mirror Mail Express Herald Post World Independent Business Group Night_Live Tribune Sport
        Night_Football Agreement
    """,
    # Words that show whether a clause looks ahead (`is due`, `plans to`, `to visit`, `begins`) or back.
    "planned": "due set meant scheduled slated expected planned planning likely going supposed",
    "visiting": "meeting holding travelling visiting",
    "future": "due scheduled slated expected",
    "intends": """
        agreed decided hopes? hoped intends? invited plans? promised vowed wants? wanted ready
    """,
    "infinitives": """
        appear meet hold start begin visit vote decide discuss travel attend face open speak address announce host
        arrive return sign resume launch present deliver debate testify leave unveil submit trigger play
    """,
    "present": """
        until plans? deadline begins? starts? opens? ends meets? faces? travels? arrives? visits? hosts? heads votes
    """,
    "past": """
        said says told tells was were had did has have came went took made began met held won lost found left gave got
        saw spoke spent ran paid wrote struck shot fell hit sent became rose kept could
    """,
}

"""Texts that mislead tokenisers, and NLTK's answers for them."""

from __future__ import annotations

from hypothesis import strategies as st
from nltk.tokenize.punkt import PunktSentenceTokenizer

NEWS = (
    "Gen. James Mattis met Mr. Lavrov at 5 p.m. on Friday. They spoke of U.S. troops near St. Petersburg. "
    'Sen. Smith, R-Ariz., said: "No. 5 is ours." It wasn\'t. The Army of the U.S. left.\n\n'
    "A headline without a stop\n\nThe text begins here, e.g. with this."
)
# Tokenisers fail most often at quotation marks and full stops.
ODD_TEXT = st.text(st.sampled_from("aB '\"`.,!?-–“”‘’\n5$%()[]…&n't") | st.characters(codec="utf-8"), max_size=120)
# Strings that some rule changes, and strings that no rule should change. Of the two packages for regular expressions
# that NLTK uses, one takes `²` for a letter; both take İ, ı, ſ and the Kelvin sign for a letter of ASCII.
PIECES = (
    """' " '' `` ` . .. ... , ,, : ; ? ! ( ) [ ] { } < > « » “ ” ‘ ’ „ - -- --- – — … / * @ # & $ % £ _
    can not cannot gonna Gimme wanna more'n d'ye 'tis 'twas n't N'T 's 'S 'm 'd 'll 'LL 'Ll 're 've dogs' I don't
    O'Neill a The the troops said U.S Mr Gen No J p.m al-Assad x-gen 5 2014 1,000 -3 .5 10:30 é ß ² ٣ İ ı ſ \u212a 日本
    \U0001f600"""
).split()
BLANKS = ["  ", "\t", "\xa0", "\x1c", "\x1f", "\x85", "\u2028", "\r", "\x0b", "\u200b"]
TRICKY_TEXT = st.lists(
    st.sampled_from(PIECES) | st.sampled_from([" ", " ", ". ", '." ', "? "]) | st.sampled_from(BLANKS), max_size=20
).map("".join)


def nltk_sentences(reference: PunktSentenceTokenizer, text: str, start: int = 0) -> list[tuple[int, int, int]]:
    """Paragraph number, start and end of NLTK's sentences."""
    sentences, number = [], -1
    for line in text[start:].split("\n"):
        number += bool(line)
        sentences += [(number, start + a, start + b) for a, b in reference.span_tokenize(line) if line[a:b].strip()]
        start += len(line) + 1
    return sentences

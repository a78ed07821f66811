"""Lemmas: names as they are written, base forms as they are, the rest by simplemma's dictionary (Barbaresi 2021)."""

from __future__ import annotations

import re

from simplemma import is_known, lemmatize

# simplemma knows no tags: it takes every `meeting` for `meet`, and most broken-off forms for words of their own. So it
# is asked about inflected forms only.
_NAMES = frozenset(["NNP", "NNPS"])
_INFLECTED = frozenset("NNS VBD VBG VBN VBP VBZ JJR JJS RBR RBS PRP DT".split())
# Where the dictionary has one lemma for two words, or none: form and first letter of the tag.
_BY_TAG = {
    tuple(pair.split("/")): lemma
    for lemma, pairs in {
        "leaf": "leaves/N", "life": "lives/N", "sale": "sales/N", "media": "media/N", "axis": "axes/N",
        "basis": "bases/N", "knife": "knives/N", "building": "buildings/N", "meeting": "meetings/N",
        "be": "'s/V", "mean": "means/V meant/V", "remain": "remains/V", "wound": "wounds/V wounded/V",
        "leave": "left/V", "think": "thought/V", "win": "won/V", "feel": "felt/V", "break": "broke/V",
        "rise": "rose/V", "shoot": "shot/V", "bind": "bound/V", "shake": "shook/V", "bear": "born/V borne/V bore/V",
        "find": "found/V", "lie": "lay/V", "serve": "serving/V", "see": "saw/V", "grind": "ground/V", "fall": "fell/V",
        "big": "bigger/J", "close": "closer/J closer/R", "bad": "worse/J worst/J", "badly": "worse/R worst/R",
        "little": "less/J least/J less/R least/R", "well": "better/R", "far": "further/R",
        "can": "ca/M", "will": "wo/M 'll/M", "would": "'d/M", "shall": "sha/M", "not": "n't/R",
    }.items()
    for pair in pairs.split()
}  # fmt: skip
# One syllable that would double its last consonant before -ing: `rating` is of `rate`, not of `rat`.
_WOULD_DOUBLE = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")


def lemma_of(token: str, tag: str) -> str:
    """Give the lemma of a token with its Penn tag.

    Names stay as written, also plural ones (Sessions, Wilders, Americans); a possessive 's is a token of its own and
    its own lemma. Nouns in the singular, adjectives and infinitives are lemmas already (a meeting, the wounded man);
    they lose their capitals, but for those that the dictionary knows (French). Forms that the dictionary does not
    know stay.

    Examples
    --------
    >>> [lemma_of("leaves", "NNS"), lemma_of("leaves", "VBZ"), lemma_of("Sessions", "NNP"), lemma_of("Saw", "VBD")]
    ['leaf', 'leave', 'Sessions', 'see']
    """
    if tag in _NAMES:
        return token
    form = token.lower().replace("’", "'")
    if lemma := _BY_TAG.get((form, tag[:1])):
        return lemma
    found = str(lemmatize(form, lang="en"))
    if tag in _INFLECTED:
        return _of_participle(form) if tag == "VBG" and found == form else found
    return found if found.lower() == form else form


def _of_participle(form: str) -> str:
    """Give the verb of a form in -ing that the dictionary has as a noun (building, living, sitting)."""
    stem = form.removesuffix("ing")
    if stem == form or len(stem) < 2:
        return form
    if stem[-1] == stem[-2] and stem[-1] not in "lsfz":
        return stem[:-1]
    if is_known(stem + "e", lang="en") and (not is_known(stem, lang="en") or _WOULD_DOUBLE.fullmatch(stem)):
        return stem + "e"
    return stem if is_known(stem, lang="en") else form

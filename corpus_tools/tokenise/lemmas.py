"""Lemmas: names unchanged, base forms in lower case, other words by simplemma's dictionary (Barbaresi 2021)."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml
from simplemma import is_known, lemmatize

_NAMES = frozenset(["NNP", "NNPS"])
# simplemma ignores tags: it lemmatises every `meeting` as `meet`, and takes most clitics (`n't`, `'ll`) for words. Its
# answer counts for inflected forms only.
_INFLECTED = frozenset("NNS VBD VBG VBN VBP VBZ JJR JJS RBR RBS PRP DT".split())
# One syllable that would double its last consonant before -ing, so that `rating` belongs to `rate` and not to `rat`.
_WOULD_DOUBLE = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")


def lemma_of(token: str, tag: str) -> str:
    """Return the lemma of a token with its Penn tag.

    Names stay as written, plural ones included (Sessions, Wilders, Americans). A possessive 's is a token of its own
    and its own lemma. Singular nouns, adjectives and infinitives are lemmas already (a meeting, the wounded man); they
    only lose their capitals, unless the dictionary capitalises them (French). Forms that the dictionary does not know
    stay.

    Examples
    --------
    >>> [lemma_of("leaves", "NNS"), lemma_of("leaves", "VBZ"), lemma_of("Sessions", "NNP"), lemma_of("Saw", "VBD")]
    ['leaf', 'leave', 'Sessions', 'see']
    """
    if tag in _NAMES:
        return token
    form = token.lower().replace("’", "'")
    if lemma := _lemmas_by_tag().get((form, tag[:1])):
        return lemma
    lemma = str(lemmatize(form, lang="en"))
    if tag in _INFLECTED:
        return _lemma_of_participle(form) if tag == "VBG" and lemma == form else lemma
    return lemma if lemma.lower() == form else form


@cache
def _lemmas_by_tag() -> dict[tuple[str, str], str]:
    """Return the lemmas that the dictionary lacks, by form and first letter of the tag."""
    text = files("corpus_tools.tokenise").joinpath("data/lemmas.yaml").read_text(encoding="utf-8")
    pairs = ((pair.split("/"), lemma) for lemma, forms in yaml.safe_load(text).items() for pair in forms.split())
    return {(form, letter): lemma for (form, letter), lemma in pairs}


def _lemma_of_participle(form: str) -> str:
    """Return the verb of a form in -ing that the dictionary has as a noun only (building, living, sitting)."""
    stem = form.removesuffix("ing")
    if stem == form or len(stem) < 2:
        return form
    if stem[-1] == stem[-2] and stem[-1] not in "lsfz":
        return stem[:-1]
    if is_known(stem + "e", lang="en") and (not is_known(stem, lang="en") or _WOULD_DOUBLE.fullmatch(stem)):
        return stem + "e"
    return stem if is_known(stem, lang="en") else form

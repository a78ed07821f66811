"""Tagged sentences, and NLTK's tags for the same weights."""

from __future__ import annotations

from corpus_tools.nltk_fast.tagger import Tagger

GOLDEN = [
    "Sessions/NNP told/VBD reporters/NNS that/IN more/JJR than/IN 1,200/CD people/NNS had/VBD fled/VBN ./.",
    "Two/CD shells/NNS hit/VBD the/DT town/NN on/IN Friday/NNP ,/, killing/VBG at/IN least/JJS 39/CD civilians/NNS ./.",
    "\"/`` We/PRP will/MD not/RB leave/VB ,/, \"/'' the/DT governor/NN said/VBD ./.",
    "He/PRP leaves/VBZ Kiev/NNP with/IN Mr./NNP Wilders/NNP 's/POS three/CD children/NNS ./.",
    "The/DT U.S./NNP Army/NNP ca/MD n't/RB use/VB $/$ 5/CD million/CD (/( 10/CD %/NN )/) ./.",
]
TRAINING = [
    [("the", "DT"), ("army", "NN"), ("shells", "VBZ"), ("towns", "NNS"), (".", ".")],
    [("shells", "NNS"), ("hit", "VBD"), ("the", "DT"), ("town", "NN"), (".", ".")],
    [("armies", "NNS"), ("hit", "VBD"), ("towns", "NNS"), (".", ".")],
] * 8


def split_tags(line: str) -> tuple[list[str], list[str]]:
    words, tags = zip(*(token.rsplit("/", 1) for token in line.split()), strict=True)
    return list(words), list(tags)


def by_nltk(tagger: Tagger, sentences: list[list[str]]) -> list[list[str]]:
    reference = tagger.to_nltk()
    return [[tag for _, tag in reference.tag(sentence)] for sentence in sentences]

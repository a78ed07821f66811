"""Lemmas."""

from __future__ import annotations

import pytest

from corpus_tools.tokenise.lemmas import lemma_of


@pytest.mark.parametrize(
    ("token", "tag", "lemma"),
    [line.split() for line in """
        Sessions NNP Sessions | Wilders NNP Wilders | Americans NNPS Americans | 's POS 's | 's VBZ be
        saw VBD see | saw NN saw | leaves NNS leaf | leaves VBZ leave | left VBD leave | left JJ left
        Attacks NNS attack | lives NNS life | lives VBZ live | talks NNS talk | troops NNS troop
        meeting NN meeting | meeting VBG meet | living VBG live | sitting VBG sit | rating VBG rate
        hearing VBG hear | ing VBG ing | bing VBG bing | falling VBG fall | wounded JJ wounded | wounded VBN wound
        worse JJR bad | better RBR well | highest JJS high | n't RB not | n’t RB not | wo MD will | ca MD can
        I PRP I | them PRP they | French JJ French | 1990s CD 1990s | The DT the | Qwxz NN qwxz | – : –
    """.replace("\n", "|").split("|") if line.strip()],
)  # fmt: skip
def test_lemmas(token, tag, lemma):
    assert lemma_of(token, tag) == lemma

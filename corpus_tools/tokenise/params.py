"""Parameters of `tokenise`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus_tools.runtime.records import Section


class TokeniseParams(Section):
    """Number of documents that Punkt learns from (0: all of them), and the tagger."""

    train_documents: Annotated[int, Field(ge=0)] = 1000
    tagger: Annotated[str, Field(pattern=r"^(masc|nltk|spacy:\S+)$")] = "masc"

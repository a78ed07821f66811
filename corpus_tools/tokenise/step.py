"""Split the texts into sentences and tagged tokens."""

from __future__ import annotations

from functools import partial

import polars as pl

from corpus_tools.nltk_fast.tagger import open_tagger
from corpus_tools.runtime.engine import map_partitions
from corpus_tools.runtime.step import Context, Result
from corpus_tools.runtime.store import write_aside
from corpus_tools.tokenise.params import TokeniseParams
from corpus_tools.tokenise.texts import lengths_by_outlet, summarise, tokenise_partition
from corpus_tools.tokenise.training import sample, train


def run(context: Context) -> Result:
    """Write `sentences`, `tokens`, `lengths_by_outlet` and what Punkt learned."""
    params, store = context.section(TokeniseParams), context.store
    tagger = open_tagger(params.tagger)  # before anything is done: it may not be installed
    learnt_from = sample(store.read("documents", columns=["source", "doc_id"]), params.train_documents)
    parts = (store.read("documents", i, ["doc_id", "text", "body_start"]) for i in store.numbers("documents"))
    texts = (part.filter(pl.col("doc_id").is_in(learnt_from)).select("text", "body_start") for part in parts)
    punkt = train([text[start:] for part in texts for text, start in part.iter_rows()])
    new = store.staging("sentences", "tokens", "lengths_by_outlet")
    found = map_partitions(
        partial(tokenise_partition, punkt, tagger=params.tagger), store, ["documents"], new,
        settings=f"{params.tagger} {tagger.fingerprint} {punkt.to_json()}",
    )  # fmt: skip
    new.write("lengths_by_outlet", 0, lengths_by_outlet(found["lengths"]))
    store.commit(new, "sentences", "tokens", "lengths_by_outlet")
    write_aside(context.project.data / "punkt.json", punkt.to_json() + "\n")
    metrics = summarise(found["lengths"], punkt, params.tagger)
    return Result(f"{metrics['sentences']:,} sentences, {metrics['tokens']:,} tokens", metrics)

"""Read `documents`; write `sentences`, `tokens`, `lengths_by_outlet` and data/punkt.json."""

from __future__ import annotations

from functools import partial

import polars as pl

from corpus_tools.nltk_fast.tagger import open_tagger
from corpus_tools.runtime.engine import map_partitions
from corpus_tools.runtime.step import Context, StepResult
from corpus_tools.runtime.store import write_aside
from corpus_tools.tokenise.params import TokeniseParams
from corpus_tools.tokenise.texts import lengths_by_outlet, summarise, tokenise_partition
from corpus_tools.tokenise.training import sample, train


def run(context: Context) -> StepResult:
    """Train Punkt on a sample of the reports; split all reports, and tag the tokens."""
    params, store = context.section(TokeniseParams), context.store
    tagger = open_tagger(params.tagger)  # first, because it may not be installed
    training_ids = sample(store.read("documents", columns=["source", "doc_id"]), params.train_documents)
    partitions = (store.read("documents", i, ["doc_id", "text", "body_start"]) for i in store.numbers("documents"))
    texts = (frame.filter(pl.col("doc_id").is_in(training_ids)).select("text", "body_start") for frame in partitions)
    punkt = train([text[start:] for frame in texts for text, start in frame.iter_rows()])
    staging = store.staging("sentences", "tokens", "lengths_by_outlet")
    frames = map_partitions(
        partial(tokenise_partition, punkt, tagger=params.tagger), store, ["documents"], staging,
        settings=f"{params.tagger} {tagger.fingerprint} {punkt.to_json()}",
    )  # fmt: skip
    staging.write("lengths_by_outlet", 0, lengths_by_outlet(frames["lengths"]))
    store.commit(staging, "sentences", "tokens", "lengths_by_outlet")
    write_aside(context.project.data / "punkt.json", punkt.to_json() + "\n")
    metrics = summarise(frames["lengths"], punkt, params.tagger)
    return StepResult(f"{metrics['sentences']:,} sentences, {metrics['tokens']:,} tokens", metrics)

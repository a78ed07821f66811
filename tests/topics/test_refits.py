"""Refits find planted topics again, and the ranges of their shares contain the model's."""

from __future__ import annotations

import numpy as np
import pytest
from planted import planted_rows
from topic_models import fitted

from corpus_tools.errors import InputError
from corpus_tools.topics.prevalence import groups
from corpus_tools.topics.refits import mean_stability, refit, refit_inputs, summarise, with_refits


def test_refits_find_planted_topics_again_and_their_ranges_contain_the_share():
    model = fitted(planted_rows(120))
    months = groups(model.documents_with_shares(), "month")
    inputs = refit_inputs(model, np.arange(120), months.members)
    refits = [refit(inputs, run) for run in range(4)]
    assert summarise(refits)["stability"] > 0.6  # ten of the 20 terms are common to all topics
    assert mean_stability(refits).shape == (3,)
    shares = with_refits(model.prevalence("month"), months, refits).filter(unit="report")
    assert shares.height == 9
    inside = (shares["share"] >= shares["refit_low"] - 0.02) & (shares["share"] <= shares["refit_high"] + 0.02)
    assert inside.all()
    outlets = with_refits(model.prevalence_by_outlet(), months, refits)
    assert outlets.height == 2 * 2 * 3
    assert outlets["refit_low"].null_count() == 0
    assert (outlets["refit_high"] - outlets["refit_low"]).min() >= 0


def test_without_refits_there_are_no_ranges_and_no_stability():
    model = fitted(planted_rows(120))
    months = groups(model.documents_with_shares(), "month")
    assert with_refits(model.prevalence_by_outlet(), months, [])["refit_low"].null_count() == 12
    assert mean_stability([]) is None
    assert summarise([]) == {"refits": 0, "stability": None, "stability_lowest_run": None}


def test_refits_of_a_large_corpus_use_a_sample_and_give_ranges_for_all_of_it(monkeypatch):
    model = fitted(planted_rows(240))
    months = groups(model.documents_with_shares(), "month")
    monkeypatch.setattr("corpus_tools.topics.refits._LARGEST_SAMPLE", 120)
    inputs = refit_inputs(model, np.arange(240), months.members)
    assert inputs.counts.shape[0] == inputs.training.counts.shape[0] == inputs.shares.shape[0] == 120
    shares = with_refits(model.prevalence("month"), months, [refit(inputs, run) for run in range(3)])
    width = shares["refit_high"] - shares["refit_low"]
    # Shares are compared for the same documents, so the choice of the sample does not widen the range.
    assert width.max() < 0.1


def test_a_refit_with_fewer_reports_than_topics_is_refused_with_the_remedy():
    model = fitted(planted_rows(11), n_topics=10, min_documents=1)
    weeks = groups(model.documents_with_shares(), "week")
    with pytest.raises(InputError, match="10 topics, but a refit to four fifths of the reports has only 9") as error:
        refit_inputs(model, np.arange(11), weeks.members)
    assert "topics.refits to 0" in error.value.remedy

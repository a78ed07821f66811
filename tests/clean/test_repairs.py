from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from planted import CASES

from corpus_tools.clean.repairs import REPAIRS, flags, mend

REPAIR_CASES = yaml.safe_load((CASES / "repairs.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", REPAIR_CASES["mended"], ids=lambda case: case[0][:30])
def test_damage_is_repaired_where_its_neighbours_show_how(case):
    damaged, repaired = case[:2]
    assert mend(damaged)[0] == repaired


@pytest.mark.parametrize("text", REPAIR_CASES["kept"], ids=lambda text: text[:30])
def test_undamaged_text_is_left_alone(text):
    assert mend(text) == (text, {})


@pytest.mark.parametrize("case", REPAIR_CASES["flagged"], ids=lambda case: case[0][:30])
def test_undecided_damage_is_left_and_counted(case):
    text, name, times = case
    assert mend(text) == (text, {})
    assert flags(text) == {name: times}


@pytest.mark.parametrize("case", REPAIR_CASES["known_failures"], ids=lambda case: case["text"][:30])
def test_known_failures_fail_as_known(case):
    assert mend(case["text"])[0] == case["now"]


def test_repairs_are_counted_by_name():
    _, counts = mend('"No,"?he said.\u00a0"Yes,"?she  said. They don"t know.')
    assert counts == {"no-break spaces": 1, "lost apostrophes": 1, "lost marks": 2, "spaces": 1}
    assert set(counts) <= set(REPAIRS)


# Marks, spaces and letters in unusual orders reveal more than random letters.
ODD = st.text(
    st.sampled_from("\"?\ufffd-–' ’“”.,!sSaA5(\n\r\t\u00a0\u00ad&;<amp") | st.characters(codec="utf-8"), max_size=60
)


@given(ODD)
@example('"?"?s"?s "?')
@example("a\r\nb\u2028c")
@example("&amp;nbsp;x")
@example("evacu-\nation of the\ncity on\nfoot")
def test_repaired_text_needs_no_repair(text):
    once, _ = mend(text)
    assert mend(once) == (once, {})


@given(ODD)
def test_nothing_is_invented(text):
    """Every character of the repaired text was in the damaged one, except marks, dashes and spaces."""
    if "&" in text or not text.isascii():
        return
    assert set(mend(text)[0]) <= set(text) | set("–' \n\"")

"""Finished figures."""

from __future__ import annotations

import json

import pytest

from corpus_tools.display.picture import Picture, smallest_pictures
from corpus_tools.errors import InputError


def test_figures_are_taken_in_their_largest_width_and_smallest_form(tmp_path):
    described = {w: {"caption": f"caption {w}", "alt": f"alt {w}"} for w in ("89mm", "183mm")}
    for name in ("b", "a"):
        (tmp_path / f"{name}.json").write_text(json.dumps(described | {"settings": "made"}))
        for width in described:
            (tmp_path / f"{name}-{width}.svg").write_bytes(b"<svg" + b" " * 9 * (name == "a"))
            (tmp_path / f"{name}-{width}.png").write_bytes(b"PNG" + width.encode())
    pictures = smallest_pictures(tmp_path)
    assert list(pictures) == ["a", "b"]
    assert pictures["a"] == Picture("a", tmp_path / "a-183mm.png", "caption 183mm", "alt 183mm", "made")
    assert pictures["b"].media_type == "image/svg+xml"
    for kind in ("svg", "png"):
        (tmp_path / f"a-183mm.{kind}").unlink()
    with pytest.raises(InputError, match=r"a-183mm\.svg: no such file") as error:
        smallest_pictures(tmp_path)
    assert "corpus_tools figures" in error.value.remedy

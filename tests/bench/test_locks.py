"""The lock files."""

from __future__ import annotations

import re
import tomllib

from planted import ROOT


def test_other_programs_are_pinned_by_hash_and_change_none_of_our_versions():
    locks = {}
    for name in ("requirements.lock", "requirements-bench.lock"):
        lock = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in lock
        assert all("--hash=sha256:" in block for block in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:])
        locks[name] = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock, re.MULTILINE))
    product, bench = locks.values()
    assert {name: bench[name] for name in bench.keys() & product.keys()} == {
        name: product[name] for name in bench.keys() & product.keys()
    }
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for wanted in tomllib.loads(text)["project"]["optional-dependencies"]["bench"]:
        assert re.match(r"[A-Za-z0-9._-]+", wanted).group().lower() in bench
        assert re.search(rf'"{re.escape(wanted)}",\s+# \w+', text), wanted

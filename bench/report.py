"""What was found, as Markdown, figure and JSON: `python -m bench.report docs` makes the first two of the last anew."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from statistics import median
from textwrap import fill
from typing import Any

import matplotlib as mpl
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from bench import peers
from bench.contests import CONTESTS, OURS, Contest
from bench.given import Sizes, read_sizes
from bench.run import ENOUGH, Turn, rows_of
from corpus_tools.figures.page import MM
from corpus_tools.figures.params import FiguresParams

_PACKAGES = (
    "polars", "numpy", "scipy", "scikit-learn", "nltk", "vaderSentiment", "spacy", "blingfire", "tomotopy", "gensim",
)  # fmt: skip
_WIDTH_MM, _ROW_MM, _MARGIN_MM = 89, 3.7, 15
_MEASURED, _MISSED, _TARGET = "measured, slowest to fastest round", "the same, short of its target", "target"


@dataclass(frozen=True)
class Found:
    """All that a run found, and what it found it with."""

    turns: list[Turn]
    differences: dict[str, int]
    sizes: Sizes
    machine: dict[str, Any]
    versions: dict[str, str]
    day: str
    minutes: float

    @classmethod
    def of(cls, turns: list[Turn], differences: dict[str, int], folder: Path, seconds: float) -> Found:
        """Put a run together with what is known of machine, versions and day."""
        today = datetime.now(tz=UTC).strftime("%-d %B %Y")
        return cls(turns, differences, read_sizes(folder), machine(), versions(), today, seconds / 60)

    def to_json(self) -> str:
        """Write it as JSON."""
        told = asdict(self)
        turns = ",\n".join(json.dumps(turn, ensure_ascii=False) for turn in told.pop("turns"))
        rest = json.dumps(told, indent=1, ensure_ascii=False)
        return f'{rest[:-2]},\n "turns": [\n{turns}\n]\n}}\n'  # one line a measurement

    @classmethod
    def from_json(cls, text: str) -> Found:
        """Read what `to_json` wrote."""
        found = json.loads(text)
        turns = [Turn(**turn) for turn in found.pop("turns")]
        return cls(turns, sizes=Sizes(**found.pop("sizes")), **found)


@dataclass(frozen=True)
class Ratio:
    """How many times as fast ours is as another: of the medians, and the least and the most of any round."""

    contest: Contest
    other: str
    ratio: float
    low: float
    high: float
    target: float | None
    reached: bool | None


def machine() -> dict[str, Any]:
    """Say what the measurements ran on."""
    names = [
        line.partition(":")[2].strip()
        for line in (Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if _linux() else [])
        if line.startswith("model name")
    ]
    pages, size = (os.sysconf(name) for name in ("SC_PHYS_PAGES", "SC_PAGE_SIZE"))
    return {
        "cores": os.cpu_count(),
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "memory_gb": round(pages * size / 2**30),
        "system": f"{platform.system()}, {platform.machine()}",
    }


def _linux() -> bool:
    return sys.platform == "linux"


def versions() -> dict[str, str]:
    """Name the versions of all that took part."""
    import corpus_tools

    found = {"corpus_tools": corpus_tools.__version__, "Python": platform.python_version()}
    model = peers.small_model()
    for name in (*_PACKAGES, *([model] if model else [])):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def compare(folder: Path, turns: list[Turn]) -> dict[str, int]:
    """Count, for each contest in which somebody's output has to be ours, the rows that only one of the two gave."""
    found = {}
    for contest in CONTESTS:
        files = [rows_of(folder, contest.key, name) for name in (OURS, contest.same or "")]
        if contest.same and any(turn.contest == contest.key for turn in turns) and all(map(Path.exists, files)):
            found[contest.key] = rows_apart(*map(pl.read_parquet, files))
    return found


def rows_apart(mine: pl.DataFrame, theirs: pl.DataFrame) -> int:
    """Count the rows that only one of two tables has.

    Examples
    --------
    >>> rows_apart(pl.DataFrame({"start": [0, 4]}), pl.DataFrame({"start": [0, 5, 9]}))
    3
    """
    on = mine.columns
    theirs = theirs.select(on).cast(mine.schema)
    return mine.join(theirs, on=on, how="anti", nulls_equal=True).height + (
        theirs.join(mine, on=on, how="anti", nulls_equal=True).height
    )


def same_as(contest: str) -> str:
    """Name the one whose output has to be ours."""
    return next(str(c.same) for c in CONTESTS if c.key == contest)


def _turns(turns: list[Turn], contest: str, name: str) -> list[Turn]:
    return [turn for turn in turns if (turn.contest, turn.contestant) == (contest, name)]


def ratios(turns: list[Turn]) -> Iterator[Ratio]:
    """Give each ratio, contest by contest.

    A target for topics is reached if ours are also no less coherent.
    """
    for contest in CONTESTS:
        ours = _turns(turns, contest.key, OURS)
        for other in contest.others:
            theirs = _turns(turns, contest.key, other.name)
            if not (ours and theirs):
                continue
            ratio = _median(theirs) / _median(ours)
            each = [a.seconds / b.seconds for a, b in zip(theirs, ours, strict=False)]
            reached = None if other.target is None else ratio >= other.target and _as_coherent(ours, theirs)
            yield Ratio(contest, other.name, ratio, min(each), max(each), other.target, reached)


def _as_coherent(ours: list[Turn], theirs: list[Turn]) -> bool:
    return (ours[0].npmi or 0) >= (theirs[0].npmi or 0)


def _median(turns: list[Turn]) -> float:
    return median(turn.seconds for turn in turns)


def times(ratio: float) -> str:
    """Write how many times as fast something is.

    Examples
    --------
    >>> times(0.526), times(15.04), times(123.4)
    ('0.53 ×', '15.0 ×', '123 ×')
    """
    digits = 2 if ratio < 10 else 1 if ratio < 100 else 0
    return f"{ratio:.{digits}f} ×"


def ratio_lines(found: Found) -> str:
    """Give the ratios as lines for the screen."""
    said = {None: "", True: "reached", False: "NOT reached"}
    return "\n".join(
        f"{r.contest.key:<10} {r.other:<28} {times(r.ratio):>8}"
        + (f"   target {r.target:g} ×: {said[r.reached]}" if r.target else "")
        for r in ratios(found.turns)
    )


def ratio_table(turns: list[Turn]) -> str:
    """Give the ratios as a table."""
    said = {None: "", True: "yes", False: "**no**"}
    rows = [
        [r.contest.title, r.other, f"**{times(r.ratio)}**", f"{times(r.low)} to {times(r.high)}",
         f"{r.target:g} ×" if r.target else "", said[r.reached]]
        for r in ratios(turns)
    ]  # fmt: skip
    return _table(["work", "against", "ours is as fast", "by round", "target", "reached"], rows)


def measured_table(turns: list[Turn], sizes: Sizes) -> str:
    """Give all measurements as a table."""
    rows = []
    for contest in CONTESTS:
        for one in contest.contestants:
            done = _turns(turns, contest.key, one.name)
            if done:
                rows.append([contest.title, one.name, *_measured(done, contest, sizes)])
    head = ["work", "who", "median, s", "from – to, s", "rounds", "speed", "memory, MB", "NPMI"]
    return _table(head, rows)


def _measured(done: list[Turn], contest: Contest, sizes: Sizes) -> list[str]:
    seconds = [turn.seconds for turn in done]
    npmi = done[0].npmi
    return [
        f"{median(seconds):.3g}", f"{min(seconds):.3g} – {max(seconds):.3g}", str(len(done)),
        speed(contest.size(sizes) / median(seconds), contest.unit), f"{max(turn.peak_mb for turn in done):,.0f}",
        "" if npmi is None else f"{npmi:.3f}",
    ]  # fmt: skip


def speed(value: float, unit: str) -> str:
    """Write a speed.

    Examples
    --------
    >>> speed(1.1234, "MB"), speed(49_251, "tokens")
    ('1.12 MB/s', '49,300 tokens/s')
    """
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f} {unit}/s" if rounded >= 100 else f"{rounded:g} {unit}/s"


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def quiet(turns: list[Turn]) -> str:
    """Say how much of a core the processes had: little, where others wanted it too; more than one, with more threads.

    Examples
    --------
    >>> quiet([Turn("words", "NLTK", 0, 2.0, 1.9, 90.0), Turn("words", "NLTK", 1, 2.0, 2.0, 90.0)])
    'while timed, the processes had 95 % to 100 % of a core'
    """
    shares = [turn.cpu / turn.seconds * 100 for turn in turns]
    return f"while timed, the processes had {min(shares):.0f} % to {max(shares):.0f} % of a core"


def _texts(sizes: Sizes) -> str:
    sources = ", ".join(f"{count:,} of `{source}`" for source, count in sizes.sources.items())
    return (
        f"the {sizes.documents:,} documents of the built corpus ({sources}): {sizes.mb:.2f} MB of running text, "
        f"{sizes.sentences:,} sentences; {sizes.tags_tokens:,} tokens for the tags, {sizes.layers_documents:,} "
        f"documents ({sizes.layers_mb:.2f} MB) for the layers, {sizes.terms:,} terms for the topics"
    )


def _contest_table() -> str:
    rows = [[c.title, c.goes_in, c.comes_out] for c in CONTESTS]
    return _table(["work", "goes in", "comes out"], rows)


def _equal(differences: dict[str, int]) -> str:
    rows = [[c.title, f"{c.same}", f"{differences[c.key]:,}"] for c in CONTESTS if c.key in differences]
    return _table(["work", "compared with", "rows that differ"], rows)


def alt(turns: list[Turn]) -> str:
    """Say in words what the figure shows."""
    found = list(ratios(turns))
    with_target = [r for r in found if r.target]
    if not found:  # ours failed, or nobody else is there
        return "No dots: ours was measured against nobody"
    low, high = (pick(found, key=lambda r: r.ratio) for pick in (min, max))
    return (
        "Dots on a logarithmic scale, one for each line of the table above: from "
        f"{times(low.ratio)} ({low.contest.title.lower()} against {low.other}) to {times(high.ratio)} "
        f"({high.contest.title.lower()} against {high.other}); {sum(bool(r.reached) for r in with_target)} of "
        f"{len(with_target)} targets, drawn as bars, are reached"
    )


def _conditions(found: Found) -> str:
    """Say when, on what, with what and how it was measured."""
    m = found.machine
    told = {
        "When": f"{found.day}, {found.minutes:.0f} minutes, by `make bench`.",
        "Texts": f"{_texts(found.sizes)}.",
        "Machine": f"{m['cores']} cores, {m['processor']}, {m['memory_gb']} GB of memory, {m['system']}; "
        f"{quiet(found.turns)}.",
        "Versions": f"{', '.join(f'{name} {number}' for name, number in found.versions.items())}; all are pinned in "
        "`requirements-bench.lock`.",
        "How": "each measurement is a fresh process with one thread. In each round, ours and the others take turns; "
        f"whoever has taken {' or '.join(f'{s:.0f} s in {n} rounds' for n, s in ENOUGH)} has no other. Timed is the "
        "work alone: the input is in memory and in the form that the work takes (ours columns, gensim its own corpus), "
        "models are loaded, and a small call was made before. Whole steps are timed with all: start of Python, "
        "reading, writing. Memory is the most that the process had, with Python, libraries and input.",
        "With what": "Punkt is what it learned from this corpus, for ours and NLTK's alike. NLTK's tagger has our "
        "weights, its VADER the lexicon of vaderSentiment. spaCy's pipelines run by `nlp.pipe`. LDA goes 10 times over "
        "the texts in scikit-learn (online) and gensim, 1,000 times in tomotopy; NMF is on tf-idf, at scikit-learn's "
        "defaults. The NLTK + scikit-learn script is [bench/plain.py](../bench/plain.py); the contests are in "
        "[bench/contests.py](../bench/contests.py). Every measurement is in [benchmarks.json](benchmarks.json).",
    }
    lines = (f"- **{key}**: {text}" for key, text in told.items())
    return "\n".join(
        fill(s, 120, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False) for s in lines
    )


def markdown(found: Found) -> str:
    """Write the report."""
    missing = [
        f"{one.name} ({contest.title.lower()})"
        for contest in CONTESTS for one in contest.others if not _turns(found.turns, contest.key, one.name)
    ]  # fmt: skip
    left_out = f"\nNot measured, because not asked for or not installed: {', '.join(missing)}.\n" if missing else ""
    return f"""# How fast

`make bench` measures our work against that of others, on the same texts in the same run, and writes this page. What
counts is the ratio; seconds belong to one machine.

{ratio_table(found.turns)}

More than 1 × means that ours takes less time. The ratio is that of the medians; beside it stand the lowest and the
highest of any round. The target against scikit-learn's NMF is reached if our topics are also no less coherent (NPMI).
{left_out}
![{alt(found.turns)}](pictures/benchmarks.png)

## The same results

Rows (spans, tags, scores) that only one of the two gave, over all of the input:

{_equal(found.differences)}

## What was measured

{_contest_table()}

{measured_table(found.turns, found.sizes)}

{_conditions(found)}
"""


def figure(turns: list[Turn]) -> Figure:
    """Draw the ratios as dots on a logarithmic scale, a row for each of the others below its contest."""
    rows: list[tuple[str, Ratio | None]] = []
    for r in ratios(turns):
        if not rows or rows[-1][1] is None or rows[-1][1].contest is not r.contest:
            rows.append((r.contest.title, None))
        rows.append((r.other, r))
    drawn = Figure(figsize=(_WIDTH_MM * MM, (len(rows) * _ROW_MM + _MARGIN_MM) * MM))
    axes = drawn.subplots()
    axes.set_xscale("log")
    for y, (_, row) in enumerate(rows):
        if row:
            _draw(axes, y, row)
    _dress(axes, rows)
    _legend(drawn, axes)
    return drawn


def _draw(axes: Axes, y: int, r: Ratio) -> None:
    missed = r.reached is False
    colour = "C1" if missed else "C0"
    axes.plot([r.low, r.high], [y, y], color=colour, marker="none", linestyle="-", linewidth=1.2)
    face = "white" if missed else colour
    axes.plot([r.ratio], [y], color=colour, marker="s" if missed else "o", markersize=4, markerfacecolor=face)
    if r.target:
        axes.plot([r.target], [y], color="black", marker="|", markersize=7, markeredgewidth=1.0, zorder=3)
    axes.text(1.02, y, times(r.ratio), transform=axes.get_yaxis_transform(), va="center", fontsize="small")


def _dress(axes: Axes, rows: list[tuple[str, Ratio | None]]) -> None:
    axes.axvline(1, color="#b0b0b0", linewidth=0.6, zorder=1)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    for label, (_, ratio) in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("normal" if ratio else "bold")
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(rows) - 0.5, -0.7)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(LogLocator(10, numticks=6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} ×"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("ours is so many times as fast")


def _legend(drawn: Figure, axes: Axes) -> None:
    marks = [
        axes.plot([], [], color="C0", marker="o", markersize=4, linestyle="-", linewidth=1.2)[0],
        axes.plot([], [], color="C1", marker="s", markersize=4, markerfacecolor="white", linestyle="-")[0],
        axes.plot([], [], color="black", marker="|", markersize=7, linestyle="none")[0],
    ]
    drawn.legend(marks, [_MEASURED, _MISSED, _TARGET], loc="outside lower center", ncols=1)


def write(found: Found, dest: Path) -> None:
    """Write benchmarks.json, benchmarks.md and the figure."""
    (dest / "pictures").mkdir(parents=True, exist_ok=True)
    (dest / "benchmarks.json").write_text(found.to_json(), encoding="utf-8")
    (dest / "benchmarks.md").write_text(markdown(found), encoding="utf-8")
    size = FiguresParams().font_pt
    with mpl.rc_context(fname=str(files("corpus_tools.figures").joinpath("figure.mplstyle"))):
        small: dict[Any, float] = dict.fromkeys(("xtick.labelsize", "ytick.labelsize", "legend.fontsize"), size - 1)
        mpl.rcParams.update({"font.size": size, "axes.labelsize": size, **small})
        drawn = figure(found.turns)
        told = {"Title": "benchmarks", "Description": alt(found.turns), "Software": None}
        drawn.savefig(dest / "pictures" / "benchmarks.png", dpi=FiguresParams().dpi, metadata=told)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write(Found.from_json((folder / "benchmarks.json").read_text(encoding="utf-8")), folder)

"""Results as JSON, Markdown and figure; `python -m bench.report docs` writes the last two from the first again."""

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
from bench.inputs import Sizes, read_sizes
from bench.turns import ENOUGH, Turn, output_path
from corpus_tools.figures.layout import MM
from corpus_tools.figures.params import FiguresParams

_PACKAGES = (
    "polars", "numpy", "scipy", "scikit-learn", "nltk", "vaderSentiment", "spacy", "blingfire", "tomotopy", "gensim",
)  # fmt: skip
_WIDTH_MM, _ROW_MM, _MARGIN_MM = 89, 3.7, 15
_MEASURED, _MISSED, _TARGET = "median, with slowest and fastest round", "the same, target missed", "target"


@dataclass(frozen=True)
class Benchmark:
    """The measurements of a run, with its inputs, machine and software."""

    turns: list[Turn]
    differences: dict[str, int]
    sizes: Sizes
    machine: dict[str, Any]
    versions: dict[str, str]
    day: str
    minutes: float

    @classmethod
    def from_turns(cls, turns: list[Turn], differences: dict[str, int], folder: Path, seconds: float) -> Benchmark:
        """Complete the measurements with sizes, machine, versions and today's date."""
        today = datetime.now(tz=UTC).strftime("%-d %B %Y")
        return cls(turns, differences, read_sizes(folder), machine(), versions(), today, seconds / 60)

    def to_json(self) -> str:
        """Return the run as JSON, one line per measurement."""
        values = asdict(self)
        turns = ",\n".join(json.dumps(turn, ensure_ascii=False) for turn in values.pop("turns"))
        rest = json.dumps(values, indent=1, ensure_ascii=False)
        return f'{rest[:-2]},\n "turns": [\n{turns}\n]\n}}\n'

    @classmethod
    def from_json(cls, text: str) -> Benchmark:
        """Read what `to_json` wrote."""
        values = json.loads(text)
        turns = [Turn(**turn) for turn in values.pop("turns")]
        return cls(turns, sizes=Sizes(**values.pop("sizes")), **values)


@dataclass(frozen=True)
class Ratio:
    """How many times as fast ours is as another: ratio of the medians, lowest and highest ratio of a round."""

    contest: Contest
    other: str
    ratio: float
    low: float
    high: float
    target: float | None
    reached: bool | None


def machine() -> dict[str, Any]:
    """Describe the machine."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    pages, size = (os.sysconf(name) for name in ("SC_PHYS_PAGES", "SC_PAGE_SIZE"))
    return {
        "cores": os.cpu_count(),
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "memory_gb": round(pages * size / 2**30),
        "system": f"{platform.system()}, {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Return the versions of all programs that took part."""
    import corpus_tools

    numbers = {"corpus_tools": corpus_tools.__version__, "Python": platform.python_version()}
    model = peers.small_model()
    for name in (*_PACKAGES, *([model] if model else [])):
        try:
            numbers[name] = version(name)
        except PackageNotFoundError:
            continue
    return numbers


def compare(folder: Path, turns: list[Turn]) -> dict[str, int]:
    """Count the differing rows in each contest in which another's output has to equal ours."""
    differences = {}
    for contest in CONTESTS:
        files = [output_path(folder, contest.key, name) for name in (OURS, contest.same or "")]
        if contest.same and any(turn.contest == contest.key for turn in turns) and all(map(Path.exists, files)):
            differences[contest.key] = count_differences(*map(pl.read_parquet, files))
    return differences


def count_differences(mine: pl.DataFrame, theirs: pl.DataFrame) -> int:
    """Count the rows that only one of two tables contains.

    Examples
    --------
    >>> count_differences(pl.DataFrame({"start": [0, 4]}), pl.DataFrame({"start": [0, 5, 9]}))
    3
    """
    theirs = theirs.select(mine.columns).cast(mine.schema)
    pairs = ((mine, theirs), (theirs, mine))
    return sum(one.join(other, on=mine.columns, how="anti", nulls_equal=True).height for one, other in pairs)


def same_as(contest: str) -> str:
    """Return the name of the contestant whose output has to equal ours."""
    return next(str(c.same) for c in CONTESTS if c.key == contest)


def _turns(turns: list[Turn], contest: str, name: str) -> list[Turn]:
    return [turn for turn in turns if (turn.contest, turn.contestant) == (contest, name)]


def ratios(turns: list[Turn]) -> Iterator[Ratio]:
    """Yield the ratios, contest by contest.

    The target for topics is reached only if our topics are no less coherent.
    """
    for contest in CONTESTS:
        ours = _turns(turns, contest.key, OURS)
        for other in contest.others:
            theirs = _turns(turns, contest.key, other.name)
            if not (ours and theirs):
                continue
            ratio = _median(theirs) / _median(ours)
            by_round = [a.seconds / b.seconds for a, b in zip(theirs, ours, strict=False)]
            reached = None if other.target is None else ratio >= other.target and _as_coherent(ours, theirs)
            yield Ratio(contest, other.name, ratio, min(by_round), max(by_round), other.target, reached)


def _as_coherent(ours: list[Turn], theirs: list[Turn]) -> bool:
    return (ours[0].npmi or 0) >= (theirs[0].npmi or 0)


def _median(turns: list[Turn]) -> float:
    return median(turn.seconds for turn in turns)


def times(ratio: float) -> str:
    """Format how many times as fast something is.

    Examples
    --------
    >>> times(0.526), times(15.04), times(123.4)
    ('0.53 ×', '15.0 ×', '123 ×')
    """
    digits = 2 if ratio < 10 else 1 if ratio < 100 else 0
    return f"{ratio:.{digits}f} ×"


def ratio_lines(benchmark: Benchmark) -> str:
    """Return the ratios as lines for the terminal."""
    reached = {None: "", True: "reached", False: "NOT reached"}
    return "\n".join(
        f"{r.contest.key:<10} {r.other:<28} {times(r.ratio):>8}"
        + (f"   target {r.target:g} ×: {reached[r.reached]}" if r.target else "")
        for r in ratios(benchmark.turns)
    )


def ratio_table(turns: list[Turn]) -> str:
    """Return the ratios as a table in Markdown."""
    reached = {None: "", True: "yes", False: "**no**"}
    rows = [
        [r.contest.title, r.other, f"**{times(r.ratio)}**", f"{times(r.low)} to {times(r.high)}",
         f"{r.target:g} ×" if r.target else "", reached[r.reached]]
        for r in ratios(turns)
    ]  # fmt: skip
    return _table(["work", "compared with", "speed ratio", "range of rounds", "target", "reached"], rows)


def measured_table(turns: list[Turn], sizes: Sizes) -> str:
    """Return all measurements as a table in Markdown."""
    rows = []
    for contest in CONTESTS:
        for one in contest.contestants:
            done = _turns(turns, contest.key, one.name)
            if done:
                rows.append([contest.title, one.name, *_measured(done, contest, sizes)])
    head = ["work", "contestant", "median, s", "fastest – slowest, s", "rounds", "speed", "memory, MB", "NPMI"]
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
    """Format a speed.

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
    """Report the share of a core that the processes had: low on a busy machine, above 100 % with several threads.

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
    rows = [[c.title, c.takes, c.returns] for c in CONTESTS]
    return _table(["work", "input", "output"], rows)


def _equal(differences: dict[str, int]) -> str:
    rows = [[c.title, f"{c.same}", f"{differences[c.key]:,}"] for c in CONTESTS if c.key in differences]
    return _table(["work", "compared with", "rows that differ"], rows)


def alt(turns: list[Turn]) -> str:
    """Return the figure's alternative text."""
    rows = list(ratios(turns))
    with_target = [r for r in rows if r.target]
    if not rows:  # ours failed, or nothing else is installed
        return "No dots: ours was compared with nothing"
    low, high = (pick(rows, key=lambda r: r.ratio) for pick in (min, max))
    return (
        "Dots on a logarithmic scale, one per row of the table above: from "
        f"{times(low.ratio)} ({low.contest.title.lower()} against {low.other}) to {times(high.ratio)} "
        f"({high.contest.title.lower()} against {high.other}); {sum(bool(r.reached) for r in with_target)} of "
        f"{len(with_target)} targets, drawn as bars, are reached"
    )


def _conditions(benchmark: Benchmark) -> str:
    """Describe when, on what machine, with which software and how the times were measured."""
    m = benchmark.machine
    items = {
        "When": f"{benchmark.day}, {benchmark.minutes:.0f} minutes, by `make bench`.",
        "Texts": f"{_texts(benchmark.sizes)}.",
        "Machine": f"{m['cores']} cores, {m['processor']}, {m['memory_gb']} GB of memory, {m['system']}; "
        f"{quiet(benchmark.turns)}.",
        "Versions": f"{', '.join(f'{name} {number}' for name, number in benchmark.versions.items())}; all are pinned "
        "in `requirements-bench.lock`.",
        "Method": "each measurement runs in a new process with one thread. In each round, ours and the others take "
        f"turns; a contestant that has taken {' or '.join(f'{s:.0f} s in {n} rounds' for n, s in ENOUGH)} has no "
        "further turn. We time the work alone: the input is in memory, in the form that the function takes (arrays for "
        "ours, its own corpus for gensim), models are loaded, and a small call was made before. Whole steps include "
        "starting Python, reading and writing. Memory is the peak of the process, with Python, libraries and input.",
        "Settings": "ours and NLTK's sentences use what Punkt learned from this corpus. NLTK's tagger has our weights, "
        "its VADER the lexicon of vaderSentiment. spaCy's pipelines run by `nlp.pipe`. LDA makes 10 passes over the "
        "texts in scikit-learn (online) and gensim, 1,000 in tomotopy; NMF uses tf-idf and scikit-learn's defaults. "
        "The NLTK + scikit-learn script is [bench/plain.py](../bench/plain.py); the contests are in "
        "[bench/contests.py](../bench/contests.py). [benchmarks.json](benchmarks.json) has every measurement.",
    }
    lines = (f"- **{key}**: {text}" for key, text in items.items())
    return "\n".join(
        fill(s, 120, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False) for s in lines
    )


def markdown(benchmark: Benchmark) -> str:
    """Return the report in Markdown."""
    missing = [
        f"{one.name} ({contest.title.lower()})"
        for contest in CONTESTS for one in contest.others if not _turns(benchmark.turns, contest.key, one.name)
    ]  # fmt: skip
    left_out = f"\nNot measured, because not requested or not installed: {', '.join(missing)}.\n" if missing else ""
    return f"""# Speed

`make bench` compares our speed with that of other programs, on the same texts in the same run, and writes this page.
The ratios matter; the seconds depend on the machine.

{ratio_table(benchmark.turns)}

A ratio above 1 × means that ours takes less time. It is the ratio of the medians; the next column has the lowest and
the highest ratio of a round. The target for scikit-learn's NMF is reached only if our topics are no less coherent
(NPMI).
{left_out}
![{alt(benchmark.turns)}](pictures/benchmarks.png)

## Equal results

Rows (spans, tags, scores) that only one of the two outputs contains, over the whole input:

{_equal(benchmark.differences)}

## Measurements

{_contest_table()}

{measured_table(benchmark.turns, benchmark.sizes)}

{_conditions(benchmark)}
"""


def figure(turns: list[Turn]) -> Figure:
    """Draw the ratios as dots on a logarithmic scale, one row per contestant below its contest."""
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
    axes.set_xlabel("speed ratio, ours to the other")


def _legend(drawn: Figure, axes: Axes) -> None:
    marks = [
        axes.plot([], [], color="C0", marker="o", markersize=4, linestyle="-", linewidth=1.2)[0],
        axes.plot([], [], color="C1", marker="s", markersize=4, markerfacecolor="white", linestyle="-")[0],
        axes.plot([], [], color="black", marker="|", markersize=7, linestyle="none")[0],
    ]
    drawn.legend(marks, [_MEASURED, _MISSED, _TARGET], loc="outside lower center", ncols=1)


def write(benchmark: Benchmark, dest: Path) -> None:
    """Write benchmarks.json, benchmarks.md and the figure."""
    (dest / "pictures").mkdir(parents=True, exist_ok=True)
    (dest / "benchmarks.json").write_text(benchmark.to_json(), encoding="utf-8")
    (dest / "benchmarks.md").write_text(markdown(benchmark), encoding="utf-8")
    size = FiguresParams().font_pt
    with mpl.rc_context(fname=str(files("corpus_tools.figures").joinpath("figure.mplstyle"))):
        small: dict[Any, float] = dict.fromkeys(("xtick.labelsize", "ytick.labelsize", "legend.fontsize"), size - 1)
        mpl.rcParams.update({"font.size": size, "axes.labelsize": size, **small})
        drawn = figure(benchmark.turns)
        metadata = {"Title": "benchmarks", "Description": alt(benchmark.turns), "Software": None}
        drawn.savefig(dest / "pictures" / "benchmarks.png", dpi=FiguresParams().dpi, metadata=metadata)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write(Benchmark.from_json((folder / "benchmarks.json").read_text(encoding="utf-8")), folder)

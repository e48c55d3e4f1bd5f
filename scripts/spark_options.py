# SPDX-License-Identifier: Apache-2.0
"""Makes what the daemon knows of the options of several versions of Spark, in daemon/modules/catalog/data:
spark-options.tsv has the documented ones, spark-option-notes.tsv those that are not to be used any more.

    scripts/spark_options.py 3.5=<folder with jars> 4.3=<folder with jars>

The folder is a Spark's `jars`. Versions that the files know already and that aren't named are kept as they are. Where
Spark's classes have no words for an option, those of scripts/spark_option_words.tsv are used.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "daemon/modules/catalog/data"
OPTIONS = FOLDER / "spark-options.tsv"
NOTES = FOLDER / "spark-option-notes.tsv"
WORDS = HERE / "spark_option_words.tsv"
LICENCE = """\
# SPDX-License-Identifier: Apache-2.0
# From Apache Spark (https://spark.apache.org, Apache-2.0, Copyright The Apache Software Foundation), as its own classes
"""
OPTIONS_HEAD = f"""\
{LICENCE}\
# define them: names, defaults and descriptions; where they have no description it is Firesteel's, from
# scripts/spark_option_words.tsv. Made by scripts/spark_options.py; not edited by hand.
# name, first version, last version, category, type, default, since, description
"""
NOTES_HEAD = f"""\
{LICENCE}\
# say it: options that are deprecated or removed, since when, and what to do. `internal` are options that Spark has
# but doesn't document, as far as their names look like those of others. Made by scripts/spark_options.py; not edited by
# hand.
# name, first version, last version, kind, since, words
"""
CATEGORIES = [
    ("spark.sql.streaming.", "Streaming"),
    ("spark.sql.catalog", "Catalogs"),
    ("spark.sql.", "SQL"),
    ("spark.connect.", "Spark Connect"),
    ("spark.dynamicAllocation.", "Dynamic allocation"),
    ("spark.kubernetes.", "Kubernetes"),
    ("spark.yarn.", "YARN"),
    ("spark.mesos.", "Mesos"),
    ("spark.executor.", "Executors"),
    ("spark.driver.", "Driver"),
    ("spark.memory.", "Memory"),
    ("spark.storage.", "Memory"),
    ("spark.shuffle.", "Shuffle"),
    ("spark.reducer.", "Shuffle"),
    ("spark.push.", "Shuffle"),
    ("spark.broadcast.", "Memory"),
    ("spark.io.", "Compression and serialization"),
    ("spark.kryo", "Compression and serialization"),
    ("spark.serializer", "Compression and serialization"),
    ("spark.network.", "Network"),
    ("spark.rpc.", "Network"),
    ("spark.port.", "Network"),
    ("spark.ssl.", "Security"),
    ("spark.authenticate", "Security"),
    ("spark.acls.", "Security"),
    ("spark.admin.", "Security"),
    ("spark.kerberos.", "Security"),
    ("spark.security.", "Security"),
    ("spark.ui.", "User interface"),
    ("spark.eventLog.", "History"),
    ("spark.history.", "History"),
    ("spark.python.", "Python"),
    ("spark.pyspark.", "Python"),
    ("spark.r.", "R"),
    ("spark.task.", "Scheduling"),
    ("spark.scheduler.", "Scheduling"),
    ("spark.speculation", "Scheduling"),
    ("spark.locality.", "Scheduling"),
    ("spark.excludeOnFailure.", "Scheduling"),
    ("spark.stage.", "Scheduling"),
    ("spark.barrier.", "Scheduling"),
    ("spark.deploy.", "Standalone cluster"),
    ("spark.master.", "Standalone cluster"),
    ("spark.worker.", "Standalone cluster"),
    ("spark.metrics.", "Metrics"),
    ("spark.streaming.", "Streaming"),
    ("spark.hadoop.", "Files"),
    ("spark.files.", "Files"),
    ("spark.jars", "Files"),
    ("spark.app", "Application"),
]

# Their defaults are of the machine that this runs on.
OF_THE_MACHINE = {"spark.driver.host", "spark.driver.bindAddress", "spark.local.ip"}

Row = tuple[str, ...]
ByVersion = dict[str, dict[str, Row]]  # by version, by name: the rest of a line


def category(name: str) -> str:
    return next((words for prefix, words in CATEGORIES if name.startswith(prefix)), "Other")


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def look_alikes(names: set[str], others: set[str]) -> set[str]:
    """Those of `names` that differ from one of `others` by about two letters."""
    letters = {name: Counter(name.lower()) for name in names | others}

    def are_alike(one: str, other: str) -> bool:
        if abs(len(one) - len(other)) > 2:
            return False
        return sum((letters[one] - letters[other]).values()) + sum((letters[other] - letters[one]).values()) <= 4

    return {name for name in names if any(are_alike(name, other) for other in others)}


def extract(jars: Path) -> tuple[dict[str, Row], dict[str, Row]]:
    """The options of a Spark, and its notes on others."""
    command = ["java", "--add-opens=java.base/java.nio=ALL-UNNAMED", "-cp", f"{jars.resolve()}/*"]
    command += [str(HERE / "SparkOptions.java"), str(jars.resolve())]
    # Some defaults are below the working directory or the home: "/" and "$HOME" say so wherever this runs.
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd="/", env=os.environ | {"HOME": "/"})
    options: dict[str, Row] = {}
    notes: dict[str, Row] = {}
    internal = set()
    for line in done.stdout.decode().splitlines():
        kind, name, *rest = line.split("\t")
        if kind == "option":
            options[name] = (category(name), *rest)
        elif kind == "internal":
            internal.add(name)
        else:
            notes[name] = (kind, *rest)
    for name in OF_THE_MACHINE & options.keys():
        heading, type_, _, *rest = options[name]
        options[name] = (heading, type_, "", *rest)
    for name in look_alikes(internal - notes.keys(), options.keys() | notes.keys()):
        notes[name] = ("internal", "", "")
    return options, notes


def known(file: Path) -> ByVersion:
    if not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    versions = next(line for line in lines if line.startswith("# versions: ")).split()[2:]
    out: ByVersion = {version: {} for version in versions}
    for line in lines:
        if line.startswith("#"):
            continue
        name, first, last, *rest = line.split("\t")
        for version in versions:
            if number(first) <= number(version) <= number(last):
                out[version][name] = tuple(rest)
    return out


def ranges(by_version: ByVersion) -> list[Row]:
    """One row for each run of versions in which all that is known of a name is the same."""
    versions = sorted(by_version, key=number)
    out = []
    for name in sorted({name for rows in by_version.values() for name in rows}):
        run: list[str] = []
        for index, version in enumerate(versions):
            row = by_version[version].get(name)
            if row is None:
                continue
            run = run or [version]
            later = by_version[versions[index + 1]].get(name) if index + 1 < len(versions) else None
            if later == row:
                continue
            out.append((name, run[0], version, *row))
            run = []
    return out


def write(file: Path, head: str, by_version: ByVersion) -> None:
    versions = " ".join(sorted(by_version, key=number))
    lines = ["\t".join(row) for row in ranges(by_version)]
    file.parent.mkdir(exist_ok=True)
    file.write_text(head + f"# versions: {versions}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{file}: {len(lines)} lines, {file.stat().st_size} bytes", file=sys.stderr)


def add_words(options: ByVersion) -> None:
    """Our own words where Spark's classes have none."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    words = dict(line.split("\t") for line in lines if not line.startswith("#"))
    for rows in options.values():
        for name, (*rest, description) in rows.items():
            if not description:
                rows[name] = (*rest, words.get(name, ""))
    missing = {name for rows in options.values() for name, row in rows.items() if not row[-1]}
    print(f"without words: {', '.join(sorted(missing)) or 'none'}", file=sys.stderr)


def main() -> None:
    options, notes = known(OPTIONS), known(NOTES)
    for argument in sys.argv[1:]:
        version, jars = argument.split("=", 1)
        options[version], notes[version] = extract(Path(jars))
        print(f"{version}: {len(options[version])} options, {len(notes[version])} notes", file=sys.stderr)
    add_words(options)
    write(OPTIONS, OPTIONS_HEAD, options)
    write(NOTES, NOTES_HEAD, notes)


if __name__ == "__main__":
    main()

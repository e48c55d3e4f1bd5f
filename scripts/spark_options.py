# SPDX-License-Identifier: Apache-2.0
"""Makes daemon/modules/catalog/data/spark-options.tsv: the documented options of several versions of Spark.

    scripts/spark_options.py 3.5=<folder with jars> 4.3=<folder with jars>

The folder is a Spark's `jars`. Versions that the file knows already and that aren't named are kept as they are.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "daemon/modules/catalog/data/spark-options.tsv"
HEAD = """\
# SPDX-License-Identifier: Apache-2.0
# From Apache Spark (https://spark.apache.org, Apache-2.0, Copyright The Apache Software Foundation): names, defaults
# and descriptions as its own classes define them. Made by scripts/spark_options.py; not edited by hand.
# name, first version, last version, category, type, default, since, description
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

Row = tuple[str, ...]  # type, default, since, description


def category(name: str) -> str:
    return next((words for prefix, words in CATEGORIES if name.startswith(prefix)), "Other")


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def extract(jars: Path) -> dict[str, Row]:
    command = ["java", "--add-opens=java.base/java.nio=ALL-UNNAMED", "-cp", f"{jars.resolve()}/*"]
    command += [str(HERE / "SparkOptions.java"), str(jars.resolve())]
    # Some defaults are below the working directory or the home: "/" and "$HOME" say so wherever this runs.
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd="/", env=os.environ | {"HOME": "/"})
    rows = (line.split("\t") for line in done.stdout.decode().splitlines())
    out = {name: tuple(rest) for name, *rest in rows}
    for name in OF_THE_MACHINE & out.keys():
        kind, _, since, description = out[name]
        out[name] = (kind, "", since, description)
    return out


def known() -> dict[str, dict[str, Row]]:
    """By version, by name."""
    if not DATA.exists():
        return {}
    lines = DATA.read_text(encoding="utf-8").splitlines()
    versions = next(line for line in lines if line.startswith("# versions: ")).split()[2:]
    out: dict[str, dict[str, Row]] = {version: {} for version in versions}
    for line in lines:
        if line.startswith("#"):
            continue
        name, first, last, _, kind, default, since, description = line.split("\t")
        for version in versions:
            if number(first) <= number(version) <= number(last):
                out[version][name] = (kind, default, since, description)
    return out


def ranges(by_version: dict[str, dict[str, Row]]) -> list[Row]:
    """One row for each run of versions in which an option is the same."""
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
            kind, default, since, description = row
            out.append((name, run[0], version, category(name), kind, default, since, description))
            run = []
    return out


def main() -> None:
    by_version = known()
    for argument in sys.argv[1:]:
        version, jars = argument.split("=", 1)
        by_version[version] = extract(Path(jars))
        print(f"{version}: {len(by_version[version])} options", file=sys.stderr)
    versions = " ".join(sorted(by_version, key=number))
    lines = ["\t".join(row) for row in ranges(by_version)]
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text(HEAD + f"# versions: {versions}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{DATA}: {len(lines)} lines, {DATA.stat().st_size} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/spark-environment.sh VERSION VENV: a fresh environment with that PySpark and what its Connect client takes.
# Spark 3.5 comes without its Connect server: Ivy, which comes with it, gets that jar.
set -euo pipefail
version=$1 venv=$2
case $version in
  # Its Python workers need distutils' successor in setuptools, its client older NumPy, pandas and PyArrow.
  3.*) packages=('numpy<2' 'pandas<2.3' 'pyarrow<19' 'setuptools<80') ;;
  *) packages=('pandas<3') ;;
esac
rm -rf "$venv"
mkdir -p "$(dirname "$venv")"
"${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/pip" install -q --no-cache-dir "pyspark[connect]==$version" "${packages[@]}"

jars=$("$venv/bin/python" -c 'import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent / "jars")')
if ! compgen -G "$jars/spark-connect_*.jar" >/dev/null; then
  core=("$jars"/spark-core_*.jar) ivy=("$jars"/ivy-*.jar)
  scala=${core[0]##*spark-core_}
  scala=${scala%%-*}
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -jar "${ivy[0]}" -cache "$venv/ivy" -notransitive -types jar \
    -dependency org.apache.spark "spark-connect_$scala" "$version" -retrieve "$jars/[artifact]-[revision].[ext]"
  rm -rf "$venv/ivy"
  compgen -G "$jars/spark-connect_*.jar" >/dev/null || { echo "there is no Spark Connect server for $version" >&2; exit 1; }
fi

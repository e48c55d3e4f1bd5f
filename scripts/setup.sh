#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that a step needs and that are missing, and checks the tools that Debian lacks.
#   scripts/setup.sh run|test|lint|fuzz|bench
# Installs with apt where root or password-less sudo is there; else says what to install and ends with 1.
set -euo pipefail

# A package, and after the colon a command that is as good as it wherever that came from.
run_packages=(
  g++:g++ cmake:cmake ninja-build:ninja pkg-config:pkg-config ccache:ccache mold:mold
  libboost1.81-dev libboost-container1.81-dev libboost-json1.81-dev libboost-system1.81-dev libboost-url1.81-dev
  libre2-dev libssl-dev libspdlog-dev libfmt-dev libcli11-dev libnghttp2-dev libyaml-cpp-dev python3-venv
)
test_packages=(
  "${run_packages[@]}" libgtest-dev libgmock-dev chromium fonts-noto-color-emoji
  openssl:openssl cargo-web:cargo rustc-web:rustc protobuf-compiler:protoc libprotobuf-dev
)
lint_packages=("${test_packages[@]}" clang-format-14 clang-tidy-14 shellcheck:shellcheck)
fuzz_packages=("${run_packages[@]}" clang-14 libclang-rt-14-dev)
bench_packages=("${run_packages[@]}" libgrpc++-dev nginx:nginx nghttp2-proxy:nghttpx)
declare -A service_of=([nginx]=nginx [nghttp2-proxy]=nghttpx)

fail() { printf 'setup: %s\n' "$@" >&2; exit 1; }

missing_packages() {
  local entry
  for entry in "$@"; do
    if [[ $entry == *:* ]] && command -v "${entry#*:}" >/dev/null; then continue; fi
    [[ $(dpkg-query -W -f '${db:Status-Status}' "${entry%%:*}" 2>/dev/null) == installed ]] || echo "${entry%%:*}"
  done
}

check_tools() {
  local python=${PYTHON:-python3} node_version
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "Python 3.11 or newer is needed; '$python' is not one." "Install it, or name yours: make PYTHON=/path/to/python3 …"
  node_version=$(node --version 2>/dev/null || true)
  node_version=${node_version#v}
  [[ ${node_version%%.*} =~ ^[0-9]+$ && ${node_version%%.*} -ge 20 ]] ||
    fail "Node.js 20 or newer is needed to build the panel; found: ${node_version:-none}." "Install it from nodejs.org and put it on PATH."
}

apt_install() {
  local as_root=()
  if [[ $EUID -ne 0 ]]; then
    sudo -n true 2>/dev/null || fail "these Debian packages are missing, and there is no right to install them here. Run:" \
      "  sudo apt-get install --no-install-recommends $*"
    as_root=(sudo -n)
  fi
  echo "setup: installing Debian packages: $*"
  local log=build/setup-apt.log
  mkdir -p build
  {
    "${as_root[@]}" apt-get -qq update &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends "$@"
  } >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "apt-get failed; all it said is in $log"; }
}

# Debian starts a server as it installs it; the benchmark starts its own, so those that we brought go off again.
stop_services() {
  local package as_root=()
  [[ -d /run/systemd/system ]] || return 0
  [[ $EUID -eq 0 ]] || as_root=(sudo -n)
  for package in "$@"; do
    [[ -z ${service_of[$package]:-} ]] || "${as_root[@]}" systemctl --quiet disable --now "${service_of[$package]}"
  done
}

case ${1:-} in
  run) wanted=("${run_packages[@]}") ;;
  test) wanted=("${test_packages[@]}") ;;
  lint) wanted=("${lint_packages[@]}") ;;
  fuzz) wanted=("${fuzz_packages[@]}") ;;
  bench) wanted=("${bench_packages[@]}") ;;
  *) fail "usage: scripts/setup.sh run|test|lint|fuzz|bench" ;;
esac

check_tools
if command -v dpkg-query >/dev/null; then
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  if [[ ${#missing[@]} -gt 0 ]]; then
    apt_install "${missing[@]}"
    stop_services "${missing[@]}"
  fi
else
  echo "setup: not a Debian system; docs/dev/newcomers-map.md says which libraries are needed (vcpkg.json has them too)"
fi

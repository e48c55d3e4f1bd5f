# SPDX-License-Identifier: Apache-2.0
"""The version, from the installed package's metadata (its one source is the root CMakeLists.txt)."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("firesteel")
except PackageNotFoundError:  # imported from a source tree that was never installed
    __version__ = "0.0.0"

# SPDX-License-Identifier: Apache-2.0
"""Certificates for tests, made by the openssl command."""

from __future__ import annotations

import subprocess
from pathlib import Path

ELLIPTIC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


class Authority:
    """Vouches for the certificates that it makes; `file` is its own."""

    def __init__(self, directory: Path, name: str = "ca") -> None:
        self.directory = directory
        self.name = name
        self.file, self._key = directory / f"{name}.pem", directory / f"{name}.key"
        subject = f"/CN=Authority {name}"
        openssl("req", "-x509", *ELLIPTIC, "-subj", subject, "-days", "2", "-keyout", self._key, "-out", self.file)

    @property
    def roots(self) -> bytes:
        return self.file.read_bytes()

    def certify(
        self, name: str = "server", names: str = "DNS:localhost,IP:127.0.0.1", days: int = 2
    ) -> tuple[Path, Path]:
        """The files of a certificate and its key; with `days` below zero it has expired."""
        certificate, key, request, extensions = (
            self.directory / f"{self.name}-{name}{end}" for end in (".pem", ".key", ".csr", ".ext")
        )
        openssl("req", "-new", *ELLIPTIC, "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        extensions.write_text(f"subjectAltName={names}\n")
        signed_by = ("-CA", self.file, "-CAkey", self._key)
        validity = ("-days", str(days), "-extfile", extensions)
        openssl("x509", "-req", "-in", request, *signed_by, *validity, "-out", certificate)
        return certificate, key

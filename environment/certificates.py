"""A certificate authority of our own, so that tests can hold clients to checking certificates.

Made with openssl's command line in a few milliseconds; the keys are worth nothing and stay in the
folder of the server that uses them.
"""

from pathlib import Path
from typing import NamedTuple

from . import commands

DAYS = "3650"
NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1"
CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Certificate(NamedTuple):
    """Paths of PEM files. Give ``ca`` to clients that should trust the server."""

    ca: Path
    certificate: Path
    key: Path


def ensure(folder: Path) -> Certificate:
    """The certificate for ``localhost`` and 127.0.0.1 in that folder, made on first use."""
    made = Certificate(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    if not made.certificate.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make_authority(made.ca, folder / "ca.key")
        _make_server(made, folder)
    return made


def _make_authority(ca: Path, key: Path) -> None:
    words = ["req", "-x509", *CURVE, "-keyout", key, "-out", ca, "-days", DAYS]
    _openssl(*words, "-subj", "/CN=mail_task_import test authority")


def _make_server(made: Certificate, folder: Path) -> None:
    request, extensions = folder / "server.csr", folder / "server.ext"
    extensions.write_text(f"{NAMES}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
    _openssl("req", *CURVE, "-keyout", made.key, "-out", request, "-subj", "/CN=localhost")
    signing = ["x509", "-req", "-in", request, "-CA", made.ca, "-CAkey", folder / "ca.key"]
    out = ["-CAcreateserial", "-days", DAYS, "-extfile", extensions, "-out", made.certificate]
    _openssl(*signing, *out)


def _openssl(*words: str | Path) -> None:
    commands.run([commands.find("openssl"), *words], "Making a certificate")

"""A cluster that only those with its certificates can join or use."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cluster_running import Cluster, cluster, tree, write_edition
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_TLS = "DASK_DISTRIBUTED__COMM__TLS__"


def certificates(folder: Path) -> dict[str, str]:
    """A key and a certificate that speaks for itself; Dask's settings for both ends, as environment variables."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "press")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    own = {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true", f"{_TLS}CA_FILE": str(folder / "cert.pem")}
    for end in ("SCHEDULER", "WORKER", "CLIENT"):
        own[f"{_TLS}{end}__KEY"] = str(folder / "key.pem")
        own[f"{_TLS}{end}__CERT"] = str(folder / "cert.pem")
    return own


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler that asks for a certificate, and a worker that has it."""
    with cluster(tmp_path / "cluster", certificates(tmp_path / "certificates")) as made:
        made.add()
        yield made


def test_with_the_certificates_it_builds(closed: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_edition(tmp_path / "source", "bay")
    assert closed.address.startswith("tls://")
    done = closed.publish("--format", "web", "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "bay/index.html" in tree(tmp_path / "out")


def test_with_others_it_is_refused_in_a_line(closed: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_edition(tmp_path / "source", "bay")
    others = certificates(tmp_path / "others")
    soon = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"}
    done = closed.publish("--format", "web", "--out", "out", **others, **soon)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"error: no scheduler at {closed.address}: ")
    assert not (tmp_path / "out" / "bay").exists()

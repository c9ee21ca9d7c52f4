"""Certificates that are not to be believed, and the exception a line of the register can make."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.faults.driving import drive
from tests.faults.web import FaultWeb, listing, story

pytestmark = pytest.mark.crawl

NOW = datetime.now(UTC)
REASON = "urząd od lat nie odnawia certyfikatu"


class Authority:
    """A certificate authority for one test; the crawler believes it by SSL_CERT_FILE."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Urząd próbny")])
        own = self._build(self._name, self._key, ca=True).sign(self._key, hashes.SHA256())
        self.file = folder / "authority.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str, *, days: int = 30, signed: bool = True) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        builder = self._build(name, key, ca=False, days=days, issuer=self._name if signed else name)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        certificate = builder.sign(self._key if signed else key, hashes.SHA256())
        file = self.folder / f"{host}{days}{signed}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _build(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        ca: bool,
        days: int = 30,
        issuer: x509.Name | None = None,
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer or name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=60))
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )


def test_n25_a_certificate_that_is_not_to_be_believed_is_refused_but_where_the_register_says_otherwise(
    tmp_path: Path,
) -> None:
    authority = Authority(tmp_path)
    contexts = {
        "dobry.test": authority.context("dobry.test"),
        "wlasny.test": authority.context("wlasny.test", signed=False),
        "stary.test": authority.context("stary.test", days=-5),
        "inny.test": authority.context("zupelnie-inny.test"),
        "wyjatek.test": authority.context("wyjatek.test", signed=False),
    }
    web = FaultWeb(tls=contexts["dobry.test"])

    def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = contexts[name or "dobry.test"]

    assert web.tls is not None
    web.tls.set_servername_callback(choose)
    for host in contexts:
        excepted = {"certificate_not_checked": REASON} if host == "wyjatek.test" else {}
        web.office(host, url=f"https://{host}/news.html", **excepted)
        web.put(host, "/news.html", listing("/news,1,x.html"))
        web.put(host, "/news,1,x.html", story(host))
    with web:
        ended = drive(
            web,
            tmp_path / "data",
            environment={"SSL_CERT_FILE": str(authority.file)},
            WIESCI_PRACTICE_TLS_PORT=web.tls_port,
            RETRY_TIMES=0,
        )
    assert ended.end("https://dobry.test/news,1,x.html") == "stored"
    assert ended.visits("https://dobry.test/news,1,x.html")[0]["detail"] is None
    for host in ("wlasny.test", "stary.test", "inny.test"):
        assert ended.end(f"https://{host}/robots.txt", "robots") == "bad_certificate"
        assert ended.end(f"https://{host}/news.html", "list") == "bad_certificate"
        assert not web.asked(host)
    (visit,) = ended.visits("https://wyjatek.test/news,1,x.html")
    assert (visit["outcome"], visit["detail"]) == ("stored", f"certificate not checked: {REASON}")

"""Certificates of a CA that vouches for this machine's own servers, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey

_CA_LIFE = timedelta(days=3650)
_SERVER_LIFE = timedelta(days=397)  # the most that browsers take
_RENEWAL = timedelta(days=30)
_SKEW = timedelta(hours=1)  # clients whose clock is behind


class Signed(NamedTuple):
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: Key


def new_key() -> Key:
    """A private key that every client of today understands."""
    return ec.generate_private_key(ec.SECP256R1())


def new_authority(key: Key, now: datetime) -> Signed:
    """A CA's certificate of its own key; another one of the same key is trusted just as well."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "entrasim local CA")])
    built = _certificate(name, key, now, _CA_LIFE).issuer_name(name)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    built = built.add_extension(_usage(signs_certificates=True), critical=True)
    built = built.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
    )
    return Signed(built.sign(key, hashes.SHA256()), key)


def new_server(authority: Signed, names: Iterable[str], now: datetime) -> Signed:
    """A server's certificate for DNS names and addresses, ending before its CA does."""
    known, key = list(dict.fromkeys(names)), new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "entrasim")])
    life = min(_SERVER_LIFE, authority.certificate.not_valid_after_utc - now)
    built = _certificate(name, key, now, life).issuer_name(authority.certificate.subject)
    built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    built = built.add_extension(_usage(signs_certificates=False), critical=True)
    built = built.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
    )
    built = built.add_extension(
        x509.SubjectAlternativeName([_alternative(name) for name in known]), critical=False
    )
    built = built.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
        critical=False,
    )
    return Signed(built.sign(authority.key, hashes.SHA256()), key)


def serves(server: Signed, authority: Signed, names: Iterable[str], now: datetime) -> bool:
    """Whether a certificate is the CA's, for all these names, and good for a while."""
    certificate = server.certificate
    try:
        certificate.verify_directly_issued_by(authority.certificate)
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    wanted = {_alternative(name) for name in names}
    ends = min(certificate.not_valid_after_utc, authority.certificate.not_valid_after_utc)
    return wanted <= set(found.value) and (
        certificate.not_valid_before_utc <= now < ends - _RENEWAL
    )


def in_pem(certificate: x509.Certificate) -> bytes:
    """A certificate as text."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def key_in_pem(key: Key) -> bytes:
    """A private key as text; for its owner alone."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def key_from(pem: bytes) -> Key:
    """The private key that a text holds.

    Raises:
        ValueError: it holds none of this kind.
    """
    found = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise ValueError("it is another kind of key")  # noqa: TRY004 - a value of a file
    return found


def _certificate(
    name: x509.Name, key: Key, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode())

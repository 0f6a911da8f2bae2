"""Certificates as Open Badges 3.0 credentials, signed. No Django, clock or randomness.

W3C Verifiable Credentials Data Model 2.0; 1EdTech Open Badges 3.0; Data Integrity EdDSA Cryptosuites 1.0,
suite eddsa-jcs-2022 (§3.3): SHA-256 of the proof's own fields, then of the document, each as canonical JSON
(RFC 8785), signed with Ed25519 (RFC 8032). Status: W3C Bitstring Status List 1.0.
"""

import base64
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kepu.kit.canonical import canonical_json

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_V3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTROLLED_IDENTIFIERS_V1 = "https://www.w3.org/ns/cid/v1"
# Bitstring Status List 1.0 §2.2: at least 16 KB, so that one entry hides among many.
STATUS_BITS = 131_072
STATUS_SECONDS = 300
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519_PUBLIC = b"\xed\x01"  # multicodec, as Multikey has it


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: the organ's name and the public address of its issuer document."""

    name: str
    address: str

    @property
    def key_address(self) -> str:
        """Where the public key stands (`verificationMethod`)."""
        return f"{self.address}#key-1"


@dataclass(frozen=True, slots=True)
class Credited:
    """What a credential says. Addresses are whole. The name goes in as a salted hash only."""

    address: str
    serial: str
    title: str
    description: str
    criteria: str
    achievement: str
    name: str
    salt: str
    issued_at: datetime
    status_list: str
    status_index: int


def credential(said: Credited, issuer: Issuer, seed: bytes) -> dict[str, Any]:
    """An OpenBadgeCredential for one certificate, with its proof.

    Whoever is told the name can check it: sha256 over name and salt (Open Badges 3.0, IdentityObject).
    """
    hashed = hashlib.sha256((said.name + said.salt).encode()).hexdigest()
    body = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_V3],
        "id": said.address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": said.title,
        "issuer": {"id": issuer.address, "type": ["Profile"], "name": issuer.name},
        "validFrom": moment(said.issued_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": f"sha256${hashed}",
                    "identityType": "name",
                    "salt": said.salt,
                }
            ],
            "licenseNumber": said.serial,
            "achievement": {
                "id": said.achievement,
                "type": ["Achievement"],
                "name": said.title,
                "description": said.description,
                "criteria": {"id": said.criteria, "narrative": said.description},
            },
        },
        "credentialStatus": {
            "id": f"{said.status_list}#{said.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(said.status_index),
            "statusListCredential": said.status_list,
        },
    }
    return signed(body, issuer.key_address, said.issued_at, seed)


def status_credential(
    address: str, issuer: Issuer, revoked: Iterable[int], at: datetime, seed: bytes
) -> dict[str, Any]:
    """A BitstringStatusListCredential whose bits of revoked entries are 1; `at`: when it last changed."""
    body = {
        "@context": [CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.address,
        "validFrom": moment(at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list(revoked),
            "ttl": STATUS_SECONDS * 1000,
        },
    }
    return signed(body, issuer.key_address, at, seed)


def issuer_document(issuer: Issuer, seed: bytes) -> dict[str, Any]:
    """The controlled identifier document of an organ: its name and the key it signs credentials with."""
    return {
        "@context": [CONTROLLED_IDENTIFIERS_V1, OPEN_BADGES_V3],
        "id": issuer.address,
        "type": ["Profile"],
        "name": issuer.name,
        "verificationMethod": [
            {
                "id": issuer.key_address,
                "type": "Multikey",
                "controller": issuer.address,
                "publicKeyMultibase": public_multikey(seed),
            }
        ],
        "assertionMethod": [issuer.key_address],
    }


def encoded_list(revoked: Iterable[int]) -> str:
    """STATUS_BITS bits, index 0 the left-most, gzipped, as multibase base64url."""
    bits = bytearray(STATUS_BITS // 8)
    for index in revoked:
        assert 0 <= index < STATUS_BITS
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def signed(body: Mapping[str, Any], key_address: str, at: datetime, seed: bytes) -> dict[str, Any]:
    """The document with an eddsa-jcs-2022 proof; `seed` is the Ed25519 private key (32 bytes)."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": moment(at),
        "verificationMethod": key_address,
        "proofPurpose": "assertionMethod",
        "@context": body["@context"],
    }
    hashed = b"".join(hashlib.sha256(canonical_json(part)).digest() for part in (proof, dict(body)))
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(hashed)
    return {**body, "proof": {**proof, "proofValue": "z" + base58(signature)}}


def public_multikey(seed: bytes) -> str:
    """The public key of a seed as a Multikey: z, then base58 of 0xed01 and 32 bytes."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return "z" + base58(_ED25519_PUBLIC + public)


def base58(raw: bytes) -> str:
    """Base58 with Bitcoin's alphabet; each leading zero byte is a 1."""
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\x00"))) + text


def moment(at: datetime) -> str:
    """A moment as XML Schema's dateTimeStamp in UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

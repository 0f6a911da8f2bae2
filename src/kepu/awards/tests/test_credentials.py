"""Credentials: the published vector of eddsa-jcs-2022, and a check written apart from the code that signs."""

import base64
import gzip
import hashlib
import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kepu.awards.rules.credentials import (
    STATUS_BITS,
    Credited,
    Issuer,
    base58,
    credential,
    encoded_list,
    issuer_document,
    public_multikey,
    signed,
    status_credential,
)

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# W3C, Data Integrity EdDSA Cryptosuites 1.0, appendix B.2 (TestVectors/eddsa-jcs-2022, keyPair.json).
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
ALUMNI = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
PROOF_VALUE = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
SEED = bytes(range(32))
AT = datetime(2021, 12, 10, 1, 2, 3, 400, tzinfo=UTC)
ISSUER = Issuer("华容县科学技术协会", "https://kepu.example.cn/credentials/issuers/1/")
SAID = Credited(
    address="https://kepu.example.cn/certificates/0123456789abcdefghjk/",
    serial="华科协证〔2021〕0001号",
    title="华容县优秀科普员",
    description="县级第 1 名",
    criteria="https://kepu.example.cn/campaigns/chaqi-2021/",
    achievement="https://kepu.example.cn/rounds/chaqi-2021/annual/?scope=430623",
    name="王一明",
    salt="0123",
    issued_at=AT,
    status_list="https://kepu.example.cn/credentials/status/1/1/",
    status_index=94567,
)


def unbase58(text):
    """Bytes of a base58 text, digit by digit in a list: not the arithmetic of the code under test."""
    digits = [0]
    for sign in text:
        carry = ALPHABET.index(sign)
        for place, digit in enumerate(digits):
            carry += digit * 58
            digits[place], carry = carry & 255, carry >> 8
        while carry:
            digits.append(carry & 255)
            carry >>= 8
    zeros = len(text) - len(text.lstrip("1"))
    return b"\x00" * zeros + bytes(reversed(digits)).lstrip(b"\x00")


def jcs(value):
    """RFC 8785 for objects, lists, text, whole numbers and truth values, written out here."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{jcs(key)}:{jcs(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(jcs(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def check(document, multikey):
    """Raises InvalidSignature unless the proof of a document was made with the key behind `multikey`."""
    proof = dict(document["proof"])
    value = proof.pop("proofValue")
    assert (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", "eddsa-jcs-2022")
    assert proof["@context"] == document["@context"]
    body = {key: each for key, each in document.items() if key != "proof"}
    hashed = hashlib.sha256(jcs(proof).encode()).digest() + hashlib.sha256(jcs(body).encode()).digest()
    raw = unbase58(multikey[1:])
    assert (multikey[0], value[0], raw[:2]) == ("z", "z", b"\xed\x01")
    Ed25519PublicKey.from_public_bytes(raw[2:]).verify(unbase58(value[1:]), hashed)


def test_the_published_vector_comes_out_to_the_letter():
    seed = unbase58(PRIVATE[1:])[2:]
    assert public_multikey(seed) == PUBLIC
    made = signed(ALUMNI, f"did:key:{PUBLIC}#{PUBLIC}", datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC), seed)
    assert made["proof"]["proofValue"] == PROOF_VALUE
    check(made, PUBLIC)


def test_a_credential_is_what_the_issuer_s_document_says_it_is():
    made = json.loads(json.dumps(credential(SAID, ISSUER, SEED)))
    document = issuer_document(ISSUER, SEED)
    [method] = document["verificationMethod"]
    assert made["proof"]["verificationMethod"] == method["id"] == document["assertionMethod"][0]
    assert made["issuer"]["id"] == document["id"] == method["controller"]
    assert made["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert made["validFrom"] == "2021-12-10T01:02:03Z"
    check(made, method["publicKeyMultibase"])


def test_a_credential_names_nobody_but_proves_the_name_to_whoever_is_told():
    made = credential(SAID, ISSUER, SEED)
    assert "王一明" not in json.dumps(made, ensure_ascii=False)
    [identity] = made["credentialSubject"]["identifier"]
    told = hashlib.sha256(f"王一明{identity['salt']}".encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${told}"


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made["credentialSubject"].update(licenseNumber="华科协证〔2021〕0002号"),
        lambda made: made.update(validFrom="2021-12-11T01:02:03Z"),
        lambda made: made["credentialStatus"].update(statusListIndex="1"),
        lambda made: made["proof"].update(created="2020-01-01T00:00:00Z"),
        lambda made: made["proof"].update(proofValue="z" + base58(bytes(64))),
    ],
)
def test_whatever_is_changed_shows(change):
    made = json.loads(json.dumps(credential(SAID, ISSUER, SEED)))
    change(made)
    with pytest.raises(InvalidSignature):
        check(made, public_multikey(SEED))


def test_the_status_list_has_a_bit_for_each_that_was_revoked():
    made = status_credential(SAID.status_list, ISSUER, [0, 94567, STATUS_BITS - 1], AT, SEED)
    check(made, public_multikey(SEED))
    assert made["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    coded = made["credentialSubject"]["encodedList"]
    assert coded[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(coded[1:] + "=" * (-len(coded[1:]) % 4)))
    assert len(bits) == 16 * 1024
    text = "".join(f"{byte:08b}" for byte in bits)
    assert [place for place, bit in enumerate(text) if bit == "1"] == [0, 94567, STATUS_BITS - 1]
    entry = credential(SAID, ISSUER, SEED)["credentialStatus"]
    assert text[int(entry["statusListIndex"])] == "1"
    assert entry["statusPurpose"] == made["credentialSubject"]["statusPurpose"] == "revocation"


def test_an_empty_list_is_the_same_bytes_every_time():
    assert encoded_list([]) == encoded_list([])


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\x00\x00\x01", b"\xff" * 40, b"\x00" * 5 + b"ab"])
def test_base58_comes_back(raw):
    assert unbase58(base58(raw)) == raw

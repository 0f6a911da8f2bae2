"""What is sealed opens only with its key and binding; what is signed cannot be changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.kit import crypto

KEY, OTHER = bytes(32), bytes([1]) * 32
keys = st.binary(min_size=32, max_size=32)


@given(keys, st.text(), st.text())
def test_what_is_sealed_opens_again(key, plain, bound_to):
    assert crypto.unseal(key, crypto.seal(key, plain, bound_to), bound_to) == plain


def test_the_same_text_is_sealed_differently_each_time():
    assert crypto.seal(KEY, "13800001234", "phone") != crypto.seal(KEY, "13800001234", "phone")


def test_another_key_another_binding_or_a_changed_byte_opens_nothing():
    sealed = crypto.seal(KEY, "13800001234", "phone")
    assert crypto.unseal(OTHER, sealed, "phone") is None
    assert crypto.unseal(KEY, sealed, "outbox") is None
    assert crypto.unseal(KEY, sealed[:-1] + bytes([sealed[-1] ^ 1]), "phone") is None


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(12), bytes(28)])
def test_rubbish_opens_nothing(sealed):
    assert crypto.unseal(KEY, sealed, "phone") is None


@given(keys, st.binary(max_size=60))
def test_what_is_signed_is_read_again(key, body):
    assert crypto.unsign(key, "link", crypto.sign(key, "link", body)) == body


def test_a_token_of_one_kind_is_no_token_of_another():
    assert crypto.unsign(KEY, "session", crypto.sign(KEY, "link", b"body")) is None
    assert crypto.unsign(OTHER, "link", crypto.sign(KEY, "link", b"body")) is None


@given(st.binary(min_size=1, max_size=30), st.data())
def test_no_character_of_a_token_can_be_changed(body, data):
    token = crypto.sign(KEY, "link", body)
    place = data.draw(st.integers(0, len(token) - 1))
    letters = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    changed = token[:place] + data.draw(letters) + token[place + 1 :]
    assert (crypto.unsign(KEY, "link", changed) == body) == (changed == token)


@given(st.text(max_size=80))
def test_whatever_people_send_as_a_token_is_only_refused(text):
    assert crypto.unsign(KEY, "link", text) is None


def test_a_signature_has_one_spelling():
    token = crypto.sign(KEY, "link", b"body")
    assert crypto.unsign(KEY, "link", token + "=") is None
    assert crypto.unsign(KEY, "link", token + "\n") is None


def test_a_blind_index_is_found_again_and_says_nothing_without_the_key():
    assert crypto.blind_index(KEY, "13800001234") == crypto.blind_index(KEY, "13800001234")
    assert crypto.blind_index(KEY, "13800001234") != crypto.blind_index(OTHER, "13800001234")


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_two_lists_share_a_digest_only_when_equal(left, right):
    assert (crypto.digest(*left) == crypto.digest(*right)) == (left == right)

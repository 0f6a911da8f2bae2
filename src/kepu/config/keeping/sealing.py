"""A stream sealed with a passphrase: Scrypt makes the key, AES-256-GCM seals a piece after the other.

Magic, salt, then pieces of PIECE bytes, each with a tag of 16. The nonce is the piece's number and whether it
is the last: pieces that were moved, left out or cut off at the end do not open. Memory: a few pieces.
"""

import io
import os
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from kepu.config.keeping.telling import Trouble

MAGIC = b"KEPUSEALED1\n"
PIECE = 1_048_576
PASSPHRASE_MIN = 8
_SALT, _TAG = 16, 16
# 128 MB of memory and half a second for each guess.
_COST = 2**17
WRONG = "口令不对，或者文件开头损坏了。"
DAMAGED = "备份文件损坏或不完整，没有恢复任何东西。请换一份备份。"


class Written(Protocol):
    """Whatever takes bytes."""

    def write(self, piece: bytes, /) -> int:
        """The bytes are taken."""


class Sealer(io.RawIOBase):
    """Takes the plain stream and writes the sealed one; whole only after `finish`."""

    def __init__(self, file: Written, passphrase: str) -> None:
        salt = os.urandom(_SALT)
        self._cipher, self._file = _cipher(passphrase, salt), file
        self._held, self._number = bytearray(), 0
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, piece: "bytes | memoryview", /) -> int:  # type: ignore[override]
        """All of it is taken."""
        self._held += piece
        while len(self._held) > PIECE:
            self._put(self._held[:PIECE], is_last=False)
            del self._held[:PIECE]
        return len(piece)

    def finish(self) -> None:
        """The stream has its end."""
        self._put(self._held, is_last=True)

    def _put(self, plain: bytearray, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last), bytes(plain), MAGIC))
        self._number += 1


class Unsealer(io.RawIOBase):
    """The plain stream of a sealed one, whose magic has been read; `Trouble` where it does not open."""

    def __init__(self, file: "io.BufferedReader[Any]", passphrase: str) -> None:
        self._cipher, self._file = _cipher(passphrase, file.read(_SALT)), file
        self._ready, self._number, self._ended = b"", 0, False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        """As `io.RawIOBase`: 0 at the end, and only there."""
        while not self._ready and not self._ended:
            self._open_next()
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _open_next(self) -> None:
        sealed = self._file.read(PIECE + _TAG)
        self._ended = not self._file.peek(1)
        try:
            self._ready = self._cipher.decrypt(_nonce(self._number, self._ended), sealed, MAGIC)
        except InvalidTag:
            raise Trouble(DAMAGED if self._number else WRONG) from None
        self._number += 1


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    key = Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
    return AESGCM(key)

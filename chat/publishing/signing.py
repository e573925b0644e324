"""Signatures of receipts: Ed25519 (RFC 8032), with a key of the archive that is made once and kept in its folder."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chat.errors import ReceiptError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_FILE = "receipts.key"  # the private key in hex, readable by its owner alone
_KEY_BYTES = 32


def signed(data: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The receipt with the signature of its hash by the archive's key, which is made when there is none."""
    key = _key_of(folder)
    signature = {"public_key": _public(key), "value": key.sign(_message(data)).hex()}
    return {**data, "signature": signature}


def public_key(folder: Path) -> str:
    """The public key of an archive, in hex; made when there is none. Raises ReceiptError."""
    return _public(_key_of(folder))


def signer_of(data: Mapping[str, Any]) -> str | None:
    """The public key, in hex, of who signed a receipt; None when nobody did.

    Raises ReceiptError when the signature is not of this receipt.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if "signature" not in data:
        return None
    try:
        public = bytes.fromhex(data["signature"]["public_key"])
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(data["signature"]["value"]), _message(data))
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise ReceiptError("the signature is not of this receipt: one of the two was altered") from error
    return public.hex()


def _message(data: Mapping[str, Any]) -> bytes:
    return f"dateline receipt {data['sha256']}".encode("ascii", "replace")


def _public(key: "Ed25519PrivateKey") -> str:
    return key.public_key().public_bytes_raw().hex()


def _key_of(folder: Path) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = folder / KEY_FILE
    try:
        if not path.exists():
            _keep(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
        raw = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise ReceiptError(f"{path} cannot be used ({error}); mend that, or move it away to get a new key") from error
    if len(raw) != _KEY_BYTES:
        raise ReceiptError(f"{path} is no key; move it away to get a new one")
    return Ed25519PrivateKey.from_private_bytes(raw)


def _keep(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        os.fsync(file.fileno())
    try:
        path.hardlink_to(new)  # another process may have made the key in the meantime
    except FileExistsError:
        pass
    finally:
        new.unlink()

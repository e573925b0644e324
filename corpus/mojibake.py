"""Mojibake: text in UTF-8 that was once decoded as windows-1252, found and repaired."""

import re

# What 0x80 to 0xBF look like as windows-1252; five of them are control characters there.
_CONTINUATION = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0))
_MOJIBAKE_STARTS = "ÂÃÐÑâ"
_MOJIBAKE = re.compile(f"(?:[ÂÃÐÑ][{re.escape(_CONTINUATION)}]|â€[{re.escape(_CONTINUATION)}])+")


def mend_mojibake(text: str) -> str:
    """Repair UTF-8 that was decoded as windows-1252: `â€™` is an apostrophe."""
    if text.isascii() or not any(letter in text for letter in _MOJIBAKE_STARTS):  # far quicker than the expression
        return text
    return _MOJIBAKE.sub(lambda match: _mended(match[0]), text)


def _mended(letters: str) -> str:
    single = (letter.encode("cp1252") if ord(letter) > 255 else letter.encode("latin-1") for letter in letters)
    try:
        return b"".join(single).decode("utf-8")
    except UnicodeError:
        return letters

"""
Whole text messages found in the bytes of a WebSocket; everything else is left to a WebSocket library.

Nearly all that a server sends is one text message to a frame. Such a frame is easily found, and costs a library ten
times as much. Control frames, fragments and whatever is wrong are passed on as they came.

Source: RFC 6455, section 5.2.
"""

from __future__ import annotations

_WHOLE_TEXT = 0x81  # the last frame of a text message, and so the whole of one that began in it
_TEXT, _BINARY, _CONTINUATION = 1, 2, 0
_FINAL, _OPCODE, _MASKED = 0x80, 0x0F, 0x80


class FrameScan:
    """
    Give it bytes by ``feed``; then take messages until there is none, pass on what is passed, and so on.

    Args:
        longest: Bytes of the longest message that is taken. What is longer is passed on, for the library to refuse;
            with -1 that is everything.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._data = b""
        self._at: int = 0  # how far _data has been read; always at the begin of a frame, or in one that is passed on
        self._late = bytearray()  # an incomplete message, which misses so many bytes
        self._missing: int = 0
        self._left: int = 0  # bytes of the frame that is being passed on
        self._is_fragmented: bool = False  # within a message of several frames

    def feed(self, data: bytes) -> None:
        """Take the bytes that arrived next."""
        if self._missing > 0:
            self._late += data
            self._missing -= len(data)
            if self._missing > 0:
                return
            data = bytes(self._late)
            self._late.clear()
        elif self._at < len(self._data):
            data = self._data[self._at :] + data
        self._data = data
        self._at = 0

    def take(self) -> bytes | None:
        """Return the next message, ``None`` if it is incomplete or what comes next is none."""
        data, at = self._data, self._at
        size = len(data)
        if size < at + 2 or data[at] != _WHOLE_TEXT or self._left or self._is_fragmented:
            return None
        length = data[at + 1]
        start = at + 2
        if length > 125:
            start += 2 if length == 126 else 8
            if length > 127 or start > size:
                return None
            length = int.from_bytes(data[at + 2 : start])
        if length > self._longest:
            return None
        end = start + length
        if end > size:
            self._late += data[at:]
            self._missing = end - size
            self._data, self._at = b"", 0
            return None
        self._at = end
        return data[start:end]

    def passed(self) -> bytes:
        """Return what the library is to be given next, after ``take`` found no message; nothing if all was taken."""
        data, at = self._data, self._at
        if not self._left:
            if len(data) < at + 2:
                return b""
            start = at + _header_size(data[at + 1])
            if len(data) < start:
                return b""
            self._note(data[at])
            self._left = start - at + _length(data, at)
        end = min(at + self._left, len(data))
        self._left -= end - at
        self._at = end
        return data[at:end]

    def rest(self) -> bytes:
        """Give away what has been neither taken nor passed on, when nothing more will come."""
        rest = bytes(self._late) + self._data[self._at :]
        self._late.clear()
        self._data, self._at, self._missing = b"", 0, 0
        return rest

    def _note(self, first: int) -> None:
        opcode, is_final = first & _OPCODE, bool(first & _FINAL)
        if opcode in {_TEXT, _BINARY, _CONTINUATION}:
            self._is_fragmented = not is_final


def _header_size(second: int) -> int:
    length = second & ~_MASKED
    return 2 + (2 if length == 126 else 8 if length == 127 else 0) + (4 if second & _MASKED else 0)


def _length(data: bytes, at: int) -> int:
    length = data[at + 1] & ~_MASKED
    if length < 126:
        return length
    return int.from_bytes(data[at + 2 : at + (4 if length == 126 else 10)])

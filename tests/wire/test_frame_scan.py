"""The scan in front of the WebSocket library takes whole texts, passes everything else on, and loses no byte."""

import pytest
from frames import BORDERS, TEXT, frame, pieces, sessions
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.wire.frame_scan import FrameScan

LONGEST = 70_000


def text(content):
    return frame(TEXT, content)


def scanned(pieces, longest=LONGEST):
    """Feed *pieces*; return the messages taken and the bytes passed on, in order."""
    scan, found = FrameScan(longest), []
    for piece in pieces:
        scan.feed(piece)
        while True:
            message = scan.take()
            passed = b"" if message is not None else scan.passed()
            if message is not None:
                found.append(("text", message))
            elif passed and found and found[-1][0] == "passed":
                found[-1] = ("passed", found[-1][1] + passed)
            elif passed:
                found.append(("passed", passed))
            else:
                break
    return found, scan.rest()


@pytest.mark.parametrize("size", [*BORDERS, LONGEST])
def test_a_whole_text_frame_of_any_length_is_taken(size):
    """The length is written in one, three or nine bytes."""
    content = b"x" * size
    assert ([("text", content)] * 2, b"") == scanned([text(content) * 2])


@pytest.mark.parametrize("size", [126, 65_536])
def test_a_length_written_in_more_bytes_than_it_needs_is_read(size):
    """The library takes it too."""
    long = bytes([0x81, 127]) + size.to_bytes(8, "big") + b"x" * size
    assert ([("text", b"x" * size)], b"") == scanned([long])


def test_what_is_longer_than_the_longest_is_left_to_the_library_from_its_first_bytes_on():
    """It refuses the frame by its header; nothing is gathered for it before."""
    long = text(b"x" * (LONGEST + 1))
    assert ([("passed", long[:100])], b"") == scanned([long[:100]])


def test_a_masked_text_frame_is_left_to_the_library():
    """A server must not mask, and the library says so."""
    masked = frame(TEXT, b"hello", masked=True)
    assert ([("passed", masked)], b"") == scanned([masked])


@pytest.mark.parametrize("first", [0x01, 0x80, 0x82, 0x83, 0x88, 0x89, 0x8A, 0x91, 0xA1, 0xC1])
def test_every_frame_but_a_whole_text_is_left_to_the_library(first):
    """Fragments, binary and control frames, unknown kinds, and reserved bits."""
    other = frame(first, b"abc")
    assert ([("passed", other)], b"") == scanned([other])


def test_a_text_frame_within_a_message_of_several_frames_is_left_to_the_library():
    """It would be taken out of turn: the library says that a continuation was expected."""
    begun, end = frame(0x01, b"a"), frame(0x80, b"b")
    assert ([("passed", begun + text(b"x"))], b"") == scanned([begun + text(b"x")])
    assert ([("passed", begun + end), ("text", b"x")], b"") == scanned([begun + end + text(b"x")])


def test_a_scan_that_takes_nothing_passes_everything():
    """So it is when the library is to log every frame."""
    data = text(b"") + text(b"abc") + text(b"x" * 200)
    assert ([("passed", data)], b"") == scanned([data], longest=-1)


def test_a_large_frame_in_small_pieces_is_not_copied_anew_for_each():
    """With a mebibyte in pieces of a byte that would be a million copies: pieces that miss something are only kept."""
    content = b"x" * 20_000
    data = text(content)
    assert ([("text", content)], b"") == scanned([data[at : at + 1] for at in range(len(data))])


@given(st.data(), sessions)
def test_however_the_bytes_are_cut_the_same_is_found(data, session):
    """TCP knows no frames."""
    content = b"".join(session)[: data.draw(st.integers(0, 2_000))]
    assert scanned([content]) == scanned(pieces(data, content))


@given(st.data(), sessions)
def test_no_byte_is_lost_and_none_is_told_twice(data, session):
    """What is taken and what is passed, put together again, is what came."""
    content = b"".join(session)[: data.draw(st.integers(0, 2_000))]
    found, rest = scanned(pieces(data, content))
    assert content == b"".join(each if kind == "passed" else text(each) for kind, each in found) + rest

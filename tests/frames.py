"""WebSocket frames as a server writes them, right and wrong, and what the library alone says of them."""

from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.protocol import OPEN, State
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

TEXT, CLOSE = 0x81, 0x88
# Where the length of a frame is written in another way.
BORDERS = (0, 1, 125, 126, 127, 128, 65_535, 65_536)


def frame(first, content=b"", *, masked=False):
    """Return a frame that begins with the byte *first*, whether or not a server may send it."""
    size, mask = len(content), 0x80 if masked else 0
    if size < 126:
        length = bytes([mask | size])
    elif size < 1 << 16:
        length = bytes([mask | 126]) + size.to_bytes(2, "big")
    else:
        length = bytes([mask | 127]) + size.to_bytes(8, "big")
    return bytes([first]) + length + (bytes(4) if masked else b"") + content  # a mask of zeros changes nothing


def _sessions():
    good = st.builds(frame, st.just(TEXT), contents())
    fragments = st.builds(frame, st.sampled_from([0x01, 0x02, 0x00, 0x80]), contents())
    control = st.builds(frame, st.sampled_from([0x89, 0x8A]), st.binary(max_size=125))
    goodbye = st.builds(
        lambda code, reason: frame(CLOSE, code.to_bytes(2, "big") + reason),
        st.sampled_from([1000, 1001, 1005, 1008, 1011, 1012, 4000, 7]),
        st.sampled_from([b"", b"bye", b"\xff\xfe"]),
    )
    wrong = st.builds(frame, st.integers(0, 255), contents(), masked=st.booleans())
    whole = st.builds(frame, st.just(0x82), contents())
    return st.lists(st.one_of(good, good, good, good, control, fragments, whole, goodbye, wrong), max_size=10)


def contents():
    """Payloads, of which some are no UTF-8, and some lie at the borders of lengths."""
    return st.one_of(st.binary(max_size=6), st.sampled_from(BORDERS[:6]).map(lambda size: b"z" * size))


sessions = _sessions()
"""Lists of frames: mostly whole texts, some fragments and control frames, a few that are wrong."""


def pieces(data, content):
    """Cut *content* anywhere, as TCP does."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=12)))
    return [content[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True)]


def judged(content):
    """Let the library alone read *content* and then the end: messages, closing codes, and what it answers."""
    protocol = ClientProtocol(parse_uri("ws://stream.test/"), state=OPEN, max_size=1 << 20)
    protocol.receive_data(content)
    messages, message = [], b""
    for event in protocol.events_received():
        if event.opcode in {Opcode.TEXT, Opcode.BINARY, Opcode.CONT}:
            message += event.data
            if event.fin:
                messages.append(message)
                message = b""
    if protocol.state is not State.CLOSED:
        protocol.receive_eof()
    return messages, codes(protocol), understood(protocol.data_to_send())


def codes(protocol):
    """Return the codes with which both sides have closed."""
    return tuple(None if close is None else close.code for close in (protocol.close_rcvd, protocol.close_sent))


def understood(written):
    """Return the frames that a client wrote, as its server reads them."""
    server = ServerProtocol(state=OPEN, max_size=None)
    server.receive_data(b"".join(written))
    return [(event.opcode, bytes(event.data)) for event in server.events_received()]

"""Where secrets come into being, and where something is let out: noted and looked at, changed in nothing."""

import functools
import subprocess
import warnings

from _pytest.capture import CaptureFixture
from _pytest.raises import RaisesExc

import binance_margin_async.errors
from binance_margin_async.bus.dispatcher import Dispatcher
from binance_margin_async.client import MarginClient
from binance_margin_async.secret import Secret
from binance_margin_async.sim.streams.risk_streams import RiskStreams
from binance_margin_async.sim.streams.trade_streams import TradeStreams
from binance_margin_async.wire.signing import HmacSigner, OutsideSigner, PrivateKeySigner
from canary.bird import CANARY, shown
from canary.objects import look_at_objects, look_at_tasks

# How many clients of a test file are looked through: nearly all are built by the same fixtures.
_CLIENTS = 3
# How many events of a kind are looked at in a test file.
_EVENTS = 20
_CREDENTIALS = ("BINANCE_API_KEY", "BINANCE_API_SECRET", "BINANCE_PRIVATE_KEY", "BINANCE_PRIVATE_KEY_PASSPHRASE")


def watch():
    """Hang the canary into everything that makes or lets out a secret."""
    _watch_sources()
    for owner, name, seen in (
        # What pytest itself hands to a test is read by nobody else: expected errors, and what was printed.
        (RaisesExc, "__exit__", _on_expected_error),
        (CaptureFixture, "readouterr", lambda told, _self: CANARY.look(f"{told.out}{told.err}", "what was printed")),
        (
            warnings.WarningMessage,
            "__init__",
            lambda _, _self, text, *_rest, **_more: CANARY.look(f"{text}", "a warning"),
        ),
        (subprocess.Popen, "communicate", lambda told, *_, **_more: _on_output(*told)),
        (Dispatcher, "publish", lambda _, _self, event: _on_event(event)),
    ):
        _after(owner, name, seen)
    for kind in vars(binance_margin_async.errors).values():
        if isinstance(kind, type) and issubclass(kind, BaseException) and "__init__" in vars(kind):
            _after(kind, "__init__", _on_new_error)
    MarginClient.aclose = _looking_first(MarginClient.aclose)


def _watch_sources():
    _after(Secret, "__init__", lambda _, _self, text: CANARY.note(text, "key or secret", lasting=True))
    for signer in (HmacSigner, PrivateKeySigner, OutsideSigner):
        _after(signer, "sign", lambda signature, *_: CANARY.note(signature, "signature"))
    _after(TradeStreams, "mint", lambda minted, *_: CANARY.note(minted[0], "listen token"))
    _after(RiskStreams, "start_key", lambda key, *_: CANARY.note(key, "listen key"))
    _after(subprocess.Popen, "__init__", _on_process)


def _after(owner, name, seen):
    """Let *seen* have what *name* of *owner* returned and was given; nothing else changes."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def call(self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        seen(result, self, *args, **kwargs)
        return result

    setattr(owner, name, call)


def _looking_first(aclose):
    @functools.wraps(aclose)
    async def call(self):
        if CANARY.is_new(("a client", CANARY.file), _CLIENTS):
            look_at_objects(self)
            look_at_tasks()
        await aclose(self)

    return call


def _on_expected_error(was_expected, _self, _kind, error, _trace):
    if was_expected and error is not None:
        CANARY.look_at_error(error)


def _on_new_error(_, error, *args, **kwargs):
    CANARY.look(f"{shown(args)} {shown(kwargs)}", f"what makes the error {type(error).__name__}")


def _on_event(event):
    if CANARY.is_new((type(event), CANARY.file), _EVENTS):
        CANARY.look(shown(event), f"the event {type(event).__name__}")


def _on_process(_, _self, _command, *_rest, env=None, **_more):
    for name in _CREDENTIALS:
        CANARY.note((env or {}).get(name, ""), "key or secret", lasting=True)


def _on_output(*told):
    for text in told:
        CANARY.look(text.decode("utf-8", "replace") if isinstance(text, bytes) else text or "", "a process's output")

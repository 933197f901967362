"""Only the bytes that were signed pass, in time and with the right key."""

import hashlib
import hmac

import pytest

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.authentication import check_signature, check_time
from binance_margin_async.sim.wire.keys import ApiKey
from binance_margin_async.sim.wire.parameters import Parameters

# Published sample values, no real credential (spot REST documentation, read 2026-11-22).
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"

OWN = ApiKey(KEY, SECRET)

ORDER = "side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp="
WIDE = "%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96"
VECTORS = [
    (f"symbol=LTCBTC&{ORDER}1499827319559", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"),
    (f"symbol={WIDE}&{ORDER}1499827319559", "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3"),
    (
        "asset=USDT&isIsolated=FALSE&amount=25.5&type=BORROW&recvWindow=5000&timestamp=1767000000123",
        "5b6b6dcdfac49da8bfbaa8fb1db76b47fa01b6bf8d7f7c015bd48ab630b285a9",
    ),
    (
        "symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&isIsolated=TRUE&" + ORDER + "1767000000123",
        "fb41be472f49732a44df6a529d44d04dffe331d86449a7e53bdcd31c17d11454",
    ),
    (
        "symbols=%5B%22BTCUSDT%22%2C%22ETHUSDT%22%5D&recvWindow=5000&timestamp=1767000000123",
        "e004ff2d47b8c650968257a9dcb242a7e16fbef084f36b03269e0c5a83608650",
    ),
    (
        "note=a%20b%2Bc%26d%3De~f&timestamp=1767000000123",
        "0f1fce907a615c2d11d25658856a880974a45193afd14f139a664037d28fd84c",
    ),
]


def refusal(check, *arguments):
    with pytest.raises(RefusedError) as caught:
        check(*arguments)
    return caught.value.code


@pytest.mark.parametrize(("payload", "signature"), VECTORS)
def test_published_signature_passes_in_query_and_in_body(payload, signature):
    """Text as received is what counts, wherever it was put; capital letters are the same hex."""
    check_signature(f"{payload}&signature={signature}", "", OWN)
    check_signature("", f"{payload}&signature={signature.upper()}", OWN)


def test_query_and_body_are_glued_without_separator():
    """The older published example mixes both."""
    query = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC"
    body = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
    signature = "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77"

    check_signature(query, f"{body}&signature={signature}", OWN)
    check_signature(f"{query}&signature={signature}", body, OWN)


@pytest.mark.parametrize(("payload", "signature"), VECTORS)
def test_changed_byte_is_refused(payload, signature):
    """Order, case of an escape, one digit: any difference is one."""
    assert -1022 == refusal(check_signature, f"x=1&{payload}&signature={signature}", "", OWN)
    assert -1022 == refusal(check_signature, f"{payload}&signature={signature[:-1]}", "", OWN)


def test_signature_over_unencoded_text_is_refused():
    """Since January 2026 the percent-encoded text must be signed."""
    raw = f"symbol=\uff11\uff12\uff13\uff14\uff15\uff16&{ORDER}1499827319559"
    signature = hmac.new(SECRET.encode(), raw.encode(), hashlib.sha256).hexdigest()

    assert "ca2cdfbf21d2e2958de492c7f2dd1f059dd2ed4d4459d26a5ec7928db50c8d4f" == signature
    assert -1022 == refusal(check_signature, f"{raw}&signature={signature}", "", OWN)
    assert -1022 == refusal(check_signature, f"symbol={WIDE}&{ORDER}1499827319559&signature={signature}", "", OWN)


def test_missing_signature_is_a_missing_parameter():
    """A call that was never signed is told apart from one that was signed wrongly."""
    assert -1102 == refusal(check_signature, "timestamp=1", "", OWN)


@pytest.mark.parametrize(
    ("timestamp", "window", "code"),
    [
        (100_999, None, None),
        (101_000, None, -1021),
        (95_000, None, None),
        (94_999, None, -1021),
        (100_000_000_000_000_0, None, None),
        (40_000, "60000", None),
        (39_999, "60000", -1021),
        (99_999, "0.5", -1021),
        (100_000, "60001", -1131),
        (100_000, "-5", -1131),
        ("soon", None, -1100),
        (None, None, -1102),
    ],
)
def test_time_window(timestamp, window, code):
    """Passes when timestamp < server + 1000 ms and server - timestamp ≤ recvWindow."""
    now = 1_000_000_000_000 if timestamp == 1_000_000_000_000_000 else 100_000
    sent = {"timestamp": timestamp, "recvWindow": window}
    query = "&".join(f"{name}={value}" for name, value in sent.items() if value is not None)

    if code is None:
        check_time(Parameters(query), now)
    else:
        assert code == refusal(check_time, Parameters(query), now)

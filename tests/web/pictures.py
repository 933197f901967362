"""Pictures to be shown."""

from decimal import Decimal

from binance_margin_async.models.alerts import Urgency
from binance_margin_async.models.health import HealthProblem, HealthState
from binance_margin_async.models.margin import MarginState, Source
from binance_margin_async.models.picture import (
    AccountPicture,
    AlertPicture,
    CallPicture,
    ClientPicture,
    LevelPoint,
    LimitPicture,
    NewsPicture,
    OrderPicture,
    OrdersPicture,
    Picture,
    StreamPicture,
)

NOON_MS = 1_767_614_400_000  # 2026-01-05T12:00:00Z


def account(name="CROSS", level="1.2731", state=MarginState.MARGIN_CALL, **changes):
    settings = {
        "source": Source.REST,
        "age": 1.5,
        "stale": "",
        "borrow_bar": Decimal("1.5"),
        "call_bar": Decimal("1.3"),
        "liquidation_bar": Decimal("1.1"),
        "bars_source": "account",
        "fall_to_call": Decimal("-0.021"),
        "fall_to_liquidation": Decimal("0.136"),
        "prices_at_liquidation": {"BTC": Decimal(41250)},
    }
    return AccountPicture(
        account=name, level=None if level is None else Decimal(level), state=state, **settings | changes
    )


def client_picture(**changes):
    settings = {
        "state": HealthState.DEGRADED,
        "problems": (HealthProblem("risk stream of CROSS", HealthState.DEGRADED, "stale for 3 s: no pong"),),
        "streams": (
            StreamPicture(stream="trade", account="CROSS", health="live", seconds=4000.0, reason="subscribed"),
            StreamPicture(stream="risk", account="CROSS", health="stale", seconds=3.0, reason="no pong"),
        ),
        "limits": (
            LimitPicture(scope="IP", endpoint="GET /sapi/v1/margin/account", used=0.7, waiting=2, frozen_for=0.0),
        ),
        "calls_waiting": 2,
        "frozen_for": 0.0,
        "refused": 1,
        "clock_offset": 1.0,
        "clock_error": 0.004,
        "clock_age": 30.0,
        "loop_lag": 0.001,
        "loop_worst_lag": 0.02,
        "events": 1000,
        "events_dropped": 3,
        "events_queued": 4,
        "handlers_failed": 5,
        "tasks_failing": 1,
        "calls": (CallPicture(route="POST /sapi/v1/margin/order", count=12, p50=0.04, p99=0.11),),
    }
    return ClientPicture(**settings | changes)


ORDER = OrderPicture(
    account="CROSS",
    symbol="BTCUSDT",
    order_id=7,
    side="BUY",
    type="LIMIT_MAKER",
    status="PARTIALLY_FILLED",
    price=Decimal("61000.00"),
    quantity=Decimal("0.01000000"),
    filled=Decimal("0.00400000"),
)
ALERT = AlertPicture(
    number=4, key="CROSS/level", urgency=Urgency.URGENT, text="add collateral", raised_ms=NOON_MS, acknowledged=False
)
NEWS = NewsPicture(time_ms=NOON_MS, kind="order", account="CROSS", urgency=Urgency.INFO, text="BTCUSDT order 7 FILLED")


def picture(number=1, **changes):
    settings = {
        "time_ms": NOON_MS + number * 500,
        "heading": "Watching CROSS.",
        "accounts": (account(),),
        "orders": OrdersPicture(shown=(ORDER,), more=0, stale=""),
        "alerts": (ALERT,),
        "news": (NEWS,),
        "client": client_picture(),
        "past": {"CROSS": tuple(LevelPoint(NOON_MS - 1000 * ago, Decimal("1.35")) for ago in range(60, 0, -1))},
    }
    return Picture(number=number, **settings | changes)

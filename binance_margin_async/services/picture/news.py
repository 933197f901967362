"""What happened, as a line each."""

from __future__ import annotations

from binance_margin_async.models.alerts import Ring, RingUndelivered, Urgency
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import OrderUpdate, StreamHealth, StreamRefused, StreamStatus
from binance_margin_async.models.health import HealthState, HealthUpdate, LoopBlocked
from binance_margin_async.models.margin import MarginAlert, MarginState
from binance_margin_async.models.picture import NewsPicture
from binance_margin_async.models.protection import ActionStage, ProtectiveAction
from binance_margin_async.money import plain

TOLD = (
    *(MarginAlert, Ring, RingUndelivered, OrderUpdate, ProtectiveAction),
    *(StreamStatus, StreamRefused, HealthUpdate, LoopBlocked),
)
"""The events that are news."""
_BAD_STAGES = frozenset({ActionStage.FAILED, ActionStage.STUCK, ActionStage.IDLE})
_HEALTH = {
    HealthState.HEALTHY: Urgency.INFO,
    HealthState.DEGRADED: Urgency.WARNING,
    HealthState.UNHEALTHY: Urgency.URGENT,
}


def news_of(event: Event, time_ms: int) -> NewsPicture | None:
    """
    Return *event* as a line; ``None`` if it is no news.

    Args:
        event: Any event.
        time_ms: When it came, on the exchange's clock; the event's own time is taken where it has one.
    """
    match event:
        case MarginAlert():
            return _line("level", event, event.time_ms, _of_state(event.state), event.text)
        case Ring():
            return _line("ring", event, event.time_ms, event.urgency, f"{event.kind}: {event.text}")
        case RingUndelivered():
            text = f"{event.channel} has not delivered message {event.ring.number}: {event.reason}"
            return _line("delivery", event, event.time_ms, Urgency.URGENT, text)
        case OrderUpdate() | ProtectiveAction():
            return _of_deed(event)
        case StreamStatus() | StreamRefused():
            return _of_stream(event)
        case _:
            return _of_client(event, time_ms)


def _of_deed(event: OrderUpdate | ProtectiveAction) -> NewsPicture:
    if isinstance(event, OrderUpdate):
        return _line("order", event, event.time_ms, Urgency.INFO, _of_order(event))
    urgency = Urgency.URGENT if event.stage in _BAD_STAGES else Urgency.WARNING
    return _line("action", event, event.time_ms, urgency, f"{event.stage}: {event.text}")


def _of_stream(event: StreamStatus | StreamRefused) -> NewsPicture:
    if isinstance(event, StreamRefused):
        urgency, told = Urgency.URGENT, "refused"
    else:
        urgency = Urgency.INFO if event.health is StreamHealth.LIVE else Urgency.WARNING
        told = event.health
    text = f"{event.stream} stream {told}: {event.reason}"
    return _line("stream", event, event.time_ms, urgency, text, of_account=event.owner is not None)


def _of_client(event: Event, time_ms: int) -> NewsPicture | None:
    match event:
        case HealthUpdate():
            problems = "; ".join(f"{each.part}: {each.text}" for each in event.problems)
            text = f"the client is {event.state}" + (f": {problems}" if problems else "")
            return _line("client", event, event.time_ms, _HEALTH[event.state], text, of_account=False)
        case LoopBlocked():
            text = f"the event loop stood still for {event.seconds:.1f} s" + (f" in {event.task}" if event.task else "")
            return _line("client", event, time_ms, Urgency.WARNING, text, of_account=False)
        case _:
            return None


def _line(
    kind: str, event: Event, time_ms: int, urgency: Urgency, text: str, *, of_account: bool = True
) -> NewsPicture:
    account = str(event.account) if of_account else ""
    return NewsPicture(time_ms=time_ms, kind=kind, account=account, urgency=urgency, text=text)


def _of_state(state: MarginState) -> Urgency:
    if state.severity >= MarginState.CRITICAL.severity:
        return Urgency.CRITICAL
    if state.severity >= MarginState.MARGIN_CALL.severity:
        return Urgency.URGENT
    return Urgency.WARNING if state is MarginState.WARN else Urgency.INFO


def _of_order(order: OrderUpdate) -> str:
    words = [f"{order.symbol} order {order.order_id} {order.status}"]
    if order.last_filled_quantity is not None and order.last_filled_price is not None:
        words.append(f"filled {plain(order.last_filled_quantity)} at {plain(order.last_filled_price)}")
    if order.quantity is not None:
        words.append(f"{plain(order.cumulative_quantity)} of {plain(order.quantity)}")
    return ", ".join(words)

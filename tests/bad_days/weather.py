"""Makes network, clock, market and consumers misbehave, as a schedule says."""

import asyncio
import math
import random
from collections import Counter
from decimal import Decimal
from functools import partial
from urllib.parse import urlsplit

from binance_margin_async.testing import Conditions, torn

# Of the price of BTC that is left in a margin call: the accounts of ``player.SCENARIO`` are in a call then, and no
# order can bring them to the bar of liquidation.
CALL = Decimal("0.86")


class Weather:
    """
    Attributes:
        fired: How often each of the kinds in ``schedule.OWN`` struck.
        moods: Which consumers misbehave at the moment, by kind.
    """

    def __init__(self, exchange, clock, date, seed):
        self._exchange, self._clock, self._date, self._seed = exchange, clock, date, seed
        self._loop = asyncio.get_running_loop()
        self._ports = {
            name: urlsplit(url).port for name, url in (("rest", exchange.rest_url), ("streams", exchange.risk_url))
        }
        self._host = urlsplit(exchange.rest_url).hostname
        self._usual = dict.fromkeys(self._ports.values(), Conditions())
        self._timers = []
        self.fired = Counter()
        self.moods = Counter()

    def plan(self, troubles):
        """Set a timer for each trouble, counted from now."""
        self._timers += [self._loop.call_later(each.at, self._strike, each) for each in troubles]

    def stick_together(self):
        """Let frames that follow each other closely arrive as one piece, from now on."""
        port = self._ports["streams"]
        self._usual[port] = Conditions(coalesce=0.005)
        self._loop.network.set_conditions(self._usual[port], port)

    def close(self):
        """Call off what has not happened."""
        for timer in self._timers:
            timer.cancel()

    def _strike(self, trouble):
        if trouble.fault is not None:
            self._exchange.inject(trouble.fault)
            return
        undo = getattr(self, f"_{trouble.kind}")(trouble)
        self.fired[trouble.kind] += undo is not None
        if callable(undo):
            self._timers.append(self._loop.call_later(trouble.seconds, undo))

    def _at(self, trouble):
        return [port for name, port in self._ports.items() if trouble.target in {name, "all"}]

    def _connections(self, trouble):
        return [each for port in self._at(trouble) for each in self._loop.network.connections(port)]

    # Each returns what ends it, True when it struck and is over, and None when there was nothing to strike.

    # -- how bytes travel --

    def _under(self, trouble, conditions):
        for port in self._at(trouble):
            self._loop.network.set_conditions(conditions, port)
        return lambda: [self._loop.network.set_conditions(self._usual[port], port) for port in self._at(trouble)]

    def _latency(self, trouble):
        return self._under(trouble, Conditions(latency=lambda rng: trouble.amount * (0.5 + rng.random())))

    def _torn(self, trouble):
        return self._under(trouble, Conditions(pieces=_in_some))

    def _coalesced(self, trouble):
        return self._under(trouble, Conditions(coalesce=trouble.amount))

    def _slow_reader(self, trouble):
        return self._under(trouble, Conditions(rate=trouble.amount))

    # -- connections --

    def _each(self, trouble, deed):
        found = self._connections(trouble)
        for connection in found:
            deed(connection)
        return True if found else None

    def _reset_all(self, trouble):
        return self._each(trouble, lambda each: each.reset())

    def _closed(self, trouble):
        return self._each(trouble, lambda each: each.close())

    def _reset_one(self, trouble):
        found = self._connections(trouble)
        if not found:
            return None
        random.Random(f"{self._seed}/{trouble.at}").choice(found).reset()
        return True

    def _reset_after(self, trouble):
        found, size = self._connections(trouble), int(trouble.amount)
        for each in found:
            each.reset_after(**{"up" if size % 2 else "down": size})
        # Where so much does not flow it would strike long after the storm.
        return (lambda: [each.reset() for each in found if not each.is_over]) if found else None

    def _hole(self, trouble, *, up, down):
        found = self._connections(trouble)
        for each in found:
            each.black_hole(up=up, down=down)
        return partial(_lift, found) if found else None

    def _hole_up(self, trouble):
        return self._hole(trouble, up=True, down=False)

    def _hole_down(self, trouble):
        return self._hole(trouble, up=False, down=True)

    def _hole_both(self, trouble):
        return self._hole(trouble, up=True, down=True)

    # -- connecting: nobody connects who is connected, so those that stand are cut --

    def _barred(self, trouble, bar):
        for port in self._at(trouble):
            bar(port)
        self._each(trouble, lambda each: each.reset())
        return lambda: [self._loop.network.accept(port) for port in self._at(trouble)]

    def _refused(self, trouble):
        return self._barred(trouble, self._loop.network.refuse)

    def _connect_slow(self, trouble):
        return self._barred(trouble, lambda port: self._loop.network.slow(port, trouble.amount))

    def _accept_then_silence(self, trouble):
        accept = self._barred(trouble, self._loop.network.silence)
        # A server would wait for a quarter of an hour for what was silent.
        return lambda: (accept(), _lift(self._connections(trouble)))

    def _dns_fails(self, trouble):
        self._loop.network.names.fail(self._host)
        self._each(trouble, lambda each: each.reset())
        return lambda: self._loop.network.names.restore(self._host)

    def _dns_slow(self, trouble):
        self._loop.network.names.slow(self._host, trouble.amount)
        self._each(trouble, lambda each: each.reset())
        return lambda: self._loop.network.names.restore(self._host)

    # -- time --

    def _clock_jump(self, trouble):
        self._clock.jump(trouble.amount)
        return True

    def _clock_drift(self, trouble):
        before, self._clock.drift = self._clock.drift, trouble.amount
        return lambda: setattr(self._clock, "drift", before)

    def _loop_stall(self, trouble):
        # As code that computes: the time passes and nothing else happens.
        self._loop._now += trouble.amount
        return True

    def _suspend(self, trouble):
        # Whoever wakes up finds the exchange far ahead, and every connection gone.
        self._clock.jump(trouble.amount)
        self._each(trouble, lambda each: each.reset())
        return True

    def _date_set(self, trouble):
        # By a person, or a time server that was not asked for long; nothing of the exchange changes.
        self._date.jump(trouble.amount)
        return True

    # -- consumers --

    def _mood(self, trouble):
        self.moods[trouble.kind] += 1
        return lambda: self.moods.subtract([trouble.kind])

    _consumer_slow = _consumer_raises = _consumer_calls = _consumer_leaves = _mood

    # -- the market --

    def _price_jump(self, trouble):
        symbol = random.Random(f"{self._seed}/{trouble.at}").choice(("BTCUSDT", "ETHUSDT", "BNBUSDT"))
        self._set_price(symbol, Decimal(1) + Decimal(str(trouble.amount)))
        return True

    def _margin_call(self, _trouble):
        self._set_price("BTCUSDT", CALL)
        return lambda: self._set_price("BTCUSDT", 1 / CALL)

    def _set_price(self, symbol, share):
        price = self._exchange.core.prices[symbol] * share
        self._exchange.set_price(symbol, f"{price:.2f}")


def _lift(connections):
    for each in connections:
        each.black_hole(up=False, down=False)


def _in_some(rng, size):
    # A frame in a few pieces tears as well as one in hundreds, and costs less.
    return size if size < 2 or math.isclose(rng.random(), 0.5, abs_tol=0.25) else torn(rng, size)

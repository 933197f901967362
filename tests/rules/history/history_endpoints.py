"""Every history call as the exchange may answer it, over records of our own making."""

import dataclasses

from hypothesis import strategies as st

from binance_margin_async.rules.history import KINDS
from binance_margin_async.rules.history.kind import ById, ByTime, Numbered, Whole

DAY = 86_400_000
NOW = 1_767_000_000_123

# Typed in from the exchange's pages: longest span in ms, whether it must be below that, reach, largest page.
LIMITS = {
    "trades": (DAY, True, None, 1000),
    "orders": (DAY, True, None, 500),
    "order-lists": (DAY, False, None, 1000),
    "loans": (7 * DAY, False, None, 100),
    "repayments": (7 * DAY, False, None, 100),
    "transfers": (30 * DAY, False, None, 100),
    "interest": (30 * DAY, False, 90 * DAY, 100),
    "liquidations": (90 * DAY, False, None, 100),
    "capital-flow": (7 * DAY, False, 90 * DAY, 1000),
    "interest-rates": (30 * DAY, False, None, None),
    "small-liabilities": (30 * DAY, False, None, 100),
    "liquidation-loan-repayments": (90 * DAY, False, 90 * DAY, 50),
    "universal-transfers": (30 * DAY, False, 180 * DAY, 100),
}


class RefusedError(AssertionError):
    """The exchange would not have answered this."""


@dataclasses.dataclass
class FakeEndpoint:
    """
    One history call over *records*, which are in the order in which they happened.

    Args:
        kind: What the plan believes of the call.
        records: All there are.
        order: ``"asc"``, ``"desc"``, or ``"latest"``: the newest of the window, oldest first.
        end_included: Whether a record at ``endTime`` comes back.
        filed: Field by which records are filed, if not the kind's.
    """

    kind: object
    records: list
    order: str = "asc"
    end_included: bool = True
    filed: str | None = None
    now: int = NOW
    asked: list = dataclasses.field(default_factory=list)

    def answer(self, page):
        self.now += 500
        self.asked.append(page.parameters)
        parameters = dict(page.parameters)
        fixed = {name: parameters.pop(name) for name, _ in self.kind.parameters}
        paging = self.kind.paging
        self._require(fixed == dict(self.kind.parameters) and page.route == self.kind.route, "another call")
        size = len(self.records) + 1 if isinstance(paging, Whole) else parameters.pop(paging.size)
        largest = LIMITS[self.kind.name][3]
        self._require(largest is None or 1 <= size <= largest, f"page size {size}")
        if isinstance(paging, ById) and paging.start in parameters:
            start = parameters.pop(paging.start)
            self._require(not parameters, f"{parameters} beside an id")
            return [record for record in self.records if record[paging.id] >= start][:size]
        found = self._between(parameters.pop("startTime"), parameters.pop("endTime"))
        number = parameters.pop(paging.page) if isinstance(paging, Numbered) else 1
        self._require(number >= 1 and not parameters, f"page {number}, {parameters}")
        if self.order == "latest":
            return found[-size:]
        found = found if self.order == "asc" else found[::-1]
        return found[(number - 1) * size : number * size]

    def _between(self, start, end):
        span, below, reach, _ = LIMITS[self.kind.name]
        self._require(start < end, "an end that is not after the start")
        self._require(end - start < span if below else end - start <= span, f"a span of {end - start} ms")
        self._require(reach is None or start >= self.now - reach, "older than the exchange tells")
        filed = self.filed or self.kind.time
        last = end if self.end_included else end - 1
        return [record for record in self.records if start <= record[filed] <= last]

    @staticmethod
    def _require(holds, what):
        if not holds:
            raise RefusedError(what)


def record_of(kind, number, time):
    """Return a record of *kind* that differs from all with another *number*; later ones have higher numbers."""
    record = dict.fromkeys(kind.identity, "same")
    for name in kind.identity:
        if name.lower().endswith("id") or name == "amount":
            record[name] = 2**53 + number
    if not record.keys() & {"amount", "id", "orderId", "orderListId", "txId", "tranId", "repayId"}:
        record[kind.identity[0]] = f"A{number}"
    return record | {"number": number, kind.time: time}


def numbers(records):
    return [record["number"] for record in records]


@st.composite
def situations(draw):
    """Return a kind with a page size, an endpoint full of records, and a period that cuts through them."""
    kind = draw(st.sampled_from(list(KINDS.values())))
    days = draw(st.sampled_from([0.001, 1, 5, 80]))
    around = st.integers(0, int(days * DAY))
    bursts = draw(st.lists(st.tuples(around, st.integers(1, 4), st.sampled_from([0, 1, 1000])), max_size=15))
    times = sorted(NOW - offset + step * number for offset, count, step in bursts for number in range(count))
    records = [record_of(kind, number, time) for number, time in enumerate(times) if time <= NOW]
    page_size = draw(st.integers(1, 7))
    order = "asc" if isinstance(kind.paging, ById) else draw(st.sampled_from(["asc", "desc"]))
    if isinstance(kind.paging, ByTime):
        order = draw(st.sampled_from(["asc", "desc", "latest"]))
        # More records in two ms than a page holds cannot be told apart by time; that has its own test.
        page_size += max((sum(at <= time <= at + 1 for time in times) for at in times), default=0)
    kind = dataclasses.replace(kind, page_size=min(page_size, LIMITS[kind.name][3] or page_size))
    ends = st.one_of(around.map(lambda offset: NOW - offset), st.sampled_from(times or [NOW]), st.just(NOW + DAY))
    since, until = sorted((draw(ends), draw(ends)))
    return kind, FakeEndpoint(kind, records, order, end_included=draw(st.booleans())), since, until


def expected(endpoint, since, until, now=NOW):
    # What happens from a plan's first request on is for a later plan.
    return [record for record in endpoint.records if since <= record[endpoint.kind.time] < min(until, now)]

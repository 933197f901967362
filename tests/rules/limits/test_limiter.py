"""Who may call now, who waits, and what a refusal stops."""

import itertools
import math

import pytest

from binance_margin_async.rules.limits import SHARED, Caps, Demand, Lane, Limiter, Scope
from binance_margin_async.rules.limits.ledger import REMEMBERED

ACCOUNT = "GET /sapi/v1/margin/account"
ORDER = "POST /sapi/v1/margin/order"
LOAN = "POST /sapi/v1/margin/borrow-repay"
# Our second 0 is the beginning of a minute at the exchange.
OFFSET = 6_000.0


def read(weight: int = 10, lane: Lane = Lane.QUERY, endpoint: str = ACCOUNT) -> Demand:
    return Demand(Scope.IP, endpoint, weight, lane)


def order(account: str = "CROSS", *, orders: int = 1) -> Demand:
    return Demand(Scope.UID, ORDER, 6, Lane.ORDER, orders, account)


def loan(account: str = "CROSS", lane: Lane = Lane.ORDER, endpoint: str = LOAN) -> Demand:
    return Demand(Scope.UID, endpoint, 1500, lane, serial=account)


def synchronized(caps: Caps | None = None) -> Limiter:
    limiter = Limiter(caps)
    limiter.on_clock(OFFSET)
    return limiter


def drain(limiter: Limiter, demand: Demand, now: float) -> int:
    granted = 0
    while limiter.reserve(demand, now) == 0.0:
        granted += 1
    return granted


def serve_until(limiter: Limiter, end: float) -> list[tuple[float, Demand]]:
    served = []
    while (at := limiter.wake_at(0.0)) is not None and at <= end:
        served += [(at, ticket.demand) for ticket in limiter.admit(at)]
    return served


class TestWeight:
    def test_a_call_is_granted_until_the_burst_is_gone_then_told_how_long_to_wait(self):
        """51 calls of 10 leave the reserve of 57; the 52nd needs 7 more, at 180.5 a second."""
        limiter = Limiter()

        assert drain(limiter, read(), now=0.0) == 51
        assert limiter.reserve(read(), now=0.0) == pytest.approx(7 / 180.5)

    def test_each_endpoint_and_each_scope_has_its_own_bucket(self):
        """The exchange counts per verb and path, and IP apart from UID."""
        limiter = Limiter()
        drain(limiter, read(), now=0.0)

        assert limiter.reserve(read(endpoint="DELETE /sapi/v1/margin/order"), now=0.0) == 0.0
        assert limiter.reserve(Demand(Scope.UID, ACCOUNT, 10), now=0.0) == 0.0

    def test_the_shared_pool_is_half_the_size(self):
        """All /api calls together have 6,000 a minute: 285 at once, 28 of them kept back."""
        assert drain(Limiter(), Demand(Scope.IP, SHARED, 1), now=0.0) == 256

    def test_a_cancel_goes_through_a_bucket_that_everybody_else_has_emptied(self):
        """L8: the reserve is for what lowers risk, whoever stands in line."""
        limiter = Limiter()
        drain(limiter, read(), now=0.0)
        limiter.join(read(), now=0.0)

        assert limiter.reserve(read(10, Lane.SAFETY), now=0.0) == 0.0

    def test_a_call_that_can_never_fit_says_so(self):
        """Infinity, not a time that never comes."""
        assert Limiter().reserve(read(12_000), now=0.0) == math.inf

    def test_unused_weight_is_there_for_the_next(self):
        """A call cancelled before sending takes nothing from anybody."""
        limiter = Limiter()
        drain(limiter, read(), now=0.0)
        limiter.give_back(read(), now=0.0)

        assert limiter.reserve(read(), now=0.0) == 0.0


class TestLine:
    def test_a_newcomer_does_not_overtake_the_line(self):
        """Weight that has come in belongs to the first in line."""
        limiter = Limiter()
        drain(limiter, read(), now=0.0)
        first = limiter.join(read(200), now=0.0)

        assert limiter.reserve(read(1), now=0.5) > 0.0
        assert limiter.admit(now=2.0) == [first]

    def test_the_wait_told_includes_those_before(self):
        """A caller with a deadline wants to know now, not when it is too late."""
        limiter = Limiter()
        drain(limiter, read(), now=0.0)
        for _ in range(100):
            limiter.join(read(), now=0.0)

        assert limiter.estimate(read(), now=0.0) == pytest.approx((100 * 10 + 7) / 180.5)
        assert limiter.estimate(read(lane=Lane.SAFETY), now=0.0) < 0.001

    def test_a_crowd_is_served_one_by_one_as_weight_comes_in(self):
        """A hundred callers woken together must not go together."""
        limiter = Limiter()
        drain(limiter, read(), now=0.0)
        for _ in range(100):
            limiter.join(read(), now=0.0)

        served = serve_until(limiter, end=60.0)

        assert len(served) == 100
        gaps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(served)]
        assert min(gaps) == pytest.approx(10 / 180.5, rel=0.01)
        assert served[-1][0] == pytest.approx((100 * 10 - 3) / 180.5, rel=0.01)

    def test_better_lanes_are_served_first_and_equals_in_order(self):
        """History pages come last, however long they have waited."""
        limiter = Limiter()
        drain(limiter, read(), now=0.0)
        arrivals = [Lane.HISTORY, Lane.QUERY, Lane.ORDER, Lane.QUERY]
        tickets = [limiter.join(read(100, lane), now=0.0) for lane in arrivals]

        assert limiter.admit(now=60.0) == [tickets[2], tickets[1], tickets[3], tickets[0]]

    def test_one_that_lacks_weight_holds_up_smaller_calls_behind_it(self):
        """Otherwise a stream of small calls would starve a dear one."""
        limiter = Limiter()
        drain(limiter, read(), now=0.0)
        dear, cheap = limiter.join(read(400), now=0.0), limiter.join(read(1), now=0.0)

        assert limiter.admit(now=1.0) == []
        assert limiter.admit(now=3.0) == [dear, cheap]

    def test_leaving_the_line_lets_the_next_go_at_once(self):
        """A cancelled caller frees the way, and its ticket is never granted."""
        limiter = Limiter()
        drain(limiter, read(), now=0.0)
        dear, cheap = limiter.join(read(500), now=0.0), limiter.join(read(10), now=0.0)
        limiter.admit(now=1.0)
        limiter.withdraw(dear, now=1.0)

        assert limiter.wake_at(now=1.0) == 1.0
        assert limiter.admit(now=1.0) == [cheap]
        assert not dear.granted

    def test_leaving_twice_is_harmless(self):
        """Cancellation and deadline may meet."""
        limiter = Limiter()
        ticket = limiter.join(read(), now=0.0)
        limiter.withdraw(ticket, now=0.0)
        limiter.withdraw(ticket, now=0.0)

        assert limiter.statistics(0.0).waiting == 0

    def test_nobody_in_line_means_nothing_to_wake_for(self):
        """An idle client keeps no timer."""
        limiter = Limiter()
        limiter.on_clock(OFFSET)

        assert limiter.wake_at(now=0.0) is None
        assert limiter.admit(now=0.0) == []

    def test_the_time_to_wake_is_the_time_at_which_somebody_can_go(self):
        """A timer that fires for nothing would spin."""
        limiter = Limiter()
        drain(limiter, read(), now=1e6)
        ticket = limiter.join(read(), now=1e6)
        nobody = limiter.admit(now=1e6)
        at = limiter.wake_at(now=1e6)

        assert (nobody, at > 1e6) == ([], True)
        assert limiter.admit(now=at) == [ticket]

    @pytest.mark.parametrize("start", [0.0, 1e5, 1e6 / 3, 1e7 / 7, 1e8 / 9])
    def test_rounding_never_makes_the_timer_spin(self, start):
        """After months of uptime the clock's steps are coarser than the weight that comes in between them."""
        limiter = Limiter()
        small = Demand(Scope.UID, ORDER, 7, Lane.QUERY)
        now = start
        drain(limiter, small, now)
        for _ in range(300):
            limiter.join(small, now)
        looks = served = 0
        while served < 300:
            served += len(limiter.admit(now))
            later = limiter.wake_at(now)
            looks += 1
            assert later is None or later > now
            now = later or now

        assert looks <= 302


class TestSerial:
    def test_two_loans_of_one_account_run_one_after_the_other_with_a_gap(self):
        """The exchange answers -3007 to the second one otherwise."""
        limiter = Limiter()
        limiter.reserve(loan(), now=0.0)
        ticket = limiter.join(loan(), now=0.0)
        early = limiter.admit(now=5.0)
        limiter.finish(loan(), now=6.0)

        assert (early, limiter.admit(now=6.1)) == ([], [])
        assert limiter.wake_at(now=6.1) == pytest.approx(6.12)
        assert limiter.admit(now=6.12) == [ticket]

    def test_loans_of_different_accounts_do_not_wait_for_each_other(self):
        """Each isolated pair is an account of its own; one held up by its account steps aside."""
        limiter = Limiter()
        limiter.reserve(loan("CROSS"), now=0.0)
        limiter.join(loan("CROSS"), now=0.0)
        other = limiter.join(loan("BTCUSDT"), now=0.0)

        assert limiter.admit(now=0.0) == [other]

    def test_the_turn_is_kept_across_endpoints(self):
        """A transfer that came later does not overtake a borrow; a repay does."""
        limiter = Limiter()
        limiter.reserve(loan(), now=0.0)
        borrow = limiter.join(loan(), now=0.0)
        transfer = limiter.join(loan(endpoint="POST /sapi/v1/asset/transfer"), now=0.0)
        repay = limiter.join(loan(lane=Lane.SAFETY), now=0.0)

        served, now = [], 1.0
        for _ in range(3):
            limiter.finish(loan(), now)
            now += 0.2
            served += limiter.admit(now)

        assert served == [repay, borrow, transfer]

    def test_an_unsent_loan_frees_the_turn_without_a_gap(self):
        """Nothing reached the exchange, so there is nothing to leave room for."""
        limiter = Limiter()
        limiter.reserve(loan(), now=0.0)
        limiter.give_back(loan(), now=1.0)

        assert limiter.reserve(loan(), now=1.0) == 0.0


class TestOrderCounts:
    def test_orders_wait_for_the_next_window_when_the_cap_is_reached(self):
        """The eleventh order in ten seconds would be answered with -1015."""
        limiter = synchronized(Caps(orders_10s=10))

        assert drain(limiter, order(), now=1.0) == 10
        assert limiter.reserve(order(), now=1.0) == pytest.approx(9.25)

    def test_accounts_are_counted_apart_and_cancels_not_at_all(self):
        """A full cross account does not stop an isolated one, nor anything that places no order."""
        limiter = synchronized(Caps(orders_10s=1))
        drain(limiter, order(), now=1.0)
        limiter.join(order(), now=1.0)
        others = [limiter.join(order("BTCUSDT"), now=1.0), limiter.join(order(orders=0), now=1.0)]

        assert limiter.admit(now=1.0) == others

    def test_a_list_in_line_is_not_starved_by_single_orders(self):
        """Two free places belong to the list of three that waits for the window."""
        limiter = synchronized(Caps(orders_10s=10))
        for _ in range(8):
            limiter.reserve(order(), now=1.0)
        many, single = limiter.join(order(orders=3), now=1.0), limiter.join(order(), now=1.0)

        assert limiter.admit(now=1.0) == []
        assert limiter.reserve(order(), now=2.0) > 0.0
        assert limiter.admit(now=limiter.wake_at(now=1.0)) == [many, single]

    def test_the_line_for_a_window_is_kept_across_endpoints(self):
        """Plain orders and lists share the account's counter, so one does not overtake the other."""
        limiter = synchronized(Caps(orders_10s=10))
        for _ in range(8):
            limiter.reserve(order(), now=1.0)
        limiter.join(order(orders=3), now=1.0)
        limiter.admit(now=1.0)
        cheap = Demand(Scope.UID, "POST /sapi/v1/margin/order/oco", 6, Lane.ORDER, 2, "CROSS")

        assert limiter.reserve(cheap, now=1.0) > 0.0

    def test_the_exchanges_own_caps_and_counts_are_adopted(self):
        """They are per account and read at start; other programs' orders count too."""
        limiter = synchronized()
        limiter.set_order_caps("CROSS", 3, None)
        limiter.on_order_count("CROSS", 2, None, 1.5, sent_at=1.0)

        assert drain(limiter, order(), now=2.0) == 1
        assert drain(limiter, order("BTCUSDT"), now=2.0) > 3


class TestHeaders:
    def test_what_others_have_used_is_not_used_again(self):
        """L5: 11,000 of the usable 11,400 are gone, so 400 may go until the minute ends, and no more."""
        limiter = synchronized()
        limiter.reserve(read(), now=30.0)
        limiter.on_headers(read(), {"X-SAPI-USED-IP-WEIGHT-1M": "11000"}, now=30.2, sent_at=30.0)
        limiter.finish(read(), now=30.2)
        for _ in range(200):
            limiter.join(read(lane=Lane.SAFETY), now=30.3)

        weight = sum(demand.weight for _, demand in serve_until(limiter, end=59.99))

        assert 340 <= weight <= 400

    def test_our_own_use_alone_changes_nothing(self):
        """What the exchange has seen of us is debited already; counting it twice would waste a third."""
        limiter = synchronized()
        used = 10 * drain(limiter, read(), now=30.0)
        limiter.on_headers(read(), {"X-SAPI-USED-IP-WEIGHT-1M": str(used)}, now=30.0, sent_at=30.0)

        assert limiter.reserve(read(), now=30.04) == 0.0

    def test_calls_in_flight_come_on_top_of_the_figure(self):
        """The reply to the first of fifty does not know of the other forty-nine."""
        limiter = synchronized()
        for _ in range(50):
            limiter.reserve(read(), now=55.0)
        limiter.on_headers(read(), {"x-sapi-used-ip-weight-1m": "10900"}, now=55.1, sent_at=55.0)

        assert limiter.statistics(55.1).buckets[0].level == pytest.approx(500 - 490 - 180.5 * 5.15)

    def test_a_figure_of_the_minute_before_is_ignored(self):
        """It left at 59.9 and came at 60.2: believing 11,400 of the new minute would stop us for all of it."""
        limiter = synchronized()
        limiter.reserve(read(), now=59.9)
        limiter.on_headers(read(), {"X-SAPI-USED-IP-WEIGHT-1M": "11400"}, now=60.2, sent_at=59.9)

        assert limiter.reserve(read(), now=60.2) == 0.0

    def test_a_figure_of_the_other_kind_counts_by_its_share_of_the_cap(self):
        """The pages disagree on maxBorrowable; half of either cap is half."""
        limiter = synchronized()
        demand = Demand(Scope.UID, "GET /sapi/v1/margin/maxBorrowable", 750)
        limiter.reserve(demand, now=59.0)
        limiter.on_headers(demand, {"X-SAPI-USED-IP-WEIGHT-1M": "11400"}, now=59.1, sent_at=59.0)

        assert limiter.statistics(59.1).buckets[0].level < 0

    def test_each_pool_listens_to_its_own_header_only(self):
        """The shared pool's figure says nothing of a SAPI endpoint, and the other way round."""
        limiter = synchronized()
        ping = Demand(Scope.IP, SHARED, 1)
        limiter.reserve(ping, now=59.0)
        limiter.reserve(read(), now=59.0)
        headers = {"X-MBX-USED-WEIGHT-1M": "5700", "X-SAPI-USED-IP-WEIGHT-1M": "0"}
        limiter.on_headers(read(), headers, now=59.0, sent_at=59.0)
        untouched = limiter.reserve(read(), now=59.0)
        limiter.on_headers(ping, headers, now=59.0, sent_at=59.0)

        assert untouched == 0.0
        assert limiter.reserve(ping, now=59.0) > 1.0

    def test_before_the_clock_is_known_a_whole_minute_is_taken_to_be_left(self):
        """The careful guess: what refills in it is counted as used."""
        limiter = Limiter()
        limiter.reserve(read(), now=1.0)
        limiter.on_headers(read(), {"X-SAPI-USED-IP-WEIGHT-1M": "300"}, now=1.0)

        assert limiter.statistics(1.0).buckets[0].level == pytest.approx(570 - 300)

    def test_order_counts_are_read_from_an_orders_reply(self):
        """Ours is raised to the exchange's, in the account that placed the order."""
        limiter = synchronized(Caps(orders_10s=10))
        limiter.reserve(order(), now=1.0)
        limiter.on_headers(order(), {"X-MBX-ORDER-COUNT-10S": "9"}, now=1.2, sent_at=1.0)

        assert drain(limiter, order(), now=1.3) == 1

    @pytest.mark.parametrize("value", ["", "many", "-1", "1e3"])
    def test_a_garbled_header_breaks_nothing(self, value):
        """The call it came with has succeeded."""
        limiter = synchronized()
        limiter.reserve(read(), now=1.0)
        limiter.on_headers(read(), {"X-SAPI-USED-IP-WEIGHT-1M": value}, now=1.0)

        assert limiter.reserve(read(), now=1.0) == 0.0

    def test_a_figure_that_came_over_the_socket_counts_too(self):
        """The WebSocket API reports its use in the reply's body."""
        limiter = synchronized()
        ping = Demand(Scope.IP, SHARED, 1)
        limiter.reserve(ping, now=59.0)
        limiter.on_used_weight(ping, 5_700, now=59.0, sent_at=59.0)

        assert limiter.reserve(ping, now=59.0) > 1.0


class TestRefusals:
    def test_429_freezes_its_endpoint_for_as_long_as_asked(self):
        """L2: others go on."""
        limiter = synchronized()
        limiter.on_refused(read(), 429, 20.0, now=5.0)

        assert limiter.reserve(read(lane=Lane.SAFETY), now=24.99) == pytest.approx(0.01)
        assert limiter.reserve(read(), now=25.0) == 0.0
        assert limiter.reserve(order(), now=5.0) == 0.0

    @pytest.mark.parametrize("retry_after", [None, 0.0, -3.0, math.nan])
    def test_429_without_a_time_freezes_until_the_next_minute(self, retry_after):
        """L3: the minute is what the exchange counts in."""
        limiter = synchronized()
        limiter.on_refused(read(), 429, retry_after, now=5.0)

        assert limiter.reserve(read(), now=5.0) == pytest.approx(55.25)

    def test_429_for_too_many_orders_stops_that_accounts_orders_only(self):
        """Its weight is fine: cancels and other accounts go on."""
        limiter = synchronized()
        limiter.on_refused(order(), 429, None, now=5.0, too_many_orders=True)

        assert limiter.reserve(order(), now=6.0) == pytest.approx(54.25)
        assert limiter.reserve(order("BTCUSDT"), now=6.0) == 0.0
        assert limiter.reserve(order(orders=0), now=6.0) == 0.0

    def test_418_stops_everything(self):
        """L4: no probing, not even a keep-alive."""
        limiter = synchronized()
        limiter.on_refused(read(), 418, 600.0, now=5.0)
        limiter.join(read(lane=Lane.SAFETY), now=6.0)

        assert limiter.reserve(order("BTCUSDT"), now=6.0) == pytest.approx(599.0)
        assert limiter.admit(now=604.9) == []
        assert limiter.wake_at(now=604.9) == 605.0
        assert len(limiter.admit(now=605.0)) == 1

    def test_a_bans_end_can_be_kept_over_a_restart(self):
        """L4: a new process waits for the rest of it."""
        limiter = synchronized()
        limiter.on_refused(read(), 418, None, now=5.0)
        restarted = synchronized()
        restarted.restore_ban(limiter.banned_until)

        assert limiter.frozen_until == 125.0
        assert restarted.reserve(read(), now=10.0) == pytest.approx(115.0)

    def test_403_pauses_everything_for_a_minute_and_is_no_ban(self):
        """O8: the firewall looks at patterns; more of the same makes it worse."""
        limiter = synchronized()
        limiter.on_refused(read(), 403, None, now=5.0)

        assert limiter.reserve(order(), now=5.0) == pytest.approx(60.0)
        assert limiter.banned_until is None

    def test_other_refusals_freeze_nothing(self):
        """A rejected order says nothing of limits."""
        limiter = synchronized()
        for status in (200, 400, 409, 500, 503):
            limiter.on_refused(read(), status, 10.0, now=5.0)

        assert limiter.reserve(read(), now=5.0) == 0.0
        assert (limiter.frozen_until, limiter.freezes) == (None, 0)

    def test_four_429s_in_five_minutes_halve_all_caps_until_an_hour_has_been_quiet(self):
        """Somebody else uses the same limits, at all endpoints likely."""
        limiter = synchronized()
        drain(limiter, order(), now=0.0)
        for now in (10.0, 70.0, 130.0, 190.0):
            limiter.on_refused(read(), 429, 5.0, now)
        halved = limiter.statistics(200.0)
        for now in (3_000.0, 3_791.0):
            limiter.on_headers(read(), {}, now)

        assert halved.scale == 0.5
        assert {bucket.capacity for bucket in halved.buckets} == {11_400 / 2, 171_000 / 2}
        recovered = limiter.statistics(3_791.0)
        assert recovered.scale == 1.0
        assert {bucket.capacity for bucket in recovered.buckets} == {11_400, 171_000}

    def test_the_refusals_of_one_moment_count_once(self):
        """Ten calls were under way when the first was refused."""
        limiter = synchronized()
        for _ in range(10):
            limiter.on_refused(read(), 429, 30.0, now=5.0)

        assert limiter.statistics(5.0).scale == 1.0
        assert limiter.statistics(5.0).refused == 10

    def test_those_in_line_wait_out_a_freeze_and_are_then_spaced(self):
        """The end of a freeze is no starting gun for a crowd."""
        limiter = synchronized()
        drain(limiter, read(), now=5.0)
        for _ in range(60):
            limiter.join(read(), now=5.0)
        limiter.on_refused(read(), 429, 30.0, now=5.0)
        limiter.admit(now=5.0)

        served = serve_until(limiter, end=40.0)

        assert served[0][0] == pytest.approx(35.0)
        assert len([at for at, _ in served if at < 35.001]) == 51
        assert len(served) == 60


class TestCaps:
    def test_caps_named_by_the_exchange_apply_at_once(self):
        """L9: limits are re-read; a halved one counts from now on."""
        limiter = synchronized()
        drain(limiter, read(), now=0.0)
        limiter.set_caps(Caps(ip=6_000, orders_10s=2), now=0.0)

        assert limiter.statistics(0.0).buckets[0].capacity == 5_700
        assert drain(limiter, order(), now=0.0) == 2

    def test_all_counters_are_seen_in_the_statistics(self):
        """Who waits for what must be visible."""
        limiter = synchronized()
        limiter.reserve(order(), now=1.0)
        limiter.on_refused(order(), 429, 10.0, now=2.0)
        limiter.join(order(), now=3.0)

        seen = limiter.statistics(3.0)
        (bucket,) = seen.buckets

        assert (seen.waiting, seen.refused, seen.frozen_until) == (1, 1, None)
        assert (bucket.scope, bucket.endpoint, bucket.cap) == (Scope.UID, ORDER, 180_000)
        assert (bucket.granted, bucket.in_flight, bucket.waiting) == (6, 6, 1)
        assert (bucket.frozen_until, bucket.refused) == (12.0, 1)
        assert (seen.orders[0].account, seen.orders[0].ten_seconds, seen.orders[0].day_cap) == ("CROSS", 1, None)

    def test_endpoints_at_rest_are_forgotten_when_there_are_too_many(self):
        """Paths and pairs come from callers; memory must not grow with them."""
        limiter = synchronized()
        for number in range(3 * REMEMBERED):
            now = float(number)
            demand = Demand(Scope.IP, f"GET /x/{number}", 1, Lane.ORDER, 1, f"PAIR{number}", f"PAIR{number}")
            limiter.reserve(demand, now)
            limiter.finish(demand, now)

        seen = limiter.statistics(now)

        assert len(seen.buckets) <= REMEMBERED
        assert len(seen.orders) <= REMEMBERED

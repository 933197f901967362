"""How connections begin and end."""

from binance_margin_async.sim import Close, Fault


def test_server_that_goes_away_says_so_on_every_host(desk):
    """Each in the envelope of its connection; then they are cut."""
    calm = desk()
    api, raw, combined = calm.connect("/ws-api/v3"), calm.connect("/ws"), calm.connect("/stream")
    event = {"e": "serverShutdown", "E": calm.now}
    calm.core.inject(Fault("server_shutdown", seconds=5), calm.now)

    told = [(api, {"event": event}), (raw, event), (combined, {"stream": "!serverShutdown", "data": event})]
    assert told == calm.leaving()

    calm.wait(4.9)
    late = calm.connect("/ws-api/v3")
    calm.wait(0.1)

    assert [Close(number, 1001, "the server goes away") for number in (api, raw, combined)] == calm.leaving()
    calm.frame(late, "ping")
    assert 200 == calm.leaving()[0][1]["status"]


def test_connection_is_cut_24_hours_after_it_began(desk):
    """Each for itself, on every host."""
    calm = desk()
    first = calm.connect("/ws")
    calm.wait(3600)
    second = calm.connect("/ws-api/v3")
    calm.wait(23 * 3600)
    assert [Close(first, 1001, "24 hours are over")] == calm.leaving()
    calm.wait(3600)
    assert [Close(second, 1001, "24 hours are over")] == calm.leaving()


def test_connecting_too_often_is_refused_before_the_handshake(desk):
    """300 attempts in five minutes."""
    calm = desk()
    replies = [calm.core.admit("/ws", calm.now) for _ in range(301)]

    assert [None] * 300 == replies[:300]
    assert (429, "300") == (replies[300].status, replies[300].headers["Retry-After"])
    assert b"-1034" in replies[300].body


def test_connecting_to_the_api_costs_two(desk):
    """From the pool of /api; a full pool refuses the handshake."""
    calm = desk()
    calm.core.venue.meter.caps["api"] = 3
    calm.connect("/ws-api/v3")

    assert 429 == calm.core.admit("/ws-api/v3", calm.now).status
    assert calm.core.admit("/ws", calm.now) is None


def test_banned_address_is_disconnected_from_the_api_and_may_not_come_back(desk):
    """After its last reply."""
    calm = desk()
    api, prices = calm.connect("/ws-api/v3"), calm.connect("/ws")
    calm.core.venue.meter.caps["api"] = 1
    calm.core.venue.meter.patience = 0
    calm.frame(api, "ping")

    (_, reply), cut = calm.leaving()

    assert (418, -1003) == (reply["status"], reply["error"]["code"])
    assert Close(api, 1008, "address is banned") == cut
    assert 418 == calm.core.admit("/ws-api/v3", calm.now).status
    calm.core.on_frame(prices, '{"method":"LIST_SUBSCRIPTIONS","id":1}', calm.now)
    assert [(prices, {"result": [], "id": 1})] == calm.leaving()


def test_banned_address_is_refused_everywhere_on_rest(desk):
    """Also where nothing is served, and for the calls that need no key."""
    calm = desk()
    calm.core.venue.meter.caps["ip"] = 1
    calm.core.venue.meter.patience = 0

    assert 418 == calm.send("GET", "account").status
    for path in ("/api/v3/time", "/sapi/v1/userDataStream", "/nowhere"):
        reply = calm.send("POST", path, signed=False)
        assert (418, "120") == (reply.status, reply.headers["Retry-After"])

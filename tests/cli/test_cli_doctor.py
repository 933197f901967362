"""``binance-margin doctor`` and ``account``: what is right, what is wrong, and what to do about it."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlsplit

import orjson
import pytest

from binance_margin_async import CROSS, Isolated, MarginClient
from binance_margin_async.cli.doctor import examine
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import run_virtual

REFUSED, UNREACHABLE = 4, 7
CHECKS = ["clock", "exchange", "API key", "account CROSS", "trade stream", "risk stream"]


def test_a_healthy_exchange_gets_a_good_word_for_every_check(command, served):
    """By the settings that ``sim serve`` prints, as for the real exchange."""
    ended = command("doctor", "--json", env=served)
    assert (0, "") == (ended.code, ended.err)
    assert [(check, "ok") for check in CHECKS] == [(row["check"], row["verdict"]) for row in ended.rows]


def test_the_embedded_exchange_is_examined_with_all_its_accounts(command):
    """No keys needed; one line per finding for people."""
    ended = command("doctor", "--sim")
    assert (0, "") == (ended.code, ended.err)
    lines = ended.out.splitlines()
    assert len(CHECKS) + 2 == len(lines)
    assert all(line.startswith("ok ") for line in lines)
    assert any("account ETHUSDT" in line for line in lines)


def test_an_account_is_shown_with_level_balances_and_debts(command):
    """One JSON object per account; amounts are decimal text."""
    ended = command("account", "--sim", "--json")
    assert (0, "") == (ended.code, ended.err)
    cross, isolated = ended.rows
    assert ("CROSS", "BTCUSDT") == (cross["account"], isolated["account"])
    assert {"BTC", "USDT"} == set(cross["assets"])
    assert {"free", "locked", "borrowed", "interest", "net"} == set(cross["assets"]["USDT"])
    amounts = {name: Decimal(text) for name, text in cross["assets"]["USDT"].items()}
    assert (Decimal(37_500), Decimal(-37_500)) == (amounts["borrowed"], amounts["net"])
    assert Decimal("1.6") == Decimal(cross["level"])


def test_a_served_account_is_shown_as_a_table(command, served):
    """For people, without control characters when nobody looks at a terminal."""
    ended = command("account", "--account", "CROSS", "--account", "ETHUSDT", env=served)
    assert (0, "") == (ended.code, ended.err)
    assert all(word in ended.out for word in ("CROSS", "ETHUSDT", "borrowed", "USDT", "BTC"))
    assert "\x1b" not in ended.out


# -- in virtual time, where the exchange's side can be changed -------------------------------------------------------


class Given:
    """Stands where the options are: the client is made already."""

    def __init__(self, client):
        self._client = client

    def client(self):
        return self._client, None


@pytest.fixture
def examined(capsys):
    """Examine a changed exchange; return exit code and findings."""

    def examine_changed(change, *, accounts=(CROSS,)):
        async def main():
            exchange = SimulatedExchange("calm")
            client = MarginClient(sim=exchange, accounts=accounts)
            await change(exchange, client)
            return await examine(Given(client), as_json=True)

        code = run_virtual(main())
        return code, [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]

    return examine_changed


def told_of(findings, verdict):
    return [(row["check"], row["text"]) for row in findings if row["verdict"] == verdict]


@pytest.mark.parametrize(
    ("right", "label"),
    [
        ("enable_spot_and_margin_trading", "Enable Spot & Margin Trading"),
        ("enable_margin", "Enable Margin Loan, Repay & Transfer"),
        ("permits_universal_transfer", "Permits Universal Transfer"),
    ],
)
def test_a_missing_right_is_named_as_binance_names_it(examined, right, label):
    """So that people find the very box to tick."""

    async def change(exchange, _client):
        setattr(exchange.core.rights, right, False)

    code, findings = examined(change)
    assert REFUSED == code
    ((check, text),) = told_of(findings, "problem")
    assert "API key" == check
    assert f"'{label}'" in text


def test_all_missing_rights_are_named_at_once(examined):
    """One visit to the exchange's pages should be enough."""

    async def change(exchange, _client):
        rights = exchange.core.rights
        rights.enable_spot_and_margin_trading = rights.enable_margin = rights.permits_universal_transfer = False

    _, findings = examined(change)
    assert 3 == len(told_of(findings, "problem"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-21001, "no portfolio-margin account, so the margin level applies"),
        (-21002, "the margin level watched here does not apply"),
        (-21003, "run this again in a second"),
    ],
)
def test_what_the_codes_about_portfolio_margin_mean_is_told_apart(examined, code, words):
    """Only one of the three is about an account of another kind."""

    async def change(exchange, _client):
        body = f'{{"code":{code},"msg":"x"}}'
        exchange.inject(Fault("reply", target="GET /sapi/v1/margin/account", status=400, body=body, times="always"))

    _, findings = examined(change)
    ((check, text),) = told_of(findings, "problem")
    assert "account CROSS" == check
    assert words in text


@pytest.mark.parametrize(
    ("right", "value", "words"),
    [("ip_restrict", False, "no IP restriction"), ("enable_withdrawals", True, "can withdraw")],
)
def test_a_dangerous_right_is_warned_of_and_is_no_failure(examined, right, value, words):
    """Promise X5, and of X4 the warning: the bot would run; its owner should sleep badly."""

    async def change(exchange, _client):
        setattr(exchange.core.rights, right, value)

    code, findings = examined(change)
    assert 0 == code
    ((check, text),) = told_of(findings, "warning")
    assert "API key" == check
    assert words in text


@pytest.mark.parametrize(("days", "warned"), [(3, 1), (29, 1), (31, 0)])
def test_a_right_to_trade_that_ends_soon_is_warned_of(examined, days, warned):
    """Promise X5: the day on which every order is refused should be no surprise."""

    async def change(exchange, _client):
        handle = exchange.core.handle

        def ending(request, now):
            reply = handle(request, now)
            if "apiRestrictions" not in request.target:
                return reply
            ends_ms = round(exchange._now()) + days * 86_400_000
            body = orjson.dumps(orjson.loads(reply.body) | {"tradingAuthorityExpirationTime": ends_ms})
            return replace(reply, body=body)

        exchange.core.handle = ending

    code, findings = examined(change)
    assert 0 == code
    assert warned == len(told_of(findings, "warning"))
    assert all("right to trade ends on" in text for _, text in told_of(findings, "warning"))


def test_a_key_that_may_not_read_is_explained_and_nothing_else_is_tried(examined):
    """Everything after it would be refused for the same reason."""

    async def change(exchange, _client):
        exchange.core.rights.enable_reading = False

    code, findings = examined(change)
    assert 3 == code
    ((check, text),) = told_of(findings, "problem")
    assert ("API key", True) == (check, text.startswith("-2015:"))
    assert ["clock", "exchange", "API key"] == [row["check"] for row in findings]


def test_an_account_that_is_not_open_is_explained(examined):
    """-3003 means nothing to a newcomer."""

    async def change(_exchange, _client):
        pass

    code, findings = examined(change, accounts=(CROSS, Isolated("BNBUSDT")))
    assert REFUSED == code
    check, text = told_of(findings, "problem")[0]
    assert "account BNBUSDT" == check
    assert "-3003" in text
    assert "open it at Binance" in text


def test_a_pair_that_is_switched_off_is_told(examined):
    """It can be looked at, but neither traded nor listened to."""

    async def change(exchange, _client):
        exchange.core.venue.book.accounts["BTCUSDT"].enabled = False

    code, findings = examined(change, accounts=(CROSS, Isolated("BTCUSDT")))
    assert REFUSED == code
    assert ("account BTCUSDT", "switched off: switch it on again at Binance") == told_of(findings, "problem")[0]


def test_a_refused_timestamp_is_explained(examined):
    """-1021 is about this computer's clock and network."""

    async def change(exchange, _client):
        body = '{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}'
        exchange.inject(Fault("reply", target="GET /sapi/v1/margin/account", status=400, body=body, times="always"))

    code, findings = examined(change)
    assert REFUSED == code
    texts = [text for check, text in told_of(findings, "problem") if check == "account CROSS"]
    assert texts[0].startswith("-1021:")


def test_blocked_websockets_are_told_with_the_reason(examined):
    """REST works behind many proxies where WebSockets do not."""

    async def change(exchange, client):
        async def refuse():
            await asyncio.sleep(0.001)
            asyncio.get_running_loop().network.refuse(urlsplit(exchange.risk_url).port)

        client.refusing = asyncio.create_task(refuse())

    code, findings = examined(change)
    assert UNREACHABLE == code
    problems = told_of(findings, "problem")
    assert ["trade stream", "risk stream"] == [check for check, _ in problems]
    assert all("no connection to the stream host" in text and "WebSocket" in text for _, text in problems)

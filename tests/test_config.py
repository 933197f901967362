"""Settings: where they come from, what beats what, and what is refused in a clear sentence."""

import copy
import os
import pickle
import ssl

import msgspec
import pytest

from binance_margin_async.config import ENV_FILE, Config, require_credentials
from binance_margin_async.errors import ConfigError, CredentialsError
from binance_margin_async.secret import Secret

KEY, SECRET = "k" * 16 + "-canary", "s" * 16 + "-canary"


@pytest.fixture
def settings(tmp_path):
    """Return a writer of settings files, private as they should be."""

    def write(text, name="margin.toml", mode=0o600):
        path = tmp_path / name
        path.write_text(text)
        path.chmod(mode)
        return path

    return write


def load(path=None, *, environ=None, **arguments):
    return Config.load(path, environ=environ or {}, **arguments)


# -- secrets -------------------------------------------------------------------------------------------------------


def test_a_secret_is_in_no_text_made_of_it():
    """repr, str, format and the config around it."""
    config = Config(api_key=Secret(KEY), api_secret=Secret(SECRET))
    texts = [f"{config.api_secret}", f"{config.api_secret!r}", str(config), repr(config), f"{[config.api_key]}"]

    assert [] == [text for text in texts if "canary" in text]
    assert "Secret(***)" in repr(config)


@pytest.mark.parametrize("leak", [pickle.dumps, copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"])
def test_a_secret_is_not_pickled_or_copied(leak):
    """A crash dump or a worker process must not carry it along."""
    with pytest.raises(TypeError, match="not pickled or copied") as caught:
        leak(Secret(SECRET))
    assert SECRET not in str(caught.value)


def test_a_secret_is_not_written_by_a_serialiser():
    """A config that somebody dumps as JSON fails instead of telling."""
    with pytest.raises(TypeError):
        msgspec.json.encode(Config(api_secret=Secret(SECRET)))


def test_secrets_are_equal_by_what_they_hold():
    """Two loads of the same file are the same settings."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert 1 == len({Secret("a"), Secret("a")})
    assert "a" == Secret("a").reveal()


# -- what beats what -----------------------------------------------------------------------------------------------


def test_an_argument_beats_the_environment_beats_the_file_beats_the_default(settings):
    """Four layers, tried on four settings."""
    path = settings('recv_window_ms = 1\nrest_url = "https://api1.binance.com"\nproxy = "http://file.test"\n')
    environ = {"BINANCE_MARGIN_RECV_WINDOW_MS": "2", "BINANCE_MARGIN_REST_URL": "https://api2.binance.com"}
    config = load(path, environ=environ, recv_window_ms=3)

    assert 3 == config.recv_window_ms
    assert "https://api2.binance.com" == config.rest_url
    assert "http://file.test" == config.proxy
    assert "wss://margin-stream.binance.com" == config.risk_url


def test_an_argument_of_none_means_not_given():
    """So that a command line can pass on what its user left out."""
    assert 7 == load(environ={"BINANCE_MARGIN_RECV_WINDOW_MS": "7"}, recv_window_ms=None).recv_window_ms


def test_the_environment_may_name_the_file(settings):
    """And an explicit path beats that name."""
    named, given = settings("recv_window_ms = 11", "named.toml"), settings("recv_window_ms = 12", "given.toml")

    assert 11 == load(environ={ENV_FILE: str(named)}).recv_window_ms
    assert 12 == load(given, environ={ENV_FILE: str(named)}).recv_window_ms


def test_without_any_source_the_settings_are_binances_own(monkeypatch):
    """Also from the process's real environment, which is read when no other is given."""
    for name in [name for name in os.environ if name.startswith("BINANCE_")]:
        monkeypatch.delenv(name)
    config = Config.load()

    assert Config() == config
    assert "https://api.binance.com" == config.rest_url
    assert "wss://ws-api.binance.com:443/ws-api/v3" == config.ws_api_url
    assert 5_000 == config.recv_window_ms
    assert not config.sign_listen_token
    assert not config.has_credentials


def test_every_address_can_come_from_the_environment():
    """Each variable stands for its own setting."""
    environ = {
        "BINANCE_MARGIN_REST_URL": "https://a.binance.com",
        "BINANCE_MARGIN_WS_API_URL": "wss://b.binance.com/ws-api/v3",
        "BINANCE_MARGIN_RISK_URL": "wss://c.binance.com",
        "BINANCE_MARGIN_MARKET_URL": "wss://m.binance.vision",
        "BINANCE_MARGIN_PROXY": "http://d.test:3128",
    }
    config = load(environ=environ)

    assert list(environ.values()) == [
        config.rest_url,
        config.ws_api_url,
        config.risk_url,
        config.market_url,
        config.proxy,
    ]


@pytest.mark.parametrize(
    "address",
    [
        "https://api.binance.com.example.org",
        "https://api.binance.com@example.org",
        "https://binance.com:443@example.org",
        "https://notbinance.com",
        "https://api.binance.com.",
        "https://192.0.2.1",
    ],
)
def test_an_address_that_is_not_binances_is_refused_unless_it_is_allowed(address):
    """Promise X3: a slip of the pen, or whoever can set a variable, must not send the key to a stranger."""
    for name in ("rest_url", "ws_api_url", "risk_url", "market_url", "legacy_stream_url"):
        told = address if name == "rest_url" else address.replace("https", "wss")
        with pytest.raises(ConfigError, match=rf"{name} leads to .*allow_custom_host"):
            Config(**{name: told})
        assert told == getattr(Config(**{name: told}, allow_custom_host=True), name)


def test_the_environment_alone_cannot_allow_another_host(settings):
    """It is where such an address would come from; a file or an argument can."""
    environ = {"BINANCE_MARGIN_REST_URL": "https://gateway.example", "BINANCE_MARGIN_ALLOW_CUSTOM_HOST": "true"}
    with pytest.raises(ConfigError, match="allow_custom_host"):
        load(environ=environ)
    assert load(settings("allow_custom_host = true"), environ=environ).allow_custom_host


def test_an_ssl_context_is_taken_as_it_is():
    """For a private certificate authority."""
    context = ssl.create_default_context()
    assert context is load(ssl_context=context).ssl_context


# -- keys ----------------------------------------------------------------------------------------------------------


def test_keys_come_from_the_environment_without_blanks_around_them():
    """A copied key likes to bring a newline."""
    config = load(environ={"BINANCE_API_KEY": f" {KEY}\n", "BINANCE_API_SECRET": SECRET})

    assert config.has_credentials
    assert (Secret(KEY), Secret(SECRET)) == (require_credentials(config), config.api_secret)


def test_keys_come_from_files_that_the_environment_names(settings):
    """The way containers hand over secrets."""
    key, secret = settings(f"{KEY}\n", "key"), settings(f"{SECRET}\n", "secret")
    config = load(environ={"BINANCE_API_KEY_FILE": str(key), "BINANCE_API_SECRET_FILE": str(secret)})

    assert (Secret(KEY), Secret(SECRET)) == (require_credentials(config), config.api_secret)


def test_keys_come_from_files_that_the_settings_file_names_beside_it(settings):
    """Relative to the settings file, not to where the program was started."""
    settings(KEY, "key")
    settings(SECRET, "secret")
    config = load(settings('api_key_file = "key"\napi_secret_file = "secret"\n', mode=0o644))

    assert (Secret(KEY), Secret(SECRET)) == (require_credentials(config), config.api_secret)


def test_keys_may_be_plain_text_arguments():
    """They become secrets at once."""
    config = load(api_key=KEY, api_secret=SECRET)

    assert Secret(KEY) == config.api_key
    assert "canary" not in repr(config)


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        ({}, "BINANCE_API_KEY"),
        ({"api_key": KEY}, "BINANCE_API_SECRET"),
        ({"api_secret": SECRET}, "BINANCE_API_KEY"),
        ({"api_key": KEY, "api_secret": ""}, "BINANCE_API_SECRET"),
    ],
)
def test_a_missing_key_is_named_together_with_the_ways_to_give_it(arguments, missing):
    """The sentence a newcomer meets first."""
    with pytest.raises(CredentialsError, match=rf"missing: {missing}\).*BINANCE_API_KEY_FILE.*simulated") as caught:
        require_credentials(load(**arguments))
    assert "canary" not in str(caught.value)


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("rest_url", "http://api.binance.com"),
        ("ws_api_url", "ws://ws-api.binance.com/ws-api/v3"),
        ("risk_url", "ws://margin-stream.binance.com"),
        ("market_url", "ws://stream.binance.com:9443"),
        ("rest_url", "http://127.0.0.1.example.com"),
        ("rest_url", "http://localhost@example.com"),
    ],
)
def test_clear_text_is_refused_everywhere_but_on_this_machine(name, address):
    """Promise X3: the key is a header of every request."""
    with pytest.raises(ConfigError, match=f"{name} must use .*clear text"):
        Config(**{name: address})


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:9000"])
def test_clear_text_is_fine_on_this_machine(host):
    """The simulated exchange has no certificate."""
    assert f"http://{host}" == Config(rest_url=f"http://{host}").rest_url
    assert f"ws://{host}/ws-api/v3" == Config(ws_api_url=f"ws://{host}/ws-api/v3").ws_api_url


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("rest_url", "api.binance.com"),
        ("rest_url", "wss://api.binance.com"),
        ("rest_url", ""),
        ("rest_url", "https://"),
        ("ws_api_url", "https://ws-api.binance.com"),
        ("risk_url", "wss://host:port"),
        ("risk_url", "wss://[::1"),
        ("risk_url", "wss://host:99999"),
    ],
)
def test_what_is_no_address_of_the_kind_is_refused_by_name(name, address):
    """Before anything is sent."""
    with pytest.raises(ConfigError, match=f"^{name} "):
        Config(**{name: address})


@pytest.mark.parametrize("value", [0, -1, 60_001])
def test_a_receive_window_outside_the_exchanges_bounds_is_refused(value):
    """60,000 ms is the exchange's maximum."""
    with pytest.raises(ConfigError, match="1 to 60,000"):
        Config(recv_window_ms=value)


@pytest.mark.parametrize("value", [-1, 600_001])
def test_an_engine_limit_that_cannot_be_one_is_refused(value):
    """With a negative one, an order that is on its way would be taken for refused."""
    with pytest.raises(ConfigError, match="engine_limit_ms"):
        Config(engine_limit_ms=value)


def test_what_a_power_cut_may_take_is_chosen_by_name():
    """By default nothing; a misspelt choice must not quietly mean less."""
    assert "full" == Config().journal_durability
    assert "normal" == load(environ={"BINANCE_MARGIN_JOURNAL_DURABILITY": "normal"}).journal_durability
    with pytest.raises(ConfigError, match="'full' or 'normal'"):
        load(environ={}, journal_durability="none")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("api_kye = 'x'", "api_kye"),
        ("recv_window_ms = '5000'", "recv_window_ms"),
        ("recv_window_ms = 0", "1 to 60,000"),
        ("sign_listen_token = 1", "sign_listen_token"),
        ("rest_url = http", "margin.toml"),
        ("api_key = 'x'\napi_key_file = 'y'", "both api_key and api_key_file"),
        ("api_secret_file = 'nowhere'", "nowhere"),
    ],
)
def test_a_wrong_line_of_the_file_is_one_clear_sentence(settings, text, told):
    """No traceback for a typing error."""
    with pytest.raises(ConfigError, match=told) as caught:
        load(settings(text))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_refused(settings):
    """Somebody named the wrong file."""
    path = settings("")
    path.write_bytes(b"api_key = '\xff\xfe'")
    with pytest.raises(ConfigError, match=r"margin\.toml"):
        load(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    """With the system's reason."""
    with pytest.raises(ConfigError, match=r"nowhere\.toml \(No such file"):
        load(tmp_path / "nowhere.toml")
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        load(environ={ENV_FILE: str(tmp_path / "nowhere.toml")})


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_holds_a_secret_must_be_private(settings, mode):
    """With the command that mends it."""
    with pytest.raises(ConfigError, match="chmod 600"):
        load(settings(f"api_secret = '{SECRET}'", mode=mode))


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_private_file_may_hold_the_secret(settings):
    """And one without a secret may be public."""
    assert Secret(SECRET) == load(settings(f"api_secret = '{SECRET}'")).api_secret
    assert 9 == load(settings("recv_window_ms = 9", mode=0o644)).recv_window_ms


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"BINANCE_API_KEY": "a", "BINANCE_API_KEY_FILE": "b"}, "both BINANCE_API_KEY and BINANCE_API_KEY_FILE"),
        ({"BINANCE_API_SECRET_FILE": "/nowhere/secret"}, "BINANCE_API_SECRET_FILE: cannot read"),
        ({"BINANCE_MARGIN_RECV_WINDOW_MS": "5s"}, "BINANCE_MARGIN_RECV_WINDOW_MS must be a whole number"),
    ],
)
def test_a_wrong_variable_is_named(environ, told):
    """The user has to find it in a long environment."""
    with pytest.raises(ConfigError, match=told):
        load(environ=environ)


@pytest.mark.parametrize(("content", "told"), [(b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "not text")])
def test_a_secret_file_without_a_secret_is_refused(settings, content, told):
    """Signing with an empty secret would only end in -1022."""
    path = settings("", "secret")
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=told):
        load(environ={"BINANCE_API_SECRET_FILE": str(path)})


def test_a_config_prints_neither_keys_nor_the_password_of_a_proxy():
    """A settings object ends up in logs and tracebacks."""
    config = Config(api_key=Secret("the-key"), api_secret=Secret("the-secret"), proxy="http://me:hunter2@proxy:3128")

    assert [] == [word for word in ("the-key", "the-secret", "hunter2") if word in repr(config)]

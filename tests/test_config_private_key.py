"""Settings of an RSA or Ed25519 key: a file, a text or a callable, in place of a secret."""

import os

import pytest

from binance_margin_async.config import Config, require_credentials
from binance_margin_async.errors import ConfigError
from binance_margin_async.secret import Secret

KEY, SECRET, PASSPHRASE = "k" * 16 + "-canary", "s" * 16 + "-canary", "p" * 16 + "-canary"
PEM = "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----"


@pytest.fixture
def files(tmp_path):
    """Return a writer of files, private as they should be."""

    def write(name, text, mode=0o600):
        path = tmp_path / name
        path.write_text(text)
        path.chmod(mode)
        return path

    return write


def load(path=None, *, environ=None, **arguments):
    return Config.load(path, environ=environ or {}, **arguments)


def test_the_environment_names_the_file_of_the_key(files):
    """And a private key with its API key is all that signing needs."""
    pem, passphrase = files("key.pem", f"{PEM}\n"), files("passphrase", f"{PASSPHRASE}\n")
    config = load(
        environ={
            "BINANCE_API_KEY": KEY,
            "BINANCE_PRIVATE_KEY_PATH": str(pem),
            "BINANCE_PRIVATE_KEY_PASSPHRASE_FILE": str(passphrase),
        }
    )

    assert Secret(PEM) == config.private_key
    assert Secret(PASSPHRASE) == config.private_key_passphrase
    assert config.has_credentials
    assert Secret(KEY) == require_credentials(config)


def test_a_passphrase_may_stand_in_the_environment_itself():
    """Like the secret."""
    assert Secret(PASSPHRASE) == load(environ={"BINANCE_PRIVATE_KEY_PASSPHRASE": PASSPHRASE}).private_key_passphrase


def test_the_settings_file_names_files_beside_it(files):
    """Relative to itself, not to where the program was started; it holds no secret, so it may be public."""
    files("key.pem", PEM)
    files("passphrase", PASSPHRASE)
    path = files(
        "margin.toml", 'private_key_path = "key.pem"\nprivate_key_passphrase_file = "passphrase"\n', mode=0o644
    )
    config = load(path)

    assert (Secret(PEM), Secret(PASSPHRASE)) == (config.private_key, config.private_key_passphrase)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_settings_file_that_holds_a_passphrase_must_be_private(files):
    """With the command that mends it."""
    with pytest.raises(ConfigError, match="chmod 600"):
        load(files("margin.toml", f"private_key_passphrase = '{PASSPHRASE}'", mode=0o644))
    private = files("margin.toml", f"private_key_passphrase = '{PASSPHRASE}'")
    assert Secret(PASSPHRASE) == load(private).private_key_passphrase


@pytest.mark.parametrize("pem", [PEM, PEM.encode()])
def test_a_key_may_be_an_argument(pem):
    """From a vault, as text or as bytes; it becomes a secret at once."""
    config = load(private_key=pem)
    assert Secret(PEM) == config.private_key
    assert "canary" not in repr(config)


def test_a_callable_may_be_the_key():
    """It is kept as it is."""
    assert sorted is load(api_key=KEY, private_key=sorted).private_key


def test_a_file_may_be_named_by_an_argument(files):
    """As a path or a text."""
    path = files("key.pem", PEM)
    assert Secret(PEM) == load(private_key_path=path).private_key == load(private_key_path=str(path)).private_key


def test_a_stronger_source_replaces_the_way_of_signing(files):
    """An old secret in the environment does not stand in the way of the key that the program names."""
    path, pem = files("margin.toml", f"api_secret = '{SECRET}'"), files("key.pem", PEM)
    environ = {"BINANCE_PRIVATE_KEY_PATH": str(pem)}

    assert (None, Secret(PEM)) == (load(path, environ=environ).api_secret, load(path, environ=environ).private_key)
    back = load(path, environ=environ, api_secret=SECRET)
    assert (Secret(SECRET), None) == (back.api_secret, back.private_key)
    assert Secret("other") == load(environ=environ, private_key="other").private_key


def test_a_passphrase_stays_when_a_stronger_source_names_the_key(files):
    """The key on the command line, its passphrase in the environment."""
    config = load(environ={"BINANCE_PRIVATE_KEY_PASSPHRASE": PASSPHRASE}, private_key_path=files("key.pem", PEM))
    assert (Secret(PEM), Secret(PASSPHRASE)) == (config.private_key, config.private_key_passphrase)


@pytest.mark.parametrize(
    "settings",
    [
        {"environ": {"BINANCE_API_SECRET": SECRET, "BINANCE_PRIVATE_KEY_PATH": "key.pem"}},
        {"api_secret": SECRET, "private_key": PEM},
        {"private_key": PEM, "private_key_path": "key.pem"},
    ],
)
def test_two_ways_of_signing_from_one_source_are_refused(settings):
    """Nobody can say which was meant."""
    with pytest.raises(ConfigError, match=r"and private_key(_path)? are given: .* keep one") as caught:
        load(**settings)
    assert "canary" not in str(caught.value)


def test_secret_and_private_key_exclude_each_other_in_a_file_and_in_code(files):
    """An API key has one kind."""
    files("key.pem", PEM)
    with pytest.raises(ConfigError, match="not both"):
        load(files("margin.toml", f"api_secret = '{SECRET}'\nprivate_key_path = 'key.pem'"))
    with pytest.raises(ConfigError, match="not both"):
        Config(api_secret=Secret(SECRET), private_key=Secret(PEM))


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"BINANCE_PRIVATE_KEY_PATH": "/nowhere/key.pem"}, r"cannot read /nowhere/key\.pem \(No such file"),
        (
            {"BINANCE_PRIVATE_KEY_PASSPHRASE": "a", "BINANCE_PRIVATE_KEY_PASSPHRASE_FILE": "b"},
            "both BINANCE_PRIVATE_KEY_PASSPHRASE and BINANCE_PRIVATE_KEY_PASSPHRASE_FILE",
        ),
    ],
)
def test_a_wrong_variable_is_said(environ, told):
    """With what is wrong about it."""
    with pytest.raises(ConfigError, match=told):
        load(environ=environ)


def test_a_key_in_binary_form_is_no_text(tmp_path):
    """DER instead of PEM."""
    path = tmp_path / "key.der"
    path.write_bytes(b"\x30\x82\xff\xfe")
    with pytest.raises(ConfigError, match=r"key\.der \(not text\)"):
        load(private_key_path=path)


def test_a_path_in_the_place_of_the_key_is_refused(tmp_path):
    """The text says where a file belongs."""
    with pytest.raises(ConfigError, match="a file goes to private_key_path"):
        load(private_key=tmp_path / "key.pem")

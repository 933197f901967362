"""API keys: what each signs with, may do, and acts for."""

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.signatures import KeyKind, kind_of

# Ends of what one account and one key may have (margin special key FAQ of 2026-05-14, read 2026-11-22).
SPECIAL_KEYS = 30
ADDRESSES = 30

# An initial placeholder of the exchange's own replies: no address was named.
ANY_ADDRESS = "0.0.0.0"  # noqa: S104  # a text in a reply, nothing is bound

_LETTERS = string.ascii_letters + string.digits


@dataclass(slots=True)
class KeyRights:
    """
    What a key may do; change it to see how a client takes a refusal.

    Attributes:
        ip_restrict: Whether only *allowed_ips* may use it.
        allowed_ips: Addresses, written as the connection shows them.
        enable_margin: Borrow, repay and transfer.
        trading_expires_at: When the right to trade ends, in epoch milliseconds; ``None`` for never.
    """

    ip_restrict: bool = True
    enable_reading: bool = True
    enable_spot_and_margin_trading: bool = True
    enable_margin: bool = True
    permits_universal_transfer: bool = True
    enable_withdrawals: bool = False
    allowed_ips: tuple[str, ...] = ("127.0.0.1", "::1")
    trading_expires_at: int | None = None

    def may_trade(self, now: int) -> bool:
        """Tell whether orders are allowed at *now*."""
        is_over = self.trading_expires_at is not None and now >= self.trading_expires_at
        return self.enable_spot_and_margin_trading and not is_over

    def may_come_from(self, address: str) -> bool:
        """Tell whether the key may be used from *address*."""
        return not self.ip_restrict or address in self.allowed_ips


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key and its secret; both are fakes."""

    api_key: str
    api_secret: str


@dataclass(slots=True)
class ApiKey:
    """
    One key.

    Attributes:
        api_key: Its public name.
        material: What signatures are checked with: the secret of an HMAC key, else the public key as PEM text.
        kind: How it signs.
        account: For a special key, the margin account that its ``/api`` calls act on; ``None`` for an ordinary key.
        name: Given by its owner.
        permission_mode: Of a special key: ``TRADE``, or ``READ`` for queries alone.
    """

    api_key: str
    material: str
    kind: KeyKind = "HMAC_SHA256"
    rights: KeyRights = field(default_factory=KeyRights)
    account: str | None = None
    name: str = "simulated"
    permission_mode: str = "TRADE"

    @property
    def is_special(self) -> bool:
        """Whether it is a low-latency key, which is for ``/api`` alone."""
        return self.account is not None


class KeyStore:
    """
    Every key that is accepted, oldest first.

    Attributes:
        keys: By their public names.
        on_removed: Called with a key that has just been removed, and the time.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.keys: dict[str, ApiKey] = {}
        self.on_removed: Callable[[ApiKey, int], None] = _ignore

    def add(self, key: ApiKey) -> ApiKey:
        """Take a key in, in place of one of the same name."""
        self.keys[key.api_key] = key
        return key

    def make(self, public_key: str | None = None, rights: KeyRights | None = None, *, name: str = "") -> ApiKey:
        """
        Return a new ordinary key.

        Args:
            public_key: PEM text of an RSA or Ed25519 key; an HMAC secret is made up without.
            rights: All but withdrawals when omitted.
            name: For people.

        Raises:
            ValueError: The text is no public key that the exchange takes.
            MissingExtraError: There is a public key, and the extra ``crypto`` is not installed.
        """
        kind: KeyKind = "HMAC_SHA256" if public_key is None else kind_of(public_key)
        material = self._text() if public_key is None else public_key
        return self.add(ApiKey(self._text(), material, kind, rights or KeyRights(), name=name))

    def make_special(
        self,
        account: str,
        *,
        name: str,
        public_key: str | None = None,
        addresses: Sequence[str] = (),
        permission_mode: str = "TRADE",
    ) -> ApiKey:
        """
        Return a new low-latency key for *account*: orders and queries under ``/api``, no loans, no transfers.

        Raises:
            RefusedError: -1130 for a public key of another kind, for too many addresses, and for ``READ`` without
                Ed25519; -3026 when the account has all the keys it may have.
        """
        if len(self.special(account)) >= SPECIAL_KEYS:
            raise RefusedError(-3026, f"An account may have at most {SPECIAL_KEYS} special keys.")
        check_addresses(addresses)
        try:
            key = self.make(public_key, name=name)
        except ValueError:
            raise _bad("publicKey") from None
        if permission_mode == "READ" and key.kind != "Ed25519":
            del self.keys[key.api_key]
            raise _bad("permissionMode")
        key.account, key.permission_mode = account, permission_mode
        key.rights = KeyRights(
            ip_restrict=bool(addresses),
            allowed_ips=tuple(addresses),
            enable_spot_and_margin_trading=permission_mode == "TRADE",
            enable_margin=False,
            permits_universal_transfer=False,
        )
        return key

    def special(self, account: str) -> list[ApiKey]:
        """Return the low-latency keys of *account*, oldest first."""
        return [key for key in self.keys.values() if key.account == account]

    def remove(self, key: ApiKey, now: int) -> None:
        """End a key at once; sessions that it opened end too."""
        if self.keys.pop(key.api_key, None) is not None:
            self.on_removed(key, now)

    def _text(self) -> str:
        return "".join(self._chance.choices(_LETTERS, k=64))


def check_addresses(addresses: Sequence[str]) -> None:
    """
    Check a list of addresses for a special key.

    Raises:
        RefusedError: -1130 for too many.
    """
    if len(addresses) > ADDRESSES:
        raise _bad("ip")


def _bad(name: str) -> RefusedError:
    return RefusedError(-1130, f"Data sent for parameter '{name}' is not valid.")


def _ignore(_key: ApiKey, _now: int) -> None:
    pass

"""Where requests may go, and with which key: the settings joined with the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from docsworn.contract.settings import Auth, BudgetSettings, ProviderSettings
from docsworn.errors import ConfigError
from docsworn.probe.tls import tls_context

_MASK = "****"


class Key:
    """A secret that shows as ``****`` wherever it is printed; ``reveal`` gives the text."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def reveal(self) -> str:
        """The secret itself, for the request header and nothing else."""
        return self._secret

    def __repr__(self) -> str:
        return _MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other._secret == self._secret

    def __hash__(self) -> int:
        return hash((Key, self._secret))

    def __reduce__(self) -> str:
        raise TypeError("a key is not pickled")


@dataclass(frozen=True, slots=True)
class Target:
    """One provider's API as this environment reaches it.

    ``host`` is the label under which history is kept; ``ids_env`` names the variable of the ids.
    ``deadline_seconds`` bounds one whole exchange.
    """

    provider: str
    base_url: str
    auth: Auth
    key: Key | None
    ids: tuple[str, ...] = field(repr=False)
    ca: Path | None
    host: str
    deadline_seconds: float
    budget: BudgetSettings
    ids_env: str = "IDS"


def resolve_target(
    settings: ProviderSettings,
    environ: Mapping[str, str],
    *,
    base_url: str | None = None,
    ca: Path | None = None,
) -> Target:
    """The target that settings and environment describe; a missing key leaves ``key`` None.

    ConfigError: a bad URL, plain http off loopback, a file that cannot be read, a key that cannot
    stand in a header.
    """
    origin = checked_url(base_url or settings.base_url)
    if ca is not None:
        tls_context(ca)
    ids_env = next(iter(settings.operations.values())).ids_env
    return Target(
        provider=settings.provider,
        base_url=origin.geturl().rstrip("/"),
        auth=settings.auth,
        key=_read_key(settings.auth, environ),
        ids=_split_ids(environ.get(ids_env, "")),
        ca=ca,
        host=origin.netloc.lower(),
        deadline_seconds=settings.deadline_seconds,
        budget=settings.budget,
        ids_env=ids_env,
    )


def checked_url(url: str) -> SplitResult:
    """The parts of a base URL, or ConfigError; messages never hold the URL, which might carry a password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ConfigError("the base URL cannot be read: write https://HOST or https://HOST:PORT") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError("the base URL begins with https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise ConfigError("the base URL holds a user or a password: keys come from the environment")
    if parts.query or parts.fragment:
        raise ConfigError("the base URL holds a query or a fragment: leave only scheme, host and path")
    if any(character.isspace() or not character.isprintable() for character in url):
        raise ConfigError("the base URL holds a space or a control character")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigError(f'plain http would show the key to the network: use https for "{host}"')
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own (``localhost``, 127.0.0.0/8, ``::1``)."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read_key(auth: Auth, environ: Mapping[str, str]) -> Key | None:
    name, text = auth.env, environ.get(auth.env, "").strip()
    file = environ.get(auth.file_env, "").strip()
    if not text and file:
        name, text = auth.file_env, _read_secret_file(Path(file), auth.file_env)
    if not text:
        return None
    if any(not "!" <= character <= "~" for character in text):
        raise ConfigError(
            f"{name}: the key holds a space, a control or a non-ASCII character: give the bare key, "
            f'without "{auth.prefix.strip() or auth.header}"'
        )
    return Key(text)


def _read_secret_file(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(f"{name}: the file cannot be read: {error.strerror}") from None
    except ValueError:
        raise ConfigError(f"{name}: the file is not UTF-8 text") from None


def _split_ids(text: str) -> tuple[str, ...]:
    """Comma-separated ids in their order, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))

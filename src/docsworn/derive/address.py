"""What may be derived from an address: the specification that the page links, its Markdown, its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

from docsworn.derive.document import METHODS
from docsworn.derive.page import decode_page
from docsworn.errors import DocswornError, DocumentError, NothingReachedError, UsageError
from docsworn.probe.fetch import Fetched, may_lead

Result = TypeVar("Result")

_PLAIN_SUFFIXES = (".md", ".mdx", ".txt", ".json", ".yaml", ".yml")
_MOST_LINKS = 3

# A target that is called a specification: in an attribute, a Markdown link, front matter or a fence's head.
_SPECIFICATION = r"[^\s\"'<>()\[\]`]*(?:openapi|swagger)[^\s\"'<>()\[\]`]*\.(?:json|ya?ml)"
_LINK = re.compile(
    rf"(?:href=[\"']?|\]\(|^openapi:\s*[\"']?|^`{{3,}}\s*ya?ml\s+)({_SPECIFICATION})",
    re.IGNORECASE | re.MULTILINE,
)
_ALTERNATE = re.compile(
    r"<link\b[^>]*?type=[\"'][^\"']*openapi[^\"']*[\"'][^>]*?href=[\"']([^\"'\s]+)[\"']", re.IGNORECASE
)
_CALL = re.compile(
    rf"^(?:(?:openapi|api):\s*[\"']?|`{{3,}}\s*(?:ya?ml|json)\s+)(?:\S+\s+)?({'|'.join(METHODS)})\s+(/[^\s\"'`]*)",
    re.IGNORECASE | re.MULTILINE,
)


class Getter(Protocol):
    """What fetches an address, as ``docsworn.probe.fetch.Fetcher`` does."""

    def get(self, url: str) -> Fetched:
        """The document at an address; a DocswornError says why there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A text that may be derived: ``document`` is its name in sources, ``how`` which attempt it is.

    ``call`` (``METHOD /path``) is what the page that links a specification is about, where it says so.
    """

    document: str
    address: str
    text: str
    how: str
    call: str | None = None


def is_address(source: str) -> bool:
    """Whether a source on the command line is an address and not a file."""
    return source.startswith(("https://", "http://"))


def attempts(url: str, getter: Getter) -> Iterator[Found]:
    """What is at an address, best first; each is fetched when it is asked for.

    The page itself must be there; a link or a Markdown twin that is not is passed over.
    """
    page = _found(getter.get(url), "the page")
    for link in specification_links(page):
        for found in _try(link, getter, "the specification that the page links"):
            yield replace(found, call=call_named(page.text))
    twin = _markdown_twin(page.address)
    if twin is not None:
        yield from _try(twin, getter, "its Markdown")
    yield page


def first_that(
    url: str, getter: Getter, derive: Callable[[Found], Result]
) -> tuple[Found, Result, tuple[str, ...]]:
    """The first attempt that can be derived, what came of it, and why those before it could not be.

    The error of the page itself where none can, followed by those of the attempts before it.
    """
    notes: list[str] = []
    failed: DocswornError = DocumentError(url, "nothing is there")
    for found in attempts(url, getter):
        try:
            return found, derive(found), tuple(notes)
        except (DocumentError, UsageError) as error:
            failed = error
            notes.append(f"passed over {found.how}: {error}")
    earlier = notes[:-1]
    raise UsageError("\n".join([str(failed), *earlier])) if earlier else failed


def specification_links(page: Found) -> tuple[str, ...]:
    """The first addresses of specifications that a page names, itself not among them."""
    if page.address.split("?")[0].endswith((".json", ".yaml", ".yml")):
        return ()
    named = [match[1] for pattern in (_ALTERNATE, _LINK) for match in pattern.finditer(page.text)]
    absolute = dict.fromkeys(urljoin(page.address, target) for target in named)
    allowed = [link for link in absolute if link != page.address and may_lead(page.address, link)]
    return tuple(allowed[:_MOST_LINKS])


def call_named(text: str) -> str | None:
    """The call that a page's front matter or the head of its fence names, as ``METHOD /path``."""
    match = _CALL.search(text)
    return f"{match[1].upper()} {match[2]}" if match else None


def _try(url: str, getter: Getter, how: str) -> Iterator[Found]:
    try:
        yield _found(getter.get(url), how)
    except (DocumentError, NothingReachedError, UsageError):
        return


def _found(fetched: Fetched, how: str) -> Found:
    name = PurePosixPath(urlsplit(fetched.url).path).name or urlsplit(fetched.url).netloc
    text = decode_page(fetched.content, name, fetched.charset)
    return Found(name, fetched.url, text, how)


def _markdown_twin(address: str) -> str | None:
    """Where documentation sites keep a page's Markdown; None for what is no page of HTML."""
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    if not path or path.endswith(_PLAIN_SUFFIXES):
        return None
    return parts._replace(path=f"{path.removesuffix('.html')}.md", query="").geturl()

"""From a page's address to what can be derived: the linked specification, the Markdown twin, the text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from docsworn.derive import Derivation, derive
from docsworn.derive.address import Found, call_named, first_that, is_address, specification_links
from docsworn.errors import DocumentError
from docsworn.probe.fetch import Fetcher
from tests.derive.rows import PAGES
from tests.derive.site import Site, serving

MARKDOWN = (PAGES / "mintlify-fence.md").read_text(encoding="utf-8")
SPECIFICATION = """\
openapi: 3.1.0
info: {title: Kites, version: "1"}
paths:
  /kites/{id}:
    get:
      operationId: getKite
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: A kite
          content:
            application/json:
              schema: {type: object, properties: {size: {type: number}}, required: [size]}
"""


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty site."""
    with serving() as served:
        yield served


def read(found: Found) -> Derivation:
    """The derivation of an attempt."""
    return derive(found.text, document=found.document)


def test_the_linked_specification_comes_first(site: Site) -> None:
    """A page that links its OpenAPI document is read by that."""
    site.put("/openapi.yaml", SPECIFICATION, "application/yaml")
    page = site.put("/docs/get-kite", '<a class="x" href="../openapi.yaml">OpenAPI</a>')
    found, derivation, passed = first_that(page, Fetcher(), read)
    assert (found.address, found.document) == (f"{site.url}/openapi.yaml", "openapi.yaml")
    assert found.how == "the specification that the page links"
    assert [fact.pointer for fact in derivation.facts] == ["/id", "", "/size"]
    assert passed == ()
    assert site.asked == ["/docs/get-kite", "/openapi.yaml"]


def test_then_the_markdown_twin(site: Site) -> None:
    """Where the link leads nowhere or to no specification, the page's Markdown is next."""
    site.put("/swagger.json", "{}", "application/json")
    site.put("/docs/get-kite.md", MARKDOWN, "text/markdown")
    page = site.put("/docs/get-kite", "[one](/openapi.json) [two](/swagger.json) <p>Get a kite</p>")
    found, derivation, passed = first_that(page + "?tab=1", Fetcher(), read)
    assert (found.address, found.how) == (f"{site.url}/docs/get-kite.md", "its Markdown")
    assert derivation.format == "mintlify-fence"
    assert len(passed) == 1
    assert passed[0].startswith("passed over the specification that the page links: swagger.json")
    assert site.asked == ["/docs/get-kite?tab=1", "/openapi.json", "/swagger.json", "/docs/get-kite.md"]


def test_then_the_page_itself(site: Site) -> None:
    """What stands at the address is the last attempt; a page of Markdown has no twin to look for."""
    page = site.put("/docs/get-kite.md", MARKDOWN, "text/markdown")
    found, derivation, _passed = first_that(page, Fetcher(), read)
    assert (found.how, derivation.format) == ("the page", "mintlify-fence")
    assert site.asked == ["/docs/get-kite.md"]


def test_a_page_that_says_nothing(site: Site) -> None:
    """The reason is the page's own."""
    page = site.put("/docs/diary", "Dear diary, nothing to see.", "text/plain")
    with pytest.raises(DocumentError, match="diary: "):
        first_that(page, Fetcher(), read)


def test_a_page_that_is_not_there(site: Site) -> None:
    """Nothing else is tried."""
    with pytest.raises(DocumentError, match="/gone: the server answers with status 404"):
        first_that(f"{site.url}/gone", Fetcher(), read)
    assert site.asked == ["/gone"]


@pytest.mark.parametrize(
    ("content", "kind", "complaint"),
    [
        (b"\xff\xfe", "text/plain", ":1: the page is not UTF-8 text"),
        (b"ok", "text/plain; charset=rot13", "the page's server names an unknown encoding"),
        (b"\xff", "text/plain; charset=ascii", "not in the encoding that its server names"),
    ],
)
def test_encodings(site: Site, content: bytes, kind: str, complaint: str) -> None:
    """The encoding that the server names is used, and must fit."""
    with pytest.raises(DocumentError, match=complaint):
        first_that(site.put("/page", content, kind), Fetcher(), read)


def test_another_encoding_is_read(site: Site) -> None:
    """A page need not be UTF-8 where its server says so."""
    text = MARKDOWN.replace("kite", "Drachenüberblick")
    page = site.put("/page.md", text.encode("latin-1", "replace"), "text/markdown; charset=ISO-8859-1")
    assert first_that(page, Fetcher(), read)[1].format == "mintlify-fence"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ('<a href="openapi.json">', ["https://kites.example/docs/openapi.json"]),
        ("[spec](https://cdn.kites.example/v1/swagger.yml)", ["https://cdn.kites.example/v1/swagger.yml"]),
        ("---\nopenapi: /api/openapi.yaml GET /kites\n---", ["https://kites.example/api/openapi.yaml"]),
        ("````yaml /openapi.json get /kites/{id}\n", ["https://kites.example/openapi.json"]),
        (
            '<link rel="service-desc" type="application/openapi+json" href="/desc">',
            ["https://kites.example/desc"],
        ),
        ('<a href="http://127.0.0.1/openapi.json">', []),
        ('<a href="http://kites.example/openapi.json">', []),
        ("openapi.json is mentioned in passing", []),
        ("---\nopenapi: GET /kites\n---", []),
    ],
)
def test_what_is_a_link_to_a_specification(text: str, links: list[str]) -> None:
    """Attributes, Markdown links, front matter and heads of fences; never from the internet to here."""
    page = Found("page", "https://kites.example/docs/page", text, "the page")
    assert list(specification_links(page)) == links


def test_few_links_are_tried() -> None:
    """Three at most, each once."""
    text = "".join(f'<a href="/{at // 2}/openapi.json">' for at in range(20))
    page = Found("page", "https://kites.example/docs/page", text, "the page")
    assert len(specification_links(page)) == 3


def test_what_is_an_address() -> None:
    """Anything else is a file."""
    assert is_address("https://kites.example/page")
    assert not is_address("docs/https.md")


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("---\nopenapi: get /kites/{id}\n---", "GET /kites/{id}"),
        ("---\ntitle: x\nopenapi: '/openapi.yaml POST /kites'\n---", "POST /kites"),
        ("````yaml https://kites.example/openapi.json get /kites/{id}\n", "GET /kites/{id}"),
        ("We get /kites often.", None),
    ],
)
def test_the_call_that_a_page_is_about(text: str, call: str | None) -> None:
    """Front matter and heads of fences name it; prose does not."""
    assert call_named(text) == call

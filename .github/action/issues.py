"""Opens or updates one GitHub issue for each error in a report of ``docsworn check --export json=FILE``.

An issue is found again by the fingerprint of its finding. One that people have closed stays closed, unless
the finding had been fixed and is back. Only the standard library is needed; the token goes to the host of
GITHUB_API_URL alone.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

LABEL = "docsworn"
MOST = 20  # issues a run may open: more is an outage of sense, and the report has them all
MARK = re.compile(r"<!-- docsworn:([0-9a-f]{16}) -->")
LOOPBACK = ("127.0.0.1", "localhost")


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing: the token must not go elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        """No request."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The issues of one repository."""

    address: str
    token: str

    def call(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """What GitHub answers to a request; HTTPError or URLError where it refuses."""
        request = Request(  # noqa: S310 - main has looked at the scheme
            f"{self.address}{path}",
            method=method,
            data=None if data is None else json.dumps(data).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        # A runner behind a proxy has it in its environment; loopback is never asked through one.
        proxies: dict[str, str] | None = {} if urlsplit(self.address).hostname in LOOPBACK else None
        with build_opener(_NoRedirect, ProxyHandler(proxies)).open(request, timeout=30) as answer:
            return json.load(answer)

    def known(self) -> dict[str, Mapping[str, Any]]:
        """The issues that this program has opened, by fingerprint."""
        found: dict[str, Mapping[str, Any]] = {}
        for page in range(1, 11):
            issues = self.call("GET", f"/issues?state=all&labels={LABEL}&per_page=100&page={page}")
            for issue in issues:
                if mark := MARK.search(issue.get("body") or ""):
                    found.setdefault(mark[1], issue)
            if len(issues) < 100:
                break
        return found


def errors(report: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each error of a report once, with its run."""
    seen: set[str] = set()
    for run in report["runs"]:
        for finding in run["findings"]:
            if finding["severity"] == "error" and finding["fingerprint"] not in seen:
                seen.add(finding["fingerprint"])
                yield run, finding


def issue_of(run: Mapping[str, Any], finding: Mapping[str, Any], link: str) -> dict[str, str]:
    """Title and body of the issue for a finding; what a provider wrote stands as code and calls nobody."""
    since = (finding["history"] or {}).get("first_seen", "this run")
    source = finding["source"]
    rows = (
        ("revision", run["revision"]),
        ("promise", finding["promise"]),
        ("place", finding["pointer"] or "/"),
        ("documented", finding["documented"]),
        ("seen", finding["observed"]),
        ("source", f"{source['document']}:{source['line']}"),
        ("case", finding["case"]),
        ("first seen", since),
        ("waive", _waive(run["provider"], finding)),
    )
    told = "\n".join(f"    {name + ':':<12}{_plain(str(value))}" for name, value in rows)
    title = f"{run['provider']}: {finding['kind']} at {finding['pointer'] or '/'} of {run['operation']}"
    return {
        "title": _plain(title)[:200],
        "body": f"<!-- docsworn:{finding['fingerprint']} -->\nA promise of the documentation is broken.\n\n"
        f"{told}\n\nLast seen by [this run]({link}). docsworn keeps this text up to date.\n",
    }


def _waive(provider: str, finding: Mapping[str, Any]) -> str:
    """The command that waives the finding, as reports show it."""
    place = ("--pointer", finding["pointer"]) if finding["pointer"] else ()
    return f'{shlex.join(("docsworn", "waive", provider, finding["promise"], *place))} --reason "why"'


def _plain(text: str) -> str:
    """One line of printable characters; GitHub calls nobody whose @ is followed by a zero-width space."""
    return "".join(sign if sign.isprintable() else " " for sign in text).replace("@", "@\u200b")


def tell(repository: Repository, report: Mapping[str, Any], link: str) -> Iterator[str]:
    """Open or update an issue for each error; a sentence for what was done."""
    known = repository.known()
    opened = 0
    for run, finding in errors(report):
        fingerprint = finding["fingerprint"]
        wanted: dict[str, Any] = issue_of(run, finding, link)
        issue = known.get(fingerprint)
        if issue is None:
            if opened == MOST:
                yield f"{MOST} issues were opened: for the others see the report"
                return
            opened += 1
            issue = repository.call("POST", "/issues", {**wanted, "labels": [LABEL]})
            yield f"opened #{issue['number']} for {fingerprint}"
            continue
        if issue["state"] == "closed":
            if (finding["history"] or {}).get("state") != "reopened":
                yield f"#{issue['number']} for {fingerprint} was closed by somebody and stays so"
                continue
            wanted["state"] = "open"
        repository.call("PATCH", f"/issues/{issue['number']}", wanted)
        yield f"updated #{issue['number']} for {fingerprint}"


def main(report_file: str, environ: Mapping[str, str]) -> int:
    """Read the report and tell GitHub; 1 where GitHub refuses."""
    file = Path(report_file)
    if not file.is_file():
        print("no report was written, so there is nothing to open an issue about")
        return 0
    api = urlsplit(environ["GITHUB_API_URL"])
    if api.scheme != "https" and api.hostname not in LOOPBACK:
        print("GITHUB_API_URL is not https: the token is not sent", file=sys.stderr)
        return 1
    name = environ["GITHUB_REPOSITORY"]
    link = f"{environ['GITHUB_SERVER_URL']}/{name}/actions/runs/{environ['GITHUB_RUN_ID']}"
    repository = Repository(f"{api.geturl().rstrip('/')}/repos/{name}", environ["TOKEN"])
    try:
        for sentence in tell(repository, json.loads(file.read_text(encoding="utf-8")), link):
            print(sentence)
    except HTTPError as error:
        print(f"GitHub answered {error.code}: does the job have issues: write?", file=sys.stderr)
        return 1
    except URLError as error:
        print(f"GitHub could not be reached ({type(error.reason).__name__})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ))

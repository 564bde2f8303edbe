"""``docsworn watch`` as a process of its own: probes, reload, and being killed at any moment."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from docsworn.export.catalogue import METRICS, NOBODY, Type
from docsworn.observe.history import History
from docsworn.observe.journal import Journal
from docsworn.watch.connectivity import Connectivity
from docsworn.watch.prober import Means, Prober
from tests.cli.conftest import Docsworn
from tests.cli.kites import GOOD, PAGE
from tests.derive.site import Site, serving
from tests.watch.kites import ENVIRONMENT, KEY, fly, target, write_config

WAIT = 40.0
PLANTED = "a planted value, with 'quotes'"


class Watch:
    """A watch that runs; ``said`` is everything that it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        assert process.stderr is not None
        threading.Thread(target=self._listen, args=(process.stderr,), daemon=True).start()
        self.wait_for(lambda: any(line.startswith("serving ") for line in self.said))
        (line,) = (line for line in self.said if line.startswith("serving "))
        self.url = line.split()[1].removesuffix("/metrics")

    def _listen(self, stream: IO[str]) -> None:
        self.said.extend(stream)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds."""
        deadline = time.monotonic() + WAIT
        while not condition():
            assert time.monotonic() < deadline, self.said
            time.sleep(0.02)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """The answer to a GET."""
        return httpx.get(self.url + path, headers=headers, timeout=WAIT)

    def value(self, series: str, path: str = "/metrics") -> float | None:
        """The value of the one series whose name and labels match; None where there is none."""
        found = re.findall(rf"^{series}(?:{{[^}}]*}})? (\S+)$", self.get(path).text, re.MULTILINE)
        return float(found[0]) if found else None

    def end(self) -> float:
        """Send SIGTERM; how long it takes to end with code 0."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(WAIT) == 0
        return time.monotonic() - began


@contextmanager
def watching(config: Path, *arguments: str) -> Iterator[Watch]:
    """A process with this configuration, on a free port."""
    command = [sys.executable, "-m", "docsworn", "watch", "--config", str(config), "--listen", "127.0.0.1:0"]
    with subprocess.Popen(
        [*command, *arguments], stderr=subprocess.PIPE, text=True, env={**ENVIRONMENT, "PATH": ""}
    ) as process:
        try:
            yield Watch(process)
        finally:
            process.kill()


@pytest.fixture
def site() -> Iterator[Site]:
    """An API where every kite flies."""
    with serving() as found:
        fly(found)
        yield found


def test_a_kill_at_any_moment_loses_no_count(tmp_path: Path, site: Site) -> None:
    """A process that is killed again and again sends no more than its budget of a day."""
    lines = ("interval: 0.05", "budget: {per_minute: 20, per_day: 20}")
    config = write_config(tmp_path, site.url, *lines, top=("history: h.db",))
    for so_far in (2, 10):
        with watching(config) as watch:
            watch.wait_for(lambda so_far=so_far: len(site.asked) > so_far)  # type: ignore[misc]
            watch.process.kill()
    with watching(config) as watch:
        watch.wait_for(
            lambda: watch.value('docsworn_probe_failures_total.*reason="budget".*') not in (None, 0)
        )
        assert watch.value('docsworn_budget_remaining{provider="kites",window="day"}') == 0
    # What was counted but killed before it was sent is lost, never the other way round.
    assert 10 < len(site.asked) <= 20


def test_reload_takes_what_is_good_and_keeps_what_was(tmp_path: Path, site: Site) -> None:
    """POST and SIGHUP read the file again; a bad one changes nothing and is told with its line."""
    config = write_config(tmp_path, site.url, "interval: 600")
    with watching(config) as watch:
        watch.wait_for(lambda: watch.get("/-/ready").status_code == 200)
        text = config.read_text(encoding="utf-8")
        config.write_text(f"{text}    intervall: 3\n", encoding="utf-8")
        answer = httpx.post(f"{watch.url}/-/reload", timeout=WAIT)
        assert (answer.status_code, answer.text.splitlines()[0]) == (
            500,
            'docsworn.yaml:6: unknown key "intervall" in /providers/kites: did you mean "interval"?',
        )
        assert watch.value("docsworn_config_last_reload_successful") == 0
        watch.wait_for(lambda: "the configuration before is in use\n" in watch.said)
        assert watch.value("docsworn_probe_interval_seconds") == 600
        assert watch.value("docsworn_probes_total") == 1
        assert "<td>kites@v1</td><td>✓ up</td><td>kept; 0 others</td>" in watch.get("/").text
        site.put("/kites/new", json.dumps({**GOOD, "id": "new"}), "application/json")
        more = f"  spare: {{contract: kites, base_url: '{site.url}', interval: 0.1}}\n"
        config.write_text(text + more, encoding="utf-8")
        watch.process.send_signal(signal.SIGHUP)
        watch.wait_for(lambda: (watch.value('docsworn_probes_total{[^}]*"spare"}') or 0) > 1)
        assert watch.value("docsworn_config_last_reload_successful") == 1
        assert watch.value('docsworn_probes_total{[^}]*"kites"}') == 1
        config.write_text(text, encoding="utf-8")
        cross = httpx.post(f"{watch.url}/-/reload", headers={"Origin": "https://evil.example"}, timeout=WAIT)
        assert cross.status_code == 403
        assert httpx.post(f"{watch.url}/-/reload", timeout=WAIT).text == "reloaded\n"
        assert 'provider="spare"' not in watch.get("/metrics").text
        assert watch.end() < 5


def test_a_restart_forgets_no_result(tmp_path: Path, site: Site) -> None:
    """While the provider asks for a pause, a new process still says what was seen last, and asks nobody."""
    del site.pages["/kites/k3"]
    config = write_config(tmp_path, site.url, "interval: 0.5", top=("history: h.db",))
    series: dict[str, float | None] = {
        "docsworn_probe_success": 0,
        "docsworn_fixture_present": 0,
        "docsworn_contract_conforming": 1,
        "docsworn_last_probe_timestamp_seconds": None,
    }
    with watching(config) as watch:
        watch.wait_for(lambda: watch.value("docsworn_fixture_present") == 0)
        site.pages["/kites/k1"] = (429, {"Retry-After": "600"}, b"")
        watch.wait_for(lambda: any("kites: paused: " in line for line in watch.said))
        series["docsworn_last_probe_timestamp_seconds"] = watch.value("docsworn_last_probe_timestamp_seconds")
        watch.process.kill()
        assert "".join(watch.said).count("kites: down: get_kite: fixture_gone") == 1
        assert sum("kites: paused: " in line for line in watch.said) == 1
    asked = len(site.asked)
    with watching(config) as watch:
        for name, value in series.items():
            assert watch.value(name) == value, name
        assert watch.value("docsworn_rate_limited_total") == 0
        page = watch.get("/probe?target=kites&debug=true").text
        assert "nothing is sent until" in page
        assert "‖ asked to pause until " in watch.get("/").text
    assert len(site.asked) == asked


def test_a_history_that_takes_nothing_is_told_once(tmp_path: Path, site: Site) -> None:
    """A full disk, say: nothing is sent that cannot be counted, and rounds go on once it takes them again."""
    config = write_config(tmp_path, site.url, "interval: 0.1", top=("history: h.db",))
    failed, again = "kites: the round failed, by docsworn's own fault: ", "kites: rounds are held again\n"
    with watching(config) as watch, closing(sqlite3.connect(tmp_path / "h.db", timeout=WAIT)) as database:
        watch.wait_for(lambda: watch.get("/-/ready").status_code == 200)
        database.execute("CREATE TRIGGER full BEFORE INSERT ON spent BEGIN SELECT RAISE(FAIL, 'full'); END")
        database.commit()
        watch.wait_for(lambda: any(line.startswith(failed) for line in watch.said))
        asked = len(site.asked)
        time.sleep(0.5)
        assert len(site.asked) == asked
        assert watch.get("/-/healthy").status_code == 200
        database.execute("DROP TRIGGER full")
        database.commit()
        watch.wait_for(lambda: again in watch.said)
        assert sum(line.startswith(failed) for line in watch.said) == 1
        assert watch.end() < 5


def test_a_hanging_provider_does_not_hold_the_process(tmp_path: Path, site: Site) -> None:
    """SIGTERM ends it within 5 s although an answer never comes, and nothing of that round is kept."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = write_config(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}", top=("history: h.db",))
        with config.open("a", encoding="utf-8") as file:
            file.write(f"  spare: {{contract: kites, base_url: '{site.url}', interval: 0.1}}\n")
        with watching(config) as watch:
            watch.wait_for(lambda: (watch.value('docsworn_probes_total{[^}]*"spare"}') or 0) > 3)
            assert watch.value('docsworn_probes_total{[^}]*"kites"}') == 0
            assert watch.end() < 5


def test_probe_asks_once_for_many(tmp_path: Path, site: Site) -> None:
    """Two scrapers at once, and a third a little later, cost the provider one round."""
    config = write_config(tmp_path, site.url, "scheduled: false", "min_interval: 3600")
    with watching(config) as watch:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: watch.get("/probe?target=kites"), range(8)))
        answers.append(watch.get("/probe?target=kites"))
        assert len(site.asked) == 3
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        assert 'docsworn_probe_success{operation="get_kite",provider="kites"} 1.0' in answers[0].text
        assert "_total" not in answers[0].text
        opened = watch.get("/probe?target=kites", Accept="application/openmetrics-text")
        assert opened.headers["content-type"].startswith("application/openmetrics-text")
        assert watch.value("docsworn_probes_total") == 1


def test_probe_knows_configured_names_only(tmp_path: Path, site: Site) -> None:
    """A name nobody knows, an address and no name at all are refused with what is known."""
    config = write_config(
        tmp_path, site.url, "scheduled: false", top=("modules: {quick: {checks: [status]}}",)
    )
    with watching(config) as watch:
        for query in ("target=kits", f"target={site.url}/kites/k1", "target=kites&module=slow", "target="):
            answer = watch.get(f"/probe?{query}")
            assert answer.status_code == 404
            assert "known targets:\n  kites\nknown modules:\n  default\n  quick\n" in answer.text
        assert watch.get("/probe").status_code == 400
        assert site.asked == []
        assert watch.get("/probe?target=kites&module=quick").status_code == 200
        assert len(site.asked) == 3


def test_a_probe_ends_before_its_scrape(tmp_path: Path) -> None:
    """The header of Prometheus bounds the probe: a server that never answers is a timeout, in time."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = write_config(
            tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}", "scheduled: false", "cases_per_round: 1"
        )
        with watching(config) as watch:
            path = "/probe?target=kites"
            answer = watch.get(path, **{"X-Prometheus-Scrape-Timeout-Seconds": "1"})
            # The last moment is ours: either the probe has timed out, or it is still under way.
            assert answer.status_code in (200, 503)
            watch.wait_for(lambda: watch.get(path).status_code == 200)
            assert 'docsworn_probe_success{operation="get_kite",provider="kites"} 0.0' in watch.get(path).text


def test_an_account_says_whether_it_was_probed_now(tmp_path: Path, site: Site) -> None:
    """During a pause the last result is given again, and called an earlier one."""
    site.pages["/kites/k2"] = (429, {"Retry-After": "600"}, b"")
    config = write_config(tmp_path, site.url, "scheduled: false", "min_interval: 0.001")
    with watching(config) as watch:
        said = [watch.get("/probe?target=kites&debug=true").text.splitlines()[1] for _ in range(2)]
    assert [line.partition(";")[0] for line in said] == ["probed now", "the result of an earlier probe"]


def test_what_is_said_holds_no_value(tmp_path: Path, site: Site) -> None:
    """Keys, ids and values of bodies are in no page, no metric, no account and no log."""
    site.put("/kites/k1", json.dumps({**GOOD, "size": PLANTED, PLANTED: PLANTED}), "application/json")
    del site.pages["/kites/k2"]
    site.pages["/kites/k3"] = (429, {"Retry-After": PLANTED, "X-Secret": PLANTED}, PLANTED.encode())
    config = write_config(tmp_path, site.url, "interval: 0.2", "error_contract: always")
    with watching(config) as watch:
        watch.wait_for(lambda: watch.get("/-/ready").status_code == 200)
        account = watch.get("/probe?target=kites&debug=true").text
        texts = [account, *(watch.get(path).text for path in ("/metrics", "/", "/probe?target=kites"))]
        watch.end()
        texts.append("".join(watch.said))
    assert "error type at /size" in account
    assert "<td>‖ asked to pause until " in texts[2]
    assert "get_kite/good/2 was never there: is the id right?" in account
    for private in (KEY, PLANTED, "k2", "/kites/"):
        assert not any(private in text for text in texts)


def test_a_live_scrape_is_what_the_page_says(
    tmp_path: Path, site: Site, require: Callable[[str], str]
) -> None:
    """Each metric of docs/metrics.md is scraped, each scraped one stands there, and promtool is content."""
    page = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
    config = write_config(tmp_path, site.url, "interval: 0.2", top=("connectivity: ['127.0.0.1:9']",))
    with watching(config) as watch:
        watch.wait_for(lambda: watch.get("/-/ready").status_code == 200)
        text = watch.get("/metrics").text
    done = subprocess.run(
        [require("promtool"), "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    scraped = set(re.findall(r"^# HELP (\S+)", text, re.MULTILINE))
    ours = {name for name in scraped if name.startswith("docsworn_")}
    assert ours == {metric.exported for metric in METRICS}
    assert all(f"`{name}`" in page for name in ours)
    assert {"process_resident_memory_bytes", "python_info", "python_gc_objects_collected_total"} <= scraped
    bare = [one.exported for one in METRICS if one.scope == NOBODY and one.type is Type.GAUGE]
    assert all(re.search(rf"^{name} \S+$", text, re.MULTILINE) for name in bare)


def test_own_network_is_told_from_theirs(tmp_path: Path) -> None:
    """While nobody can be connected to, failures are our own network's; then it is probed again at once."""
    with socket.create_server(("127.0.0.1", 0)) as reference:
        port = reference.getsockname()[1]
    config = write_config(tmp_path, "http://127.0.0.1:9", top=(f"connectivity: ['127.0.0.1:{port}']",))
    with watching(config) as watch:
        watch.wait_for(lambda: watch.get("/-/ready").status_code == 200)
        assert watch.value("docsworn_own_connectivity") == 0
        assert "<td>? our own network is gone</td>" in watch.get("/").text
        assert watch.value('docsworn_probe_failures_total{[^}]*"own_network"}') == 1
        assert watch.value('docsworn_probe_failures_total{[^}]*"connect"}') == 0
        with socket.create_server(("127.0.0.1", port)):
            watch.wait_for(lambda: watch.value("docsworn_own_connectivity") == 1)
            watch.wait_for(lambda: watch.value('docsworn_probe_failures_total{[^}]*"connect"}') == 1)


def test_changed_documentation_is_told_and_remembered(tmp_path: Path, site: Site) -> None:
    """The page is compared with the contract; a new process knows without reading it again."""
    address = site.put("/page", PAGE, "application/yaml")

    def every(seconds: float) -> Path:
        lines = ("scheduled: false", f"documentation: {{address: '{address}', interval: {seconds}}}")
        return write_config(tmp_path, site.url, *lines, top=("history: h.db",))

    with watching(every(0.2)) as watch:
        watch.wait_for(lambda: watch.value("docsworn_documentation_changed") == 0)
        site.put("/page", PAGE.replace("size: {type: number}", "size: {type: string}"), "application/yaml")
        watch.wait_for(lambda: watch.value("docsworn_documentation_changed") == 1)
    read = site.asked.count("/page")
    with watching(every(3600)) as watch:
        assert watch.value("docsworn_documentation_changed") == 1
        assert (watch.value("docsworn_documentation_last_check_timestamp_seconds") or 0) > 1e9
    assert site.asked.count("/page") == read


def test_who_leaves_or_dawdles_leaves_it_serving(tmp_path: Path, site: Site) -> None:
    """Early leavers, a reader of one byte, garbage and 200 scrapes at once: the watch goes on."""
    config = write_config(tmp_path, site.url, "interval: 0.2")
    with watching(config) as watch:
        watch.wait_for(lambda: watch.get("/-/ready").status_code == 200)
        host, port = watch.url.removeprefix("http://").split(":")
        slow = http.client.HTTPConnection(host, int(port), timeout=WAIT)
        slow.request("GET", "/metrics")
        assert slow.getresponse().read(1)
        for path in (b"/metrics", b"/probe?target=kites", b"/"):
            with socket.create_connection((host, int(port))) as leaver:
                leaver.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        with socket.create_connection((host, int(port))) as noise:
            noise.sendall(b"\x16\x03\x01\x00\xff" * 100)
        with httpx.Client(timeout=WAIT) as client, ThreadPoolExecutor(40) as pool:
            paths = ["/metrics", "/probe?target=kites"] * 100
            codes = [one.status_code for one in pool.map(lambda path: client.get(watch.url + path), paths)]
        assert codes == [200] * 200
        rounds = watch.value("docsworn_probes_total") or 0
        watch.wait_for(lambda: (watch.value("docsworn_probes_total") or 0) > rounds)
        slow.close()
        assert watch.end() < 5
        assert [line for line in watch.said if not line.startswith(("serving", "kites: a round every"))] == []


def test_check_config_prints_the_plan(docsworn: Docsworn, tmp_path: Path, site: Site) -> None:
    """Requests against the budget and series per target; nothing is sent, and no key is needed."""
    config = write_config(tmp_path, site.url, "interval: 60", "budget: {per_minute: 4, per_day: 6000}")
    ended = docsworn("watch", "--config", str(config), "--check-config")
    assert (ended.code, ended.err) == (0, "")
    assert "every 60 s, 0 requests" in ended.out
    assert "key        KITES_API_KEY (not set)" in ended.out
    assert re.search(r"series +at most \d+ \(allowed: 1000\)", ended.out)
    assert site.asked == []


@pytest.mark.parametrize(
    ("lines", "top", "said"),
    [
        (("interval: 1",), (), "docsworn.yaml:5: /providers/kites/interval: a round every 1 s needs 180"),
        ((), ("max_series: 100",), "docsworn.yaml:2: kites may have"),
        (("colour: red",), (), 'docsworn.yaml:5: unknown key "colour"'),
    ],
)
def test_check_config_says_what_cannot_be(
    docsworn: Docsworn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lines: tuple[str, ...],
    top: tuple[str, ...],
    said: str,
) -> None:
    """A schedule above its budget, too many series and mistakes are exit 2."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    config = write_config(tmp_path, "http://127.0.0.1:9", *lines, top=top)
    ended = docsworn("watch", "--config", str(config), "--check-config")
    assert ended.code == 2
    assert ended.err.startswith(f"docsworn: {said}")


def test_what_cannot_be_is_told_with_every_mistake(docsworn: Docsworn, tmp_path: Path) -> None:
    """Series, budget and a missing key are told together with a key that nobody knows."""
    config = write_config(
        tmp_path, "http://127.0.0.1:9", "interval: 1", "ids_env: PATH", top=("max_series: 9", "y: 2")
    )
    for arguments, lines in (("--check-config",), ["2", "3", "7"]), ((), ["2", "3", "5"]):
        ended = docsworn("watch", "--config", str(config), *arguments)
        assert (ended.code, re.findall(r"docsworn\.yaml:(\d+)", ended.err)) == (2, lines)


def test_the_file_of_the_folder_is_found(
    docsworn: Docsworn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --config it is docsworn.yaml of this folder, which is said; named providers are without it."""
    for name, value in {**ENVIRONMENT, "TAVUS_API_KEY": KEY}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    write_config(tmp_path, "http://127.0.0.1:9", "interval: 600")
    ended = docsworn("watch", "--check-config")
    assert (ended.code, ended.err) == (0, "docsworn.yaml of this folder says what is watched\n")
    assert ended.out.startswith("kites: kites@v1\n")
    ended = docsworn("watch", "tavus", "--check-config")
    assert (ended.code, ended.err) == (0, "these are watched without a configuration file\n")
    assert ended.out.startswith("tavus: tavus@")
    write_config(tmp_path, "http://127.0.0.1:9", "intervall: 60")
    ended = docsworn("watch")
    assert ended.code == 2
    assert ended.err.splitlines()[-1].startswith('docsworn: docsworn.yaml:5: unknown key "intervall"')


def test_a_check_without_a_file_is_of_what_watch_would_do(
    docsworn: Docsworn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The providers whose key is set; without any it is exit 2, as the watch itself would be."""
    monkeypatch.chdir(tmp_path)
    ended = docsworn("watch", "--check-config")
    assert (ended.code, ended.out) == (2, "")
    assert "no provider has a key" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tavus", "--config", "FILE"), "--config says what is watched"),
        (("--config", "FILE", "--interval", "3"), "--config says what is watched"),
        (("--config", "FILE"), "docsworn.yaml:3: /providers/kites: no key: set KITES_API_KEY or"),
        (("--config", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
    ],
)
def test_words_that_do_not_fit(
    docsworn: Docsworn, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    """Each is exit 2 and one sentence."""
    config = write_config(tmp_path, "http://127.0.0.1:9")
    ended = docsworn("watch", *(str(config) if word == "FILE" else word for word in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"docsworn: {said}")


def test_once_with_a_configuration(
    docsworn: Docsworn, tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One round of every target, its metrics on stdout."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    ended = docsworn("watch", "--config", str(write_config(tmp_path, site.url)), "--once")
    assert ended.code == 0
    assert 'docsworn_probe_success{operation="get_kite",provider="kites"} 1.0' in ended.out


def test_old_runs_do_not_fill_the_history(tmp_path: Path, site: Site) -> None:
    """The watch leaves out what is older than the configuration says."""
    file = tmp_path / "h.db"
    with History(file) as history, Journal(file) as journal:
        watched = target(tmp_path, site.url)
        connectivity = Connectivity()
        old = Means(history, journal, connectivity, lambda _: None, lambda: time.time() - 3 * 86_400)
        Prober(watched, old).probe("default")
        assert len(history.runs()) == 1
    config = write_config(tmp_path, site.url, "interval: 600", top=("history: h.db", "history_days: 2"))
    with watching(config) as watch, History(file) as history:
        watch.wait_for(lambda: [run.at > time.time() - 3600 for run in history.runs()] == [True])

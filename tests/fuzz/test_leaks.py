"""What an API answers to a generated request is in no output: secrets are planted everywhere and sought."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from docsworn.check.loader import select_checks
from docsworn.contract.settings import BudgetSettings
from docsworn.fuzz.campaign import Campaign
from docsworn.fuzz.curl import curl_line
from docsworn.fuzz.judge import CHECKS, Judge
from docsworn.fuzz.plan import plan_requests
from docsworn.fuzz.request import Request, subject_of
from docsworn.fuzz.send import CountedBudget, FuzzClient
from docsworn.fuzz.store import kept_of, save
from docsworn.fuzz.tell import Told, report_data, report_lines
from docsworn.model import Case, Exchange, Timings
from docsworn.probe.target import Key, Target
from tests.fuzz.pack import IDS, KEY, made_up

CONTRACT = made_up()
SUBJECT = subject_of(CONTRACT, "get_call")
SENTENCE = "the patient said: my number is 5551234567"
SECRETS = (KEY, *IDS, SENTENCE)
PLANTED = st.sampled_from(SECRETS)
BODIES = st.recursive(
    PLANTED | st.none() | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(PLANTED | st.sampled_from(["id", "error", "more"]), inner, max_size=4)
    ),
    max_leaves=8,
)
TARGET = Target(
    provider="madeup",
    base_url="https://api.madeup.example",
    auth=CONTRACT.settings.auth,
    key=Key(KEY),
    ids=IDS,
    ca=None,
    host="api.madeup.example",
    deadline_seconds=5,
    budget=BudgetSettings(),
    ids_env="MADEUP_IDS",
)


class _Leaky:
    """Answers everything with one status and body, and with a secret in a header."""

    def __init__(self, budget: CountedBudget, status: int, body: Any, media_type: str) -> None:
        self.budget, self.status = budget, status
        self.body = json.dumps(body).encode()
        self.headers = (("content-type", media_type), ("x-more", SENTENCE))

    def send(self, case: Case) -> Exchange:
        self.budget.spend()
        return Exchange(case, 0.0, Timings(0.0), status=self.status, headers=self.headers, body=self.body)


@pytest.fixture(scope="module")
def planned() -> tuple[Request, ...]:
    """Generated requests of every sort."""
    return plan_requests(SUBJECT, IDS, 12, 0)


@given(
    body=BODIES,
    status=st.sampled_from([200, 302, 404, 418, 422, 500]),
    media_type=st.sampled_from(["application/json", "text/html", SENTENCE]),
)
@example(body={"error": KEY}, status=404, media_type="application/json")
@example(body={"error": IDS[0]}, status=422, media_type="application/json")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_planted_is_told(
    tmp_path: Path, planned: tuple[Request, ...], body: Any, status: int, media_type: str
) -> None:
    """Neither text nor JSON, no curl line and no stored file holds key, id or sentence."""
    budget = CountedBudget(BudgetSettings(per_minute=1000), lambda: 0.0, limit=40)
    client = cast(FuzzClient, _Leaky(budget, status, body, media_type))
    judge = Judge(CONTRACT, SUBJECT, select_checks(CHECKS), date(2026, 1, 1), (KEY, *IDS))
    report = Campaign(SUBJECT, IDS, client, budget, judge, lambda _: None).run(planned)
    told = tuple(
        Told(each, save(tmp_path, kept_of(each)), curl_line(SUBJECT, each.request, TARGET), "docsworn replay")
        for each in report.failed
    )
    assert told
    texts = [
        *report_lines(report, told, name="madeup", seed=0),
        json.dumps(report_data(report, told, seed=0)),
        repr(report),
        *(file.read_text() for file in tmp_path.iterdir()),
    ]
    for text in texts:
        assert not any(secret in text for secret in SECRETS)

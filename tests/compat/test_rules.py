"""The rule table: every row has its mirror or says why not."""

from __future__ import annotations

from docsworn.compat.changes import Area, Direction, Verdict
from docsworn.compat.document_rules import DOCUMENT_RULES
from docsworn.compat.rules import RULES


def test_every_rule_has_its_mirror_or_a_waiver() -> None:
    """The mirror of a rule exists, mirrors back, and turns its meaning round; else a waiver stands."""
    for rule in RULES.values():
        if rule.mirror is None:
            assert rule.waiver, rule.id
            continue
        assert RULES[rule.mirror].mirror == rule.id
        assert RULES[rule.mirror].direction is rule.direction


def test_what_breaks_readers_of_responses_is_safe_for_readers_of_requests() -> None:
    """Widening breaks the consumer, narrowing the provider; a change that may do both breaks both."""
    for rule in RULES.values():
        if rule.direction is not Direction.RESPONSE or rule.keyword == "discriminator":
            continue
        if rule in DOCUMENT_RULES or rule.area is Area.HEADER:
            continue
        other = RULES[rule.id.replace("response-", "request-", 1)]
        breaking = {rule.verdicts["strict"], other.verdicts["strict"]}
        assert breaking == ({Verdict.BREAKING} if rule.waiver else {Verdict.BREAKING, Verdict.SAFE}), rule.id


def test_no_reader_breaks_where_the_strict_one_does_not() -> None:
    """The tolerant reader breaks at most where the strict one does."""
    for rule in RULES.values():
        assert rule.verdicts["tolerant"] in (Verdict.SAFE, rule.verdicts["strict"]), rule.id

"""Whose fault a finding is, as far as one run can tell: the first thing to know at six in the morning."""

from __future__ import annotations

from collections.abc import Mapping

from docsworn.model import Confidence, Finding, Promise, Run, Severity

# By the short name of an operational promise, which is what its id ends with.
_OPERATIONAL: Mapping[str, str] = {
    "reachable": "the provider's or the network's: does anything else answer from here?",
    "latency": "the provider's or the network's: is anything else slow from here?",
    "certificate": "the provider's, or somebody stands in between",
    "server_error": "the provider's: a good request must not fail there",
    "redirect": "the provider's: the address has moved",
    "authorised": "ours, most likely: is the key right, and still valid?",
    "rate_limit": "the provider's: these headers help nobody",
    "parses": "the provider's: no program can read this",
    "identity": "the provider's: the answer is about another id",
    "undocumented": "nobody's yet: the documentation does not have it",
    "novel": "nobody's yet: nothing documents it, and it was never so before",
}
# By what was seen, where the answer to a good request is another status than the documented ones.
_STATUSES: Mapping[str, str] = {
    "status 404": "ours or the provider's: is the conversation still there?",
    "status 410": "ours: the conversation is gone, so name another one",
    "status 429": "ours: too many requests with this key",
}
_CONFIDENCES: Mapping[Confidence, str] = {
    Confidence.DOCUMENTED: "the provider's: the page says so in so many words",
    Confidence.INFERRED: "the provider's or ours: the page only suggests it",
    Confidence.CURATED: "the provider's or ours: a person added it to the contract",
    Confidence.CORROBORATED: "the provider's: it was kept steadily until now",
}


def whose(run: Run, finding: Finding, promise: Promise | None) -> str:
    """A few words for a person; empty where the contract is not at hand, or has the promise no more."""
    if promise is None:
        return ""
    told = _OPERATIONAL.get(finding.promise.rpartition("#")[2]) or _STATUSES.get(finding.observed)
    if told:
        return told
    best = run.fits[0] if run.fits else ("", 0.0)
    if best[1] > dict(run.fits).get(run.revision, 1.0):
        return f"ours, most likely: the responses are those of {best[0]}, not of {run.revision}"
    raised = finding.severity is Severity.ERROR and promise.severity is not Severity.ERROR
    return _CONFIDENCES[Confidence.CORROBORATED if raised else promise.confidence]

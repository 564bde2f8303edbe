"""Case → Exchange: the HTTP client with its deadline, timings, budget and redaction."""

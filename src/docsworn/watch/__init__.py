"""The schedule: runs probes within their budget for as long as it lives."""

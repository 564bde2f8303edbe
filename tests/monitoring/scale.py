"""The kit's files with all durations divided, so that an hour of an alert passes in seconds.

    python -m tests.monitoring.scale 200 exporters/prometheus/rules/availability.yml

prints a file for trying the rules out. At scale 1 nothing changes, byte for byte. Rates, thresholds in
rounds, names of recorded series and the two weeks of a certificate stay what they are.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_MILLISECONDS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_KEYS = (
    "evaluation_interval|for|group_interval|group_wait|keep_firing_for|repeat_interval|scrape_interval"
    "|scrape_timeout"
)
# A duration is the window of a range vector, or the value of one of these keys.
_DURATION = re.compile(
    rf"(?P<before>\[|^ *(?:{_KEYS}): )(?P<number>\d+)(?P<unit>ms|[smhd])(?=\]|$)", re.MULTILINE
)


def scale_durations(text: str, scale: int) -> str:
    """The text of a configuration or rule file with every duration divided by ``scale``, at least 1 ms."""

    def divided(found: re.Match[str]) -> str:
        if scale == 1:
            return found.group()
        milliseconds = int(found["number"]) * _MILLISECONDS[found["unit"]] // scale
        return f"{found['before']}{max(milliseconds, 1)}ms"

    return _DURATION.sub(divided, text)


if __name__ == "__main__":
    sys.stdout.write(scale_durations(Path(sys.argv[2]).read_text(encoding="utf-8"), int(sys.argv[1])))

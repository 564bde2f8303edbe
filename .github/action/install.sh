#!/usr/bin/env bash
# Installs docsworn, with the versions that it was tested with, into an environment of its own.
set -euo pipefail

# Keys are for the step that asks the APIs. What installs packages needs none.
for name in $(compgen -e); do
    case $name in *_API_KEY | *_API_KEY_FILE) unset "$name" ;; esac
done

python -m venv "$RUNNER_TEMP/docsworn"
"$RUNNER_TEMP/docsworn/bin/python" -m pip install --quiet --disable-pip-version-check \
    --constraint "$ACTION/constraints.txt" "$ACTION"

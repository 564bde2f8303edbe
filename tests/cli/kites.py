"""A made-up provider with one operation: its page, its pack, and what its API answers."""

from __future__ import annotations

import json
from pathlib import Path

from docsworn.derive import derive
from docsworn.derive.recheck import write_new_pack
from docsworn.derive.recipe import Recipe, fingerprint

PAGE = """\
openapi: 3.1.0
info: {title: Kites, version: "1"}
servers: [{url: "https://api.kites.example"}]
paths:
  /kites/{id}:
    get:
      operationId: getKite
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [id, size]
                properties:
                  id: {type: string}
                  size: {type: number}
                  mood: {type: string, enum: [calm, wild]}
        "404": {description: no such kite}
"""
SETTINGS = """\
provider: kites
title: Kites
base_url: https://api.kites.example
revisions: [v1]
current: v1
auth: {header: x-api-key, env: KITES_API_KEY}
operations:
  get_kite:
    id_parameter: id
    ids_env: KITES_IDS
    identity: /id
    error_cases: []
"""
GOOD = {"id": "k1", "size": 1.5, "mood": "calm"}


def write_kites(folder: Path, address: str | None = None) -> Path:
    """The provider's folder of packs below ``folder``, and its page as ``kites.yaml`` beside it."""
    home = folder / "own" / "kites"
    home.mkdir(parents=True)
    (home / "provider.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "kites.yaml").write_text(PAGE, encoding="utf-8")
    form = derive(PAGE).format
    recipe = Recipe("kites.yaml", address, fingerprint(PAGE), form, None, "get_kite", ())
    write_new_pack(home / "v1", PAGE, recipe)
    return home.parent


def write_page(folder: Path, *changes: tuple[str, str]) -> Path:
    """The page with texts replaced, as another file."""
    text = PAGE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / "changed.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def record(folder: Path, *bodies: object) -> Path:
    """Answers as a file for ``--recorded``."""
    file = folder / "recorded.ndjson"
    file.write_text("".join(json.dumps(body) + "\n" for body in bodies), encoding="utf-8")
    return file

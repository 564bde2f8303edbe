"""The schema of what is usual takes the shapes that were there, and no other."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.look import Looker, Sort, fields_fact
from docsworn.observe.familiar import compile_familiar, familiar_schema
from docsworn.observe.novelty import news_at
from docsworn.observe.usual import Teacher, Usual, learn

NAMES = ("bow", "deck", "keel", "mast", "role")
WORDS = ("sail", "oar")
BOATS = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(NAMES[:-1], st.just(1)), "role": st.sampled_from(WORDS)}
)


def _fact(boat: dict[str, Any], above: str = "") -> str:
    literals = [f"role={boat['role']}"] if "role" in boat else []
    return fields_fact(boat, [*literals, *([f"^role={above}"] if above else [])])


def _usual(facts: set[str], *types: str) -> Usual:
    return Usual(seen=20, facts={Sort.TYPE.value: list(types), Sort.FIELDS.value: sorted(facts)})


@given(known=st.lists(BOATS, min_size=1, max_size=8), seen=BOATS)
def test_an_object_has_a_shape_that_was_there(known: list[dict[str, Any]], seen: dict[str, Any]) -> None:
    """The same fields and the same words in them, of however many shapes; and null where that was there."""
    facts = {_fact(boat) for boat in known}
    familiar = compile_familiar({"": _usual(facts, "object", "null")})
    assert familiar.is_valid(seen) is (_fact(seen) in facts)
    assert familiar.is_valid(None)
    assert all(familiar.is_valid(boat) for boat in known)


@given(
    known=st.lists(st.tuples(st.sampled_from(WORDS), BOATS), min_size=1, max_size=8),
    word=st.sampled_from(WORDS),
    seen=BOATS,
)
def test_a_shape_belongs_to_the_word_beside_it(
    known: list[tuple[str, dict[str, Any]]], word: str, seen: dict[str, Any]
) -> None:
    """What was seen beside one word only is not familiar beside another that was seen."""
    facts = {_fact(boat, above) for above, boat in known}
    outer = _usual({fields_fact(["role", "boat"], [f"role={each}"]) for each in WORDS}, "object")
    familiar = compile_familiar({"": outer, "/boat": _usual(facts, "object")})
    unseen_word = word not in {above for above, _ in known}
    plain = {_fact(boat) for _, boat in known}
    taken = _fact(seen) in plain if unseen_word else _fact(seen, word) in facts
    assert familiar.is_valid({"role": word, "boat": seen}) is taken


@given(known=st.lists(BOATS, min_size=1, max_size=4), seen=BOATS, other=st.booleans())
def test_fields_that_have_no_name_may_be_many(
    known: list[dict[str, Any]], seen: dict[str, Any], other: bool
) -> None:
    """A shape with unnamed fields takes any of them, but none of the names that other shapes have."""
    facts = {fields_fact([*boat, "*"], [f"role={boat['role']}"] if "role" in boat else []) for boat in known}
    familiar = compile_familiar({"": _usual(facts, "object")})
    ever = {name for boat in known for name in boat}
    body = {name: value for name, value in seen.items() if name in ever} | ({"zz": 1} if other else {})
    named = {name: value for name, value in body.items() if name != "zz"}
    fact = fields_fact([*named, "*"], [f"role={named['role']}"] if "role" in named else [])
    assert familiar.is_valid(body) is (other and fact in facts)


def test_unions_in_unions_stay_small() -> None:
    """Twelve branches in each of eight levels are no more schemas than somebody can hold."""
    levels: dict[str, Any] = {"0": {"type": "integer"}}
    body: Any = 1
    for level in range(8):
        below = {"$ref": f"#/$defs/{level}"}
        options = [{"type": "object", "properties": {"n": below, f"o{at}": {}}} for at in range(12)]
        levels[str(level + 1)], body = {"anyOf": options}, {"n": body}
    schema = {"$ref": "#/$defs/8", "$defs": levels}
    teacher = Teacher("c1", known=True, known_responses=1, conversations=1, hashed=str)
    places = {pointer: Usual() for pointer in Looker(None, {}).look(body)}
    for pointer, facts in Looker(None, {}).look(body).items():
        learn(places[pointer], facts, teacher, claimed=False)
    usual = familiar_schema(places, schema)
    assert len(json.dumps(usual)) < 5_000_000
    validator = jsonschema_rs.validator_for(usual)
    wrong: Any = "no integer"
    for _ in range(8):
        wrong = {"n": wrong}
    assert [validator.is_valid(each) for each in (body, wrong)] == [True, False]


def test_an_enum_beside_other_types() -> None:
    """Words, null and booleans are told in one list; numbers keep their bounds beside them."""
    words = {"words": {"a": "sail", "b": "oar"}, "listed": True, "seen": 30}
    facts: dict[str, list[str | int]] = {Sort.TYPE.value: ["null", "string"], Sort.TOKEN.value: ["a", "b"]}
    plain = compile_familiar({"": Usual(**words, facts=facts)})  # type: ignore[arg-type]
    assert [plain.is_valid(each) for each in ("sail", None, "row", True, 1)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    facts = {**facts, Sort.TYPE.value: ["integer", "string"], Sort.MAGNITUDE.value: [24, 24]}
    mixed = compile_familiar({"": Usual(**words, facts=facts)})  # type: ignore[arg-type]
    assert [mixed.is_valid(each) for each in ("oar", "row", 10**6, 10**3)] == [True, False, True, False]


def test_a_float_without_a_fraction_is_an_integer_and_teaches_a_number() -> None:
    """JSON Schema calls 12.0 an integer: it is no news beside integers, 12.5 is, and floats teach numbers."""
    usual = Usual()
    teacher = Teacher("c1", known=True, known_responses=1, conversations=1, hashed=str)
    looker = Looker(None, {})
    learn(usual, looker.look(12)[""], teacher, claimed=False)
    told = {
        value: [news.observed for news in news_at(usual, looker.look(value)[""], str)]
        for value in (12.0, 12.5, "12")
    }
    assert told == {12.0: [], 12.5: ["number"], "12": ["string"]}
    learn(usual, looker.look(12.0)[""], teacher, claimed=False)
    assert usual.known(Sort.TYPE) == ["integer", "number"]
    assert list(news_at(usual, looker.look(12.5)[""], str)) == []


@given(
    text=st.sampled_from(["https://files.example/", "call_12", "a1-b2-c3", ""]),
    seen=st.integers(20, 5_000),
    shown=st.integers(20, 20_000),
)
def test_proof_and_walk_call_the_same_strings_new(text: str, seen: int, shown: int) -> None:
    """However long a URL or an id is: a quick proof and a look at it say the same."""
    looker, teacher = Looker(None, {}), Teacher("c1", True, 1, 1, str)
    usual = Usual()
    learn(usual, looker.look(text + "7" * seen)[""], teacher, claimed=False)
    value = text + "7" * shown
    told = list(news_at(usual, looker.look(value)[""], str))
    assert compile_familiar({"": usual}).is_valid(value) is not bool(told)

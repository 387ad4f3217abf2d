"""The JSON Schemas for editors: current, sound, and right about our banks."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from question_bank.publishing import bank_folders
from question_bank.yaml_writer import yaml_text
from tools.bank_schemas import FOLDER, schema_texts

OLD_TAGS = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
FILES = [
    file
    for folder in bank_folders()
    for file in (folder / "bank.yaml", *sorted((folder / "sections").glob("*.yaml")))
]


def validator(file: str) -> jsonschema.Draft202012Validator:
    name = "bank" if file == "bank.yaml" else "section"
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema)


class EditorLoader(yaml.SafeLoader):
    """YAML 1.2, as editors read it: only true and false are truth values."""

    yaml_implicit_resolvers = {
        first: [(tag, regex) for tag, regex in found if tag not in OLD_TAGS]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


EditorLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("(?:true|false)$"), list("tf")
)


def read_by_an_editor(text: str) -> Any:
    return with_text_keys(yaml.load(text, EditorLoader))


def with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): with_text_keys(inner) for key, inner in value.items()}
    return [with_text_keys(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", schema_texts())
def test_the_schemas_are_current_and_sound(name):
    assert (FOLDER / name).read_text("utf-8") == schema_texts()[name]
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_texts()[name]))


@pytest.mark.parametrize(
    "file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}"
)
def test_the_files_that_ship_are_valid(file: Path):
    data = read_by_an_editor(file.read_text("utf-8"))

    errors = [
        f"{error.json_path}: {error.message[:80]}"
        for error in validator(file.name).iter_errors(data)
    ]
    assert errors == []


QUESTION = {
    "id": "a",
    "clause": ["C"],
    "type": "level",
    "text": {"zh": "一"},
    "help": {"zh": "二"},
    "weight": "1",
}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"weigth": "1"}, "$.questions[0]"),
        ({"type": "grade"}, "$.questions[0].type"),
        ({"text": "words"}, "$.questions[0].text"),
        ({"text": {"en": "One"}}, "$.questions[0].text"),
        ({"na": {"allowed": "perhaps"}}, "$.questions[0].na.allowed"),
        ({"guidance": {"1–2": {}}}, "$.questions[0].guidance"),
        ({"looks_at": ["paper"]}, "$.questions[0].looks_at[0]"),
        ({"source": {"status": "sure"}}, "$.questions[0].source.status"),
        ({"section": "S"}, "$.questions[0]"),
    ],
)
def test_mistakes_are_underlined(change, path):
    source = {"section": "S", "questions": [QUESTION | change]}
    data = read_by_an_editor(yaml_text(source))

    assert path in [error.json_path for error in validator("x").iter_errors(data)]


def test_a_plain_question_is_valid():
    source = {"section": "S", "questions": [QUESTION]}

    assert validator("x").is_valid(read_by_an_editor(yaml_text(source)))


def test_keys_are_explained_in_both_languages():
    schema = validator("x").schema
    about = schema["$defs"]["Question"]["properties"]["event_based"]["description"]

    assert "本期未发生" in about
    assert "may not have occurred" in about

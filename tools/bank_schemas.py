"""Write the JSON Schemas of the bank files to docs/schemas: `make schemas`."""

import json
from pathlib import Path

from question_bank.source_schema import bank_schema, section_schema

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schemas"


def schema_texts() -> dict[str, str]:
    """Return the text of every schema file by its name."""
    schemas = {"bank": bank_schema(), "section": section_schema()}
    return {
        f"{name}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas.items()
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in schema_texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")

"""Plan the repair in a process of its own.

The solver's libraries take 80 MiB and a second to import. In a child they are gone
when the plan is there; in a web or worker process they would stay for good.
"""

import json
import subprocess
import sys
from pathlib import Path

from question_bank.engine.answers import AnswerSheet
from question_bank.engine.codec import decode, encode
from question_bank.engine.definition import Bank
from question_bank.engine.planning import Plan, plan

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SECONDS = 60


def plan_apart(bank: Bank, sheet: AnswerSheet) -> Plan:
    """Return `plan(bank, sheet)`; CalledProcessError or TimeoutExpired on failure."""
    done = subprocess.run(
        [sys.executable, "-m", "question_bank.planning"],
        input=json.dumps({"bank": bank.to_json(), "sheet": sheet.to_json()}),
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
        timeout=LONGEST_SECONDS,
    )
    return decode(Plan, json.loads(done.stdout))


def main() -> None:
    """Read bank and sheet from standard input, write the plan to standard output."""
    data = json.load(sys.stdin)
    found = plan(Bank.from_json(data["bank"]), AnswerSheet.from_json(data["sheet"]))
    json.dump(encode(found), sys.stdout)


if __name__ == "__main__":
    main()

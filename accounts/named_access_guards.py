"""What the database itself keeps about named accesses."""

from backend.triggers import Guard, never_changed

_ACCESS, _READER = "accounts_namedaccess", "accounts_namedreader"
_NAMED = "accounts_namedaccessassessment"


def _member(person: str, organisation: str, roles: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM accounts_membership m "  # noqa: S608 - constants
        f"WHERE m.user_id = {person} AND m.organisation_id = {organisation} "
        f"AND m.role IN ({roles}))"
    )


def _differ(name: str) -> str:
    old, new = (f"COALESCE(CAST({row}.{name} AS text), '')" for row in ("OLD", "NEW"))
    return f"{new} <> {old}"


_OWNER, _MANAGER = "'owner'", "'bureau_manager'"
_OFFICIALS = "'bureau_manager', 'analyst'"
_PARTIES = (
    "EXISTS (SELECT 1 FROM accounts_organisation e JOIN accounts_organisation b "
    "ON b.id = NEW.bureau_id WHERE e.id = NEW.enterprise_id "
    "AND e.kind = 'enterprise' AND b.kind = 'bureau')"
)
_ASKER = (
    f"({_member('NEW.asked_by_id', 'NEW.bureau_id', _OFFICIALS)} "
    "OR (NEW.basis = 'consent' AND "
    f"{_member('NEW.asked_by_id', 'NEW.enterprise_id', _OWNER)}))"
)
_CONSENTED = (
    "(NEW.basis = 'consent' AND "  # noqa: S608 - constants
    f"{_member('NEW.decided_by_id', 'NEW.enterprise_id', _OWNER)} "
    "AND EXISTS (SELECT 1 FROM accounts_enterpriseclaim c "
    "WHERE c.enterprise_id = NEW.enterprise_id AND c.state = 'proven'))"
)
_APPROVED = (
    "(NEW.basis = 'ground' AND NEW.decided_by_id <> NEW.asked_by_id AND "  # noqa: S608 - constants
    f"{_member('NEW.decided_by_id', 'NEW.bureau_id', _MANAGER)} "
    "AND NOT EXISTS (SELECT 1 FROM accounts_namedreader r "
    "WHERE r.access_id = NEW.id AND r.person_id = NEW.decided_by_id))"
)
_DOUBLED = (
    "EXISTS (SELECT 1 FROM accounts_namedaccess o "
    "JOIN accounts_namedreader r ON r.access_id = o.id "
    "JOIN accounts_namedreader n ON n.access_id = NEW.id "
    "AND n.person_id = r.person_id "
    "WHERE o.id <> NEW.id AND o.enterprise_id = NEW.enterprise_id "
    "AND o.state = 'open' AND o.revoked_at IS NULL AND o.ends_at > NEW.starts_at)"
)
_HAS_HISTORY = (
    "EXISTS (SELECT 1 FROM accounts_namedaccessevent v "
    "WHERE v.access_id = NEW.access_id)"
)


_OPENS = "NEW.state = 'open' AND OLD.state = 'asked'"
_FIXED = (
    "enterprise_id", "bureau_id", "basis", "purpose", "ground",
    "document_number", "document_date", "asked_by_id", "asked_at",
)  # fmt: skip
_DECIDED = ("state", "decided_by_id", "decided_at", "starts_at", "decision_reason")
_REVOKED = ("revoked_at", "revoked_by_id", "revoked_reason", "ends_at")
_FLAGS = ("evidence", "report", "data_sheet", "all_assessments", "all_sections")
_READER_FITS = (
    "EXISTS (SELECT 1 FROM accounts_namedaccess a "  # noqa: S608 - constants
    "WHERE a.id = NEW.access_id AND a.state = 'asked' AND "
    f"{_member('NEW.person_id', 'a.bureau_id', _OFFICIALS)})"
)
_ADDED = (
    "EXISTS (SELECT 1 FROM accounts_namedaccess a WHERE a.id = NEW.access_id "  # noqa: S608 - constants
    f"AND NOT a.all_assessments) AND {_HAS_HISTORY}"
)
_MORE = "more takes a new access"


def named_access_guards() -> tuple[Guard, ...]:
    """Refuse openings by one person alone, and every widening or revival."""
    return (
        *_decision_guards(),
        *_scope_guards(),
        Guard("named_access_kept", _ACCESS, "DELETE", "1 = 1", "accesses are kept"),
        *never_changed(_READER, "readers are named once"),
        *never_changed("accounts_namedaccessevent", "the history is append-only"),
    )


def _decision_guards() -> tuple[Guard, ...]:
    """Who asks and who opens, once."""
    return (
        Guard(
            "named_access_parties",
            _ACCESS,
            "INSERT",
            f"NEW.state <> 'asked' OR NOT ({_PARTIES} AND {_ASKER})",
            "an access to an enterprise begins as a request",
        ),
        Guard(
            "named_access_decided",
            _ACCESS,
            "UPDATE",
            f"OLD.state <> 'asked' AND ({' OR '.join(map(_differ, _DECIDED))})",
            "a decision stays",
        ),
        Guard(
            "named_access_opened",
            _ACCESS,
            "UPDATE",
            f"{_OPENS} AND NOT ({_CONSENTED} OR {_APPROVED})",
            "only an owner, or a second manager, opens an access",
        ),
        Guard(
            "named_access_doubled",
            _ACCESS,
            "UPDATE",
            f"{_OPENS} AND {_DOUBLED}",
            "an official reads through one access at a time",
        ),
        Guard(
            "named_access_revived",
            _ACCESS,
            "UPDATE",
            f"OLD.revoked_at IS NOT NULL AND ({' OR '.join(map(_differ, _REVOKED))})",
            "a revoked access stays so",
        ),
    )


def _scope_guards() -> tuple[Guard, ...]:
    """What is read and by whom: as it was asked for, or less."""
    wider = " OR ".join(f"(NEW.{name} AND NOT OLD.{name})" for name in _FLAGS)
    return (
        Guard(
            "named_access_fixed",
            _ACCESS,
            "UPDATE",
            " OR ".join(_differ(name) for name in _FIXED),
            "what was asked for stays",
        ),
        Guard(
            "named_access_wider",
            _ACCESS,
            "UPDATE",
            f"NEW.ends_at > OLD.ends_at OR {wider}",
            _MORE,
        ),
        Guard(
            "named_reader_fits",
            _READER,
            "INSERT",
            f"{_HAS_HISTORY} OR NOT {_READER_FITS}",
            "readers are officials of the bureau, named when asking",
        ),
        Guard("named_access_added", _NAMED, "INSERT", _ADDED, _MORE),
        Guard("named_access_moved", _NAMED, "UPDATE", "1 = 1", _MORE),
    )

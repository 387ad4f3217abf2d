"""The room of who: people, organisations, roles, mandates and the audit trail."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251

from accounts.named_access_guards import named_access_guards
from accounts.rules import ROLES_OF_KIND
from backend.triggers import Guard, install_all, never_changed


def _fitting_roles() -> str:
    """Return the SQL condition that NEW.role fits the organisation's kind."""
    pairs = (
        f"(o.kind = '{kind}' AND NEW.role = '{role}')"
        for kind, roles in ROLES_OF_KIND.items()
        for role in roles
    )
    return (
        "EXISTS (SELECT 1 FROM accounts_organisation o "  # noqa: S608 - constants
        f"WHERE o.id = NEW.organisation_id AND ({' OR '.join(pairs)}))"
    )


def _role_guards() -> tuple[Guard, ...]:
    return tuple(
        Guard(
            f"{table}_role_{event.lower()}",
            table,
            event,
            f"NOT {_fitting_roles()}",
            "the role does not fit the kind of the organisation",
        )
        for table in ("accounts_membership", "accounts_invitation")
        for event in ("INSERT", "UPDATE")
    )


def _mandate_guards() -> tuple[Guard, ...]:
    """Refuse mandates between the wrong parties, and every widening of one."""
    kinds = (
        "EXISTS (SELECT 1 FROM accounts_organisation e "
        "JOIN accounts_enterpriseclaim c ON c.enterprise_id = e.id "
        "JOIN accounts_organisation a ON a.id = NEW.agency_id "
        "WHERE e.id = NEW.enterprise_id AND e.kind = 'enterprise' "
        "AND c.state = 'proven' AND a.kind = 'agency' "
        "AND NOT a.is_certification_body)"
    )
    owner = (
        "EXISTS (SELECT 1 FROM accounts_membership m WHERE m.role = 'owner' "
        "AND m.user_id = NEW.granted_by_id AND m.organisation_id = NEW.enterprise_id)"
    )
    fixed = ("enterprise_id", "agency_id", "granted_by_id", "granted_at", "starts_at")
    flags = ("evidence", "report", "data_sheet", "drafts", "all_assessments")
    changed = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in fixed)
    wider = " OR ".join(
        f"(NEW.{name} AND NOT OLD.{name})" for name in (*flags, "all_sections")
    )
    revived = (
        "OLD.revoked_at IS NOT NULL AND (NEW.revoked_at IS NULL "
        "OR NEW.revoked_at <> OLD.revoked_at OR NEW.ends_at <> OLD.ends_at "
        "OR (NEW.is_current AND NOT OLD.is_current))"
    )
    added = (
        "EXISTS (SELECT 1 FROM accounts_mandate m WHERE m.id = NEW.mandate_id "
        "AND NOT m.all_assessments AND EXISTS (SELECT 1 FROM accounts_mandateevent e "
        "WHERE e.mandate_id = m.id))"
    )
    table, named = "accounts_mandate", "accounts_mandateassessment"
    return (
        Guard(
            "mandate_parties",
            table,
            "INSERT",
            f"NOT ({kinds} AND {owner})",
            "only the owner of a proven enterprise mandates an agency",
        ),
        Guard(
            "mandate_fixed", table, "UPDATE", changed, "the parties of a mandate stay"
        ),
        Guard("mandate_wider", table, "UPDATE", wider, "more takes a new mandate"),
        Guard(
            "mandate_revived", table, "UPDATE", revived, "a revoked mandate stays so"
        ),
        Guard("mandate_kept", table, "DELETE", "1 = 1", "mandates are kept"),
        Guard("mandate_added", named, "INSERT", added, "more takes a new mandate"),
        Guard("mandate_moved", named, "UPDATE", "1 = 1", "more takes a new mandate"),
    )


def _differ(name: str) -> str:
    """Return the SQL condition that a column that may be empty changes."""
    old, new = (f"COALESCE(CAST({row}.{name} AS text), '')" for row in ("OLD", "NEW"))
    return f"{new} <> {old}"


def _access_guards() -> tuple[Guard, ...]:
    """Let access records only be added and counted up."""
    table, message = "accounts_accessrecord", "access records only count up"
    key = ("person_id", "what", "object_id", "door", "day", "first_at")
    changed = " OR ".join(
        [f"NEW.{name} <> OLD.{name}" for name in key]
        + [_differ(name) for name in ("mandate_id", "access_id")]
    )
    return (
        Guard("access_kept", table, "DELETE", "1 = 1", message),
        Guard(
            "access_counts_up",
            table,
            "UPDATE",
            f"NEW.count <= OLD.count OR NEW.last_at < OLD.last_at OR {changed}",
            message,
        ),
    )


def _seat_guards() -> tuple[Guard, ...]:
    """Let a seat be left only by a record of it, and never be moved.

    Otherwise somebody could turn from an enterprise to its agency unnoticed.
    """
    ended = (
        "EXISTS (SELECT 1 FROM accounts_endedmembership e "
        "WHERE e.user_id = OLD.user_id AND e.organisation_id = OLD.organisation_id "
        "AND e.joined_at = OLD.joined_at)"
    )
    table = "accounts_membership"
    return (
        Guard(
            "membership_moved",
            table,
            "UPDATE",
            "NEW.user_id <> OLD.user_id OR NEW.organisation_id <> OLD.organisation_id",
            "a membership is never moved",
        ),
        Guard(
            "membership_left",
            table,
            "DELETE",
            f"NOT {ended}",
            "a membership ends with a record of it",
        ),
    )


class AccountsConfig(AppConfig):
    """People, organisations, memberships, invitations, audit events."""

    name = "accounts"
    verbose_name = "账户"
    guards = (
        *never_changed("accounts_auditevent", "the audit trail is append-only"),
        Guard(
            "accounts_organisation_kind",
            "accounts_organisation",
            "UPDATE",
            "OLD.kind <> NEW.kind",
            "the kind of an organisation never changes",
        ),
        *_role_guards(),
        *_seat_guards(),
        *_mandate_guards(),
        *_access_guards(),
        *named_access_guards(),
        *never_changed("accounts_mandateevent", "the history is append-only"),
        *never_changed("accounts_endedmembership", "the history is append-only"),
        Guard(
            "claim_of_an_enterprise",
            "accounts_enterpriseclaim",
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM accounts_organisation o "
            "WHERE o.id = NEW.enterprise_id AND o.kind = 'enterprise')",
            "only enterprises are claimed",
        ),
    )

    def ready(self) -> None:
        """Create the database's guards after every migration.

        The only model signal in use: it belongs to the migrate command.
        """
        post_migrate.connect(install_all, sender=self, dispatch_uid="guards")

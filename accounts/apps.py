"""The room of who: people, organisations, roles and the audit trail."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251

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
    )

    def ready(self) -> None:
        """Create the database's guards after every migration.

        The only model signal in use: it belongs to the migrate command.
        """
        post_migrate.connect(install_all, sender=self, dispatch_uid="guards")

"""Reading what only indicator banks have: vetoes, pass lines and the round."""

from question_bank.engine.definition import PassLine, Pending, Round, Source, Veto
from question_bank.engine.question_source import read_source
from question_bank.engine.source_node import Node

_PENDING: tuple[Pending, ...] = ("open", "blocks")


def read_veto(node: Node) -> Veto:
    """Read one veto; faults are noted in the node's report."""
    node.fields(
        frozenset(("id", "title", "help", "kinds", "months")),
        frozenset(("pending", "guidance", "source")),
    )
    return Veto(
        id=node.at("id").text(),
        title=node.at("title").localized(),
        help=node.at("help").localized(),
        kinds=node.at("kinds").texts(),
        months=node.at("months").integer(),
        pending=node.at("pending").one_of(_PENDING, "open"),
        guidance=node.at("guidance").maybe(Node.localized),
        source=node.at("source").maybe(read_source) or Source("to_verify"),
    )


def read_pass_line(node: Node) -> PassLine:
    """Read the pass line of one year."""
    node.fields(
        frozenset(("year", "value", "title")), frozenset(("document", "source"))
    )
    return PassLine(
        year=node.at("year").integer(),
        value=node.at("value").fraction(),
        title=node.at("title").localized(),
        document=node.at("document").text() or None,
        source=node.at("source").maybe(read_source) or Source("to_verify"),
    )


def read_round(node: Node) -> Round:
    """Read what is decided over all applicants together."""
    shares, counts = ("excellent_share", "quota_share"), ("quota", "district_quota")
    node.fields(frozenset(), frozenset(shares + counts))
    return Round(
        excellent_share=node.at("excellent_share").maybe(Node.fraction),
        quota=node.at("quota").maybe(Node.integer),
        district_quota=node.at("district_quota").maybe(Node.integer),
        quota_share=node.at("quota_share").maybe(Node.fraction),
    )

"""Facts for counting tests: enterprises A, B, … with certificates and titles."""

from datetime import date

from oversight.counting.facts import (
    Certificate,
    CertificateState,
    Enterprise,
    Facts,
    Issue,
    Level,
    Presence,
    Recognition,
    Stage,
    Standard,
    StateChange,
    Title,
    Verification,
)

OLD, NEW = Standard.ENTERPRISE_2013, Standard.ENTERPRISE_2023
SUCCESSORS = {"370684": "370614", "370634": "370614"}


def day(text):
    return date.fromisoformat(text)


def code(letter, kind="91"):
    return f"{kind}37060000000000{ord(letter):02}"


def enterprise(letter, *places, kind="91", **kwargs):
    """An enterprise; places are (division, since, until) or one division for ever."""
    presences = [
        Presence(place) if isinstance(place, str) else Presence(*place)
        for place in places or ("370602",)
    ]
    return Enterprise(code(letter, kind), letter, tuple(presences), **kwargs)


def certificate(letter, first, number="", *, kind="91", issued="", **kwargs):
    """A verified certificate of three years, the initial one unless told otherwise."""
    issued_on = day(issued or first)
    fields = {
        "standard": OLD,
        "issue": Issue.INITIAL,
        "verification": Verification.VERIFIED,
        "expires_on": date(issued_on.year + 3, issued_on.month, min(issued_on.day, 28)),
        "body": "body",
    } | kwargs
    if isinstance(fields["expires_on"], str):
        fields["expires_on"] = day(fields["expires_on"])
    return Certificate(
        number=number or f"{letter}{first}/{issued}",
        holder=code(letter, kind),
        first_issued_on=day(first),
        issued_on=issued_on,
        **fields,
    )


def state(name, on, *, fraud=False, document=""):
    return StateChange(CertificateState(name), day(on), fraud, document)


def title(letter, since="2017-06-01", **kwargs):
    """A verified municipal advantage title without a term."""
    fields = {
        "level": Level.MUNICIPAL,
        "title": Title.ADVANTAGE,
        "stage": Stage.RECOGNISED,
        "name": "知识产权优势企业",
        "batch": since[:4],
        "document": f"文件-{letter}-{since}",
        "verification": Verification.VERIFIED,
    } | kwargs
    return Recognition(holder=code(letter), since=day(since), **fields)


def facts(*things):
    """Facts out of any order of things; holders not given stand in 芝罘区."""
    kinds = {Enterprise: [], Certificate: [], Recognition: []}
    for thing in things:
        kinds[type(thing)].append(thing)
    known = {e.credit_code for e in kinds[Enterprise]}
    held = {x.holder for x in (*kinds[Certificate], *kinds[Recognition])}
    kinds[Enterprise] += [
        Enterprise(holder, chr(int(holder[-2:])), (Presence("370602"),))
        for holder in sorted(held - known)
    ]
    return Facts(*(tuple(found) for found in kinds.values()))


def outcome(tally):
    """The words of each line, as a reader sees them, by what it rests on."""
    return {line.rests_on: line.reason.words["zh"] for line in tally.lines}

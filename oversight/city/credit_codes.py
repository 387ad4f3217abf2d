"""Credit codes of model organisations: right check characters, never a real one.

GB 32100-2015: authority 9, kind 1, division of registration, organisation code of
GB 11714 with its check character, check character of the whole. The organisation
codes of the model begin with XX (enterprises), XY (agencies) or XW (bodies) and go on
with six digits. Issued ones are all digits or begin with M (own knowledge, medium
certainty), so authority and serial can't meet those of a real organisation.
"""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PLACE = "91370600"
"""An enterprise (9, 1) that the city itself (370600) registered."""

ENTERPRISE = "XX"
AGENCY = "XY"
BODY = "XW"
LARGEST = 999_999

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def credit_code(number: int, kind: str = ENTERPRISE) -> str:
    """Return the code of the model organisation of this number and kind."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"a model organisation has a number up to {LARGEST}")
    organisation = f"{kind}{number:06d}"
    body = PLACE + organisation + _organisation_check(organisation)
    total = sum(_VALUES[s] * w for s, w in zip(body, _WEIGHTS, strict=True))
    return body + ALPHABET[-total % 31]


def _organisation_check(organisation: str) -> str:
    total = sum(
        int(sign, 36) * weight
        for sign, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True)
    )
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))

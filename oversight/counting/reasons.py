"""Why a unit is counted or not, each reason with its words.

A reason belongs to one of three outcomes. Flags accompany a reason and change nothing.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from question_bank.engine.basic_types import Localized


class Outcome(StrEnum):
    """What a reason comes to."""

    COUNTED = "counted"
    NOT_COUNTED = "not_counted"
    TO_VERIFY = "to_verify"


class Reason(StrEnum):
    """Why a certificate or a title is counted, or why it is not."""

    FIRST = "first"
    HOLDS_TITLE = "holds_title"
    NEW_TITLE = "new_title"
    VALID = "valid"

    RENEWAL = "renewal"
    UPGRADE = "upgrade"
    CHANGE_OF_BODY = "change_of_body"
    REGAINED = "regained"
    SAME_ENTERPRISE = "same_enterprise"
    TAKEN_OVER = "taken_over"
    GROUP_MEMBER = "group_member"
    FRAUD = "fraud"
    OUTSIDE = "outside"
    NOT_YET = "not_yet"
    NOT_AN_ENTERPRISE = "not_an_enterprise"
    OTHER_STANDARD = "other_standard"
    REJECTED = "rejected"
    NO_CERTIFICATE = "no_certificate"

    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EDITION_ENDED = "edition_ended"
    DEREGISTERED = "deregistered"

    ALREADY_COUNTED = "already_counted"
    CULTIVATED = "cultivated"
    RECOGNISED_ALREADY = "recognised_already"
    COUNTY_LEVEL = "county_level"
    OTHER_LEVEL = "other_level"
    NOT_EQUIVALENT = "not_equivalent"
    REVIEW_FAILED = "review_failed"
    REVIEW_MISSED = "review_missed"
    TERM_ENDED = "term_ended"
    ENDED = "ended"
    OUTSIDE_PERIOD = "outside_period"

    UNVERIFIED = "unverified"
    UNKNOWN_HOLDER = "unknown_holder"
    PLACE_UNKNOWN = "place_unknown"
    COOPERATIVE = "cooperative"
    RESTS_ON_FRAUD = "rests_on_fraud"

    @property
    def outcome(self) -> Outcome:
        """Whether units with this reason are counted."""
        if self in _COUNTED:
            return Outcome.COUNTED
        return Outcome.TO_VERIFY if self in _TO_VERIFY else Outcome.NOT_COUNTED

    @property
    def words(self) -> Localized:
        """The reason in words, with its outcome in front."""
        before, reason = _PREFIXES[self.outcome], WORDS[self]
        return {
            "zh": f"{before['zh']}：{reason['zh']}",
            "en": f"{before['en']}: {reason['en']}",
        }


class Flag(StrEnum):
    """What to know about a unit beside its reason."""

    FIRST_NOT_ON_FILE = "first_not_on_file"
    UNDER_REVIEW = "under_review"
    VETO_ALERT = "veto_alert"
    BY_EQUIVALENCE = "by_equivalence"
    NOT_VALID_NOW = "not_valid_now"

    @property
    def words(self) -> Localized:
        """The flag in words."""
        return FLAG_WORDS[self]


_COUNTED = frozenset((Reason.FIRST, Reason.HOLDS_TITLE, Reason.NEW_TITLE, Reason.VALID))
_TO_VERIFY = frozenset(
    (
        Reason.UNVERIFIED,
        Reason.UNKNOWN_HOLDER,
        Reason.PLACE_UNKNOWN,
        Reason.COOPERATIVE,
        Reason.RESTS_ON_FRAUD,
    )
)
_PREFIXES: Final[Mapping[Outcome, Localized]] = {
    Outcome.COUNTED: {"zh": "计入", "en": "Counted"},
    Outcome.NOT_COUNTED: {"zh": "未计", "en": "Not counted"},
    Outcome.TO_VERIFY: {"zh": "待核", "en": "To verify"},
}


def _both(zh: str, en: str) -> Localized:
    return {"zh": zh, "en": en}


WORDS: Final[Mapping[Reason, Localized]] = {
    Reason.FIRST: _both("首次获证", "first certification"),
    Reason.HOLDS_TITLE: _both("当日持有称号", "holds the title on that day"),
    Reason.NEW_TITLE: _both("首次进入名单", "enters the list for the first time"),
    Reason.VALID: _both("当日持有有效证书", "holds a valid certificate on that day"),
    Reason.RENEWAL: _both("复评换证", "renewal by re-certification"),
    Reason.UPGRADE: _both("标准换版换证", "upgrade to the new edition"),
    Reason.CHANGE_OF_BODY: _both("更换认证机构", "change of certification body"),
    Reason.REGAINED: _both("重新获证", "certified again after a lapse"),
    Reason.SAME_ENTERPRISE: _both(
        "同一企业的另一张证书", "another certificate of the same enterprise"
    ),
    Reason.TAKEN_OVER: _both(
        "合并承继的证书，首次获证已计在原企业",
        "taken over by a merger; its first certification belongs to the former holder",
    ),
    Reason.GROUP_MEMBER: _both(
        "集团证书覆盖，没有自己的证书",
        "covered by a group certificate, none of its own",
    ),
    Reason.FRAUD: _both(
        "以欺骗手段取得，已撤销并更正", "obtained by deceit; voided and corrected"
    ),
    Reason.OUTSIDE: _both("当日不在本市", "outside the city on that day"),
    Reason.NOT_YET: _both("发生在统计日之后", "after the day of the count"),
    Reason.NOT_AN_ENTERPRISE: _both(
        "持证单位不是企业", "the holder is not an enterprise"
    ),
    Reason.OTHER_STANDARD: _both(
        "依据的不是本指标的标准", "certified to another standard"
    ),
    Reason.REJECTED: _both("核验不通过", "verification failed"),
    Reason.NO_CERTIFICATE: _both(
        "尚未获证，仅列在途", "not certified yet; shown in the pipeline alone"
    ),
    Reason.EXPIRED: _both("证书已过期", "the certificate has expired"),
    Reason.SUSPENDED: _both("证书暂停", "the certificate is suspended"),
    Reason.WITHDRAWN: _both("证书已撤销", "the certificate is withdrawn"),
    Reason.CANCELLED: _both("证书已注销", "the certificate is cancelled"),
    Reason.EDITION_ENDED: _both(
        "旧版证书在转换期满后不再有效",
        "the old edition's certificates ended with the transition",
    ),
    Reason.DEREGISTERED: _both("企业已注销", "the enterprise is deregistered"),
    Reason.ALREADY_COUNTED: _both(
        "同一企业已按另一项计入一次", "the enterprise is counted once, by another entry"
    ),
    Reason.CULTIVATED: _both(
        "优势培育企业，尚未认定", "cultivated only, not recognised yet"
    ),
    Reason.RECOGNISED_ALREADY: _both(
        "是认定，不是新培育", "a recognition, no entry into cultivation"
    ),
    Reason.COUNTY_LEVEL: _both(
        "县级称号，低于市级", "a county's title, below the city"
    ),
    Reason.OTHER_LEVEL: _both("不是市级称号", "not a title of the city"),
    Reason.NOT_EQUIVALENT: _both(
        "名称相近，不在等同名单",
        "a similar name that is not on the list of equivalents",
    ),
    Reason.REVIEW_FAILED: _both("复核未通过", "failed the review"),
    Reason.REVIEW_MISSED: _both("未参加复核", "missed the review"),
    Reason.TERM_ENDED: _both(
        "有效期和宽限期已过", "the term and its grace have passed"
    ),
    Reason.ENDED: _both("称号已终止", "the title has ended"),
    Reason.OUTSIDE_PERIOD: _both("不在统计期内", "outside the period"),
    Reason.UNVERIFIED: _both("尚未核验", "not verified yet"),
    Reason.UNKNOWN_HOLDER: _both("持有单位未登记", "the holder is not on the register"),
    Reason.PLACE_UNKNOWN: _both(
        "当日所在区市不明", "where the enterprise was on that day is unknown"
    ),
    Reason.COOPERATIVE: _both(
        "农民专业合作社是否计入，待主管部门明确",
        "the bureau has not said whether co-operatives count",
    ),
    Reason.RESTS_ON_FRAUD: _both(
        "换证所依据的首张证书已因欺骗撤销",
        "it continues a certificate that was voided for deceit",
    ),
}

FLAG_WORDS: Final[Mapping[Flag, Localized]] = {
    Flag.FIRST_NOT_ON_FILE: _both(
        "首张证书未入库，年份依换证证书上的初次发证日期",
        "the first certificate is not on file; the year is the first issue date "
        "printed on a later one",
    ),
    Flag.UNDER_REVIEW: _both("复核中", "under review"),
    Flag.VETO_ALERT: _both(
        "有否决事项，尚无撤销文件",
        "a disqualifying matter is on record; no withdrawal document yet",
    ),
    Flag.BY_EQUIVALENCE: _both("按等同名单计", "by the list of equivalents"),
    Flag.NOT_VALID_NOW: _both("证书现已无效", "the certificate is no longer valid"),
}

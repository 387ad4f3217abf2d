"""The nouns of oversight."""

from oversight.models.batch import ImportBatch
from oversight.models.bulletin import Bulletin
from oversight.models.calibration import CalibrationLedger, CalibrationReport
from oversight.models.certificate import Certificate, CertificateRevision
from oversight.models.figures import SubmittedFigures
from oversight.models.recognition import Recognition, RecognitionRevision
from oversight.models.recorded import Change, Verification, Via
from oversight.models.reference import (
    CertificationBody,
    ControllingGroup,
    TitleEquivalence,
)
from oversight.models.register_file import RegisterFile
from oversight.models.series import SeriesFigure, SeriesRevision
from oversight.models.snapshot import Snapshot, SnapshotLedger
from oversight.models.unit import RegisteredUnit, UnitRevision

__all__ = [
    "Bulletin",
    "CalibrationLedger",
    "CalibrationReport",
    "Certificate",
    "CertificateRevision",
    "CertificationBody",
    "Change",
    "ControllingGroup",
    "ImportBatch",
    "Recognition",
    "RecognitionRevision",
    "RegisterFile",
    "RegisteredUnit",
    "SeriesFigure",
    "SeriesRevision",
    "Snapshot",
    "SnapshotLedger",
    "SubmittedFigures",
    "TitleEquivalence",
    "UnitRevision",
    "Verification",
    "Via",
]

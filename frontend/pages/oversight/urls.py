"""URLs of the registers: the bureau's under /oversight/, an enterprise's own."""

from typing import Any

from django.urls import path

from frontend.pages.oversight import (
    bulletins,
    calibration,
    dashboard,
    held,
    held_lists,
    imports,
    indicators,
    kept_lists,
    method,
    overview,
    own,
    plans,
    series,
    snapshots,
    units,
)
from frontend.pages.oversight.nouns import CERTIFICATE, TITLE, Noun

REGISTERS = "oversight/registers/"
PLAN = "oversight/plans/<slug:plan>/"
INDICATOR = f"{PLAN}<slug:indicator>/"
SNAPSHOTS = "oversight/snapshots/"
BULLETINS = "oversight/bulletins/"
BULLETIN = f"{BULLETINS}<uuid:bulletin_id>/"


def _held(noun: Noun) -> list[Any]:
    root, of = f"{REGISTERS}{noun.key}s/", {"noun": noun}
    one = f"{root}<uuid:record_id>/"
    name = noun.url_name
    return [
        path(f"{root}new/", held.enter, of, name=name("new")),
        path(one, held.show, of, name=name()),
        path(f"{one}correct/", held.correct, of, name=name("correct")),
        path(f"{one}decide/", held.decide, of, name=name("decide")),
        path(f"{one}file/", held.attach, of, name=name("file")),
        path(f"{one}<slug:act>/", held.act, of, name=name("act")),
    ]


def _own(noun: Noun) -> list[Any]:
    root, of = f"records/{noun.key}s/", {"noun": noun}
    one = f"{root}<uuid:record_id>/"
    return [
        path(f"{root}new/", own.hand_in, of, name=f"own-{noun.key}-new"),
        path(one, own.show, of, name=f"own-{noun.key}"),
        path(f"{one}mend/", own.mend, of, name=f"own-{noun.key}-mend"),
    ]


urlpatterns = [
    path("oversight/", dashboard.overview, name="oversight"),
    path("oversight/method/", method.method, name="oversight-method"),
    path(PLAN, plans.show, name="oversight-plan"),
    path(INDICATOR, indicators.show, name="oversight-indicator"),
    path(
        f"{INDICATOR}units.<slug:form>",
        indicators.units_file,
        name="oversight-units-file",
    ),
    path(SNAPSHOTS, snapshots.snapshots, name="oversight-snapshots"),
    path(f"{SNAPSHOTS}<int:number>/", snapshots.show, name="oversight-snapshot"),
    path(
        f"{SNAPSHOTS}<int:number>/snapshot.<slug:form>",
        snapshots.snapshot_file,
        name="oversight-snapshot-file",
    ),
    path(REGISTERS, overview.registers, name="registers"),
    path(
        f"{REGISTERS}certificates/",
        held_lists.certificates,
        name="register-certificates",
    ),
    path(f"{REGISTERS}titles/", held_lists.titles, name="register-titles"),
    *_held(CERTIFICATE),
    *_held(TITLE),
    path(f"{REGISTERS}files/<uuid:file_id>/", own.file, name="register-file"),
    path(f"{REGISTERS}units/", units.units, name="register-units"),
    path(f"{REGISTERS}units/new/", units.enter, name="register-unit-new"),
    path(f"{REGISTERS}units/<uuid:record_id>/", units.show, name="register-unit"),
    path(
        f"{REGISTERS}units/<uuid:record_id>/change/",
        units.change,
        name="register-unit-change",
    ),
    path(f"{REGISTERS}figures/", series.figures, name="register-figures"),
    path(f"{REGISTERS}figures/new/", series.enter, name="register-figure-new"),
    path(
        f"{REGISTERS}figures/<uuid:record_id>/",
        series.correct,
        name="register-figure",
    ),
    path(f"{REGISTERS}bodies/", kept_lists.bodies, name="register-bodies"),
    path(f"{REGISTERS}bodies/new/", kept_lists.body, name="register-body-new"),
    path(f"{REGISTERS}bodies/<uuid:record_id>/", kept_lists.body, name="register-body"),
    path(
        f"{REGISTERS}equivalences/",
        kept_lists.equivalences,
        name="register-equivalences",
    ),
    path(
        f"{REGISTERS}equivalences/new/",
        kept_lists.equivalence,
        name="register-equivalence-new",
    ),
    path(f"{REGISTERS}divisions/", kept_lists.places, name="register-divisions"),
    path(f"{REGISTERS}imports/", imports.imports, name="register-imports"),
    path(f"{REGISTERS}imports/new/", imports.upload, name="register-import-new"),
    path(f"{REGISTERS}imports/template/", imports.template, name="register-template"),
    path(f"{REGISTERS}imports/<uuid:batch_id>/", imports.show, name="register-import"),
    path(
        f"{REGISTERS}imports/<uuid:batch_id>/do/",
        imports.act,
        name="register-import-act",
    ),
    path(BULLETINS, bulletins.bulletins, name="bulletins"),
    path(f"{BULLETINS}new/", bulletins.new, name="bulletin-new"),
    path(BULLETIN, bulletins.show, name="bulletin"),
    path(f"{BULLETIN}issue/", bulletins.issue, name="bulletin-issue"),
    path(f"{BULLETIN}discard/", bulletins.discard, name="bulletin-discard"),
    path(f"{BULLETIN}pdf/", bulletins.pdf, name="bulletin-pdf"),
    path(f"{BULLETIN}xlsx/", bulletins.xlsx, name="bulletin-xlsx"),
    path("oversight/calibration/", calibration.latest, name="calibration"),
    path(
        "oversight/calibration/<int:number>/",
        calibration.issue,
        name="calibration-issue",
    ),
    *(
        path(
            f"oversight/calibration/<int:number>/{ending}/",
            calibration.download,
            {"ending": ending},
            name=f"calibration-{ending}",
        )
        for ending in ("csv", "xlsx")
    ),
    path("records/", own.own, name="own-records"),
    *_own(CERTIFICATE),
    *_own(TITLE),
]

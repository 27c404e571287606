"""A made-up package of a register's measures: a share, a rate and a time, so that nothing holds only of one of them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from domain.package import Package
from reporting.deck_check import deck_problems
from storage.packages import read_package

SLUG = "opdigtet-register"

PACKAGE_YAML = """\
slug: opdigtet-register
version: 1
published: 2026-11-29
title: Opdigtet register
summary: Et opdigtet emne.
evidence: register

sections:
  - {id: medicin, title: Medicin, measure: "Målepunkt 1", measures: [fem_midler, blandet]}
  - {id: tid, title: Tid, measure: "Målepunkt 2", measures: [ventetid]}

measures:
  - id: fem_midler
    title: "Patienter på 75 år og derover i behandling med mindst fem lægemidler"
    short: "Fem lægemidler eller flere"
    unit: "%"
    numerator: "patienter på 75 år og derover med mindst fem lægemidler"
    denominator: "praksis’ patienter på 75 år og derover"
    period: "de seneste 12 måneder"
    decimals: 1
    minimum: 0
    maximum: 100
    source: own
  - id: blandet
    title: "Gennemgange af medicin"
    unit: "pr. 1.000 patienter"
    numerator: "gennemgange af medicin"
    denominator: "praksis’ patienter"
    period: "2025"
    better: higher
    maximum: 2000
    source: own
  - id: ventetid
    title: "Ventetid i telefonen"
    unit: "minutter"
    numerator: "minutter i kø, midterste opkald"
    period: "uge 40"
    decimals: 1
    better: lower
    maximum: 240
    source: own

follow_up:
  from_months: 6
  to_months: 12
  repeats: [fem_midler, ventetid]

references:
  - {id: fem_2024, label: "Alle", value: 30, unit: "%", year: 2024, item: fem_midler, source: "Opdigtet, 2024"}
  - {id: tid_2024, label: "Alle", value: 4.5, unit: measure, year: 2024, item: ventetid, source: "Opdigtet, 2024"}

programme:
  parts:
    - {id: det_hele, kind: plenary, title: "Det hele", minimum: 30, wish: 60}

help:
  title: "Hvis du vil tale med nogen"
  lead: "Sig det til nogen."
  places:
    - &place {id: krisekorps, who: "PLO’s krisekorps", text: "For læger.", find: "Søg på laeger.dk.", source: own}
    - {<<: *place, id: egen_laege}
    - {<<: *place, id: kvalitetsenhed}
"""

DECK_YAML = """\
slides:
  - {kind: title, title: "{package}", notes: N, rounds: [baseline, follow_up]}
  - {kind: register_measures, title: "Sådan er tallene gjort op", notes: N, rounds: [baseline, follow_up]}
  - kind: register_spread
    measure: fem_midler
    title: "Fem lægemidler eller flere"
    titles:
      - {when: {against: {is: above}}, say: "Klyngens median er {median}, over {reference_name} ({reference})"}
      - {when: {against: {is: below}}, say: "Klyngens median er {median}, under {reference_name} ({reference})"}
      - {when: {against: {is: near}}, say: "Klyngens median er {median} og kan ikke skelnes fra {reference_name}"}
      - {say: "Klyngens median er {median}"}
    notes: N
  - kind: register_spread
    measure: blandet
    title: "Gennemgange"
    titles: [{say: "Fra {least} til {most}"}, {say: "Halvdelen ligger mellem {lower} og {upper}"}]
    notes: N
  - kind: register_spread
    measure: ventetid
    title: "Ventetid"
    titles: [{say: "Medianen er {median}"}]
    notes: N
    rounds: [baseline, follow_up]
  - {kind: help, title: "Hjælp", notes: N, rounds: [baseline, follow_up]}
  - &change
    kind: before_after_register
    measure: fem_midler
    title: "Fem lægemidler før og nu"
    titles:
      - {when: {verdict: {is: up}}, say: "Medianen er steget fra {before} til {after} ({difference}, {interval})"}
      - {when: {verdict: {is: down}}, say: "Medianen er faldet fra {before} til {after} ({difference}, {interval})"}
      - {when: {verdict: {is: uncertain}}, say: "Fra {before} til {after}: inden for usikkerheden ({interval})"}
    notes: N
    rounds: [follow_up]
  - {<<: *change, measure: ventetid, title: "Ventetid før og nu"}
"""

EXTRACT = """\
ydernummer;fem_midler;blandet;ventetid
012345;31,4;120;2,5
023456;24,0;98;
034567;41,25;<5;4
045678;18;77;3,5
056789;28,6;140;6
067890;;101;5,5
"""
"""Six practices; the number of two decimals is kept with one, one time and one rate are not given."""


def write_package(root: Path, package_yaml: str = PACKAGE_YAML, deck_yaml: str = DECK_YAML) -> Path:
    """The package's folder under `root`."""
    folder = root / SLUG
    folder.mkdir()
    (folder / "package.yaml").write_text(package_yaml, encoding="utf-8")
    (folder / "deck.yaml").write_text(deck_yaml, encoding="utf-8")
    return folder


def _read() -> Package:
    with TemporaryDirectory() as root:
        return read_package(write_package(Path(root)), deck_problems)


REGISTER = _read()

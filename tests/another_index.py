"""A made-up package with an index of its own: three items, one of them turned around, times two, in four bands.

More points are worse here, so that nothing can hold only because it does of WHO-5.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from domain.package import Package
from reporting.deck_check import deck_problems
from storage.packages import read_package

SLUG = "arbejdspres"

PACKAGE_YAML = """\
slug: arbejdspres
version: 1
published: 2026-11-29
title: Arbejdspres
summary: Et opdigtet emne.

scales:
  tit:
    source: own
    options:
      - {id: altid, label: "Altid", value: 4}
      - {id: tit, label: "Tit", value: 3}
      - {id: jaevnligt, label: "Jævnligt", value: 2}
      - {id: sjaeldent, label: "Sjældent", value: 1}
      - {id: aldrig, label: "Aldrig", value: 0}
  tit_vendt:
    source: own
    options:
      - {id: altid, label: "Altid", value: 0}
      - {id: tit, label: "Tit", value: 1}
      - {id: jaevnligt, label: "Jævnligt", value: 2}
      - {id: sjaeldent, label: "Sjældent", value: 3}
      - {id: aldrig, label: "Aldrig", value: 4}

groups:
  - {id: pres, text: "I den seneste måned …"}

sections:
  - id: pres
    title: Pres
    measure: "Målepunkt 1"
    items: [bagud, overblik, overarbejde]
  - id: andet
    title: Andet
    items: [hvornaar]

items:
  - {id: bagud, kind: score, group: pres, scale: tit, text: "er jeg kommet bagud", source: own}
  - {id: overblik, kind: score, group: pres, scale: tit_vendt, text: "har jeg haft overblik", source: own}
  - {id: overarbejde, kind: score, group: pres, scale: tit, text: "har jeg arbejdet over", source: own}
  - {id: hvornaar, kind: text, text: "Hvornår presser det mest?", source: own}

indices:
  - id: pres
    name: Presindekset
    items: [bagud, overblik, overarbejde]
    factor: 2
    bands:
      - {id: meget_hoejt, label: "Meget højt pres", from: 19, to: 24, means: "Noget må laves om nu", colour: alarm}
      - {id: hoejt, label: "Højt pres", from: 13, to: 18, means: "Tal om det", colour: caution}
      - {id: jaevnt, label: "Jævnt pres", from: 7, to: 12, means: "Hold øje med det", colour: fair}
      - {id: lavt, label: "Lavt pres", from: 0, to: 6, means: "Bliv ved med det, I gør", colour: good}
    not_a_diagnosis: "Presindekset er opdigtet og siger intet om den enkelte."
    own_score:
      reckon: "Læg dine tre tal sammen, og gang med 2."
      sum: "De tre tal lagt sammen: ______  ×  2  =  ______ point"
    source: "Opdigtet til prøver."

follow_up:
  from_months: 6
  to_months: 12
  repeats: [bagud, overblik, overarbejde]

references:
  - {id: pres_2024, label: "Alle", value: 8, unit: score, year: 2024, item: pres, source: "Opdigtet, 2024"}
  - {id: meget_2024, label: "Alle", value: 8, unit: "%", year: 2024, item: pres.meget_hoejt, source: "Opdigtet, 2024"}

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
  - {kind: help, title: "Hjælp", notes: N, rounds: [baseline, follow_up]}
  - kind: index_scores
    index: pres
    title: "Presset i klyngen"
    titles: [{say: "I snit {mean} point, og {meget_hoejt} har meget højt pres"}]
    notes: N
    rounds: [baseline, follow_up]
  - {kind: index_reading, index: pres, title: "Sådan læses det", notes: N}
  - {kind: index_own_score, index: pres, title: "Din egen score", notes: N}
  - kind: index_comparison
    index: pres
    title: "Ved siden af andre"
    titles: [{when: {against: {is: above}}, say: "Over {reference_name} ({reference})"}]
    notes: N
  - kind: index_bands
    index: pres
    title: "Fire niveauer"
    titles: [{when: {above: {at_least: 0.5}}, say: "{above} ligger over det laveste, {heeded} skal I tage alvorligt"}]
    notes: N
  - kind: before_after_index
    index: pres
    title: "Før og nu"
    titles:
      - {when: {verdict: {is: up}}, say: "Presset er steget fra {before} til {after}"}
      - {when: {verdict: {is: uncertain}}, say: "Fra {before} til {after}: inden for usikkerheden"}
    notes: N
    rounds: [follow_up]
  - kind: before_after_bands
    index: pres
    title: "Niveauer før og nu"
    titles: [{say: "Højt eller meget højt: {before} før, {after} nu"}]
    notes: N
    rounds: [follow_up]
"""


def write_package(folder: Path, package_yaml: str = PACKAGE_YAML, deck_yaml: str = DECK_YAML) -> Path:
    """The package's folder, with these files in it, beneath the given one."""
    inside = folder / SLUG
    inside.mkdir(parents=True)
    (inside / "package.yaml").write_text(package_yaml, encoding="utf-8")
    (inside / "deck.yaml").write_text(deck_yaml, encoding="utf-8")
    return inside


def _read() -> Package:
    with TemporaryDirectory() as folder:
        return read_package(write_package(Path(folder)), deck_problems)


ARBEJDSPRES = _read()

"""What was kept before indices were a package's data, in today's shape: versions of packages, results, batches."""

from typing import Any

ID = "who5"
"""The one index there was, named for itself in all that was kept."""

_INDEX: dict[str, Any] = {
    "id": ID,
    "name": "WHO-5",
    "factor": 4,
    "health": True,
    "bands": [
        {
            "id": "high",
            "label": "Høj trivsel",
            "from": 51,
            "to": 100,
            "means": "Ikke umiddelbart risiko for depression eller stressbelastning",
            "colour": "good",
        },
        {
            "id": "low",
            "label": "Lav trivsel",
            "from": 36,
            "to": 50,
            "means": "Risiko for depression eller stressbelastning: vær opmærksom",
            "colour": "caution",
        },
        {
            "id": "very_low",
            "label": "Meget lav trivsel",
            "from": 0,
            "to": 35,
            "means": "Stor risiko for depression eller stressbelastning: tal med nogen",
            "colour": "alarm",
        },
    ],
    "not_a_diagnosis": "WHO-5 er ikke en diagnose. Det er et øjebliksbillede af de sidste to uger.",
    "own_score": {
        "reckon": "Læg dine fem tal sammen, og gang med 4. Så har du din score fra 0 til 100 point.",
        "sum": "De fem tal lagt sammen: ______  ×  4  =  ______ point",
    },
    "source": "Inddelingen er den danske (Ergoterapeutforeningen).",
}
"""As the code had it."""

_KINDS = {
    "who5_scores": "index_scores",
    "who5_reading": "index_reading",
    "who5_own_score": "index_own_score",
    "who5_comparison": "index_comparison",
    "who5_bands": "index_bands",
    "before_after_who5": "before_after_index",
    "before_after_bands": "before_after_bands",
}


def package_of_today(kept: dict[str, Any]) -> dict[str, Any]:
    """A kept version's content as `Package` reads it now."""
    if ID not in kept:
        return kept
    items = kept[ID]
    content = {name: value for name, value in kept.items() if name != ID}
    content["indices"] = [{**_INDEX, "items": items}] if items else []
    deck = content.get("deck") or {}
    slides = [
        {**slide, "kind": _KINDS[slide["kind"]], "index": ID} if slide["kind"] in _KINDS else slide
        for slide in deck.get("slides", ())
    ]
    return {**content, "deck": {**deck, "slides": slides}}


def figures_of_today(kept: dict[str, Any]) -> dict[str, Any]:
    """A kept round's results as `Results` reads them now, or a published batch as `Batch` does."""
    if ID not in kept:
        return kept
    content = {name: value for name, value in kept.items() if name != ID}
    content["indices"] = {} if kept[ID] is None else {ID: kept[ID]}
    return content


def package_as_then(said: dict[str, Any]) -> dict[str, Any]:
    """A package without indices as it was kept then, so that an unchanged version is known again."""
    if said["indices"]:
        return said
    content = {name: value for name, value in said.items() if name != "indices"}
    slides = [{name: value for name, value in slide.items() if name != "index"} for slide in said["deck"]["slides"]]
    return {**content, ID: [], "deck": {**said["deck"], "slides": slides}}

"""A browser's own description of itself in a few words, so that somebody knows their sessions apart."""

BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
"""The first mark that is found tells: later ones stand in the descriptions of the earlier ones too."""


def device_of(user_agent: str) -> str:
    """`Firefox på Windows`; "En browser" where it says nothing we know."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "En browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} på {system}" if system else browser

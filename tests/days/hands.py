"""A person at a browser: with a mouse, or with the keyboard alone, where every step must be seen to have the focus."""

from playwright.sync_api import Locator, Page, expect

from tests.days.portal import PASSWORD
from tests.web.browsing import focus_shows

MOST_TABS = 250
PRESSED = "a, button"


class Hands:
    """Fills in forms and presses what a page has, by the words a person reads."""

    def __init__(self, page: Page, address: str, *, keyboard: bool = False) -> None:
        self.page = page
        self._address = address
        self._keyboard = keyboard

    def open(self, path: str) -> None:
        """Go to an address of ours."""
        self.page.goto(path if path.startswith("http") else self._address + path)

    def sign_in(self, email: str) -> None:
        """With the password that all of KiAP's own have here."""
        self.open("/drift")
        self.write("Mailadresse", email)
        self.write("Adgangskode", PASSWORD)
        self.press("Log ind")

    @property
    def heading(self) -> str:
        return self.page.inner_text("h1")

    @property
    def words(self) -> str:
        """What the page says, with single spaces."""
        return " ".join(self.page.inner_text("main").split())

    def row(self, words: str) -> Locator:
        """The need, or the line of a table, that says this."""
        return self.page.locator(".need, tbody tr").filter(has_text=words).first

    def press(self, words: str, within: Locator | None = None) -> None:
        """Press the button or follow the link that says this."""
        there = self._that_says(words, within)
        if self._keyboard:
            self._tab_to(there)
            with self.page.expect_event("framenavigated"):
                self.page.keyboard.press("Enter")
        else:
            there.click()
        self.page.wait_for_load_state()

    def download(self, words: str) -> str:
        """Fetch what the link that says this leads to; the name of the file."""
        there = self._that_says(words, None)
        with self.page.expect_download() as fetched:
            if self._keyboard:
                self._tab_to(there)
                self.page.keyboard.press("Enter")
            else:
                there.click()
        return fetched.value.suggested_filename

    def _that_says(self, words: str, within: Locator | None) -> Locator:
        everything = (within or self.page.locator("body")).locator(PRESSED)
        there = everything.filter(has_text=words).first.locator("visible=true")
        expect(there).to_be_visible()
        return there

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        """Write in the field of this name."""
        field = (within or self.page).get_by_label(label, exact=True).locator("visible=true").first
        kind = field.get_attribute("type")
        if self._keyboard and kind not in ("date", "time"):
            self._tab_to(field)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
        elif self._keyboard:
            self._tab_to(field)
            self.page.keyboard.type(_segments(text))
            expect(field).to_have_value(text)
        else:
            field.fill(text)

    def choose(self, words: str) -> None:
        """Tick the box, or choose among several, by what its label says."""
        box = self.page.locator("label.row").filter(has_text=words).locator("input").first
        if not self._keyboard:
            box.check()
        elif box.get_attribute("type") == "checkbox":
            self._tab_to(box)
            self.page.keyboard.press("Space")
        else:
            self._arrow_to(box)
        expect(box).to_be_checked()

    def pick(self, label: str, option: str) -> None:
        """Pick from a list."""
        field = self.page.get_by_label(label, exact=True).first
        if self._keyboard:
            self._tab_to(field)
            self.page.keyboard.type(option)
        else:
            field.select_option(label=option)

    def _arrow_to(self, box: Locator) -> None:
        """Tab goes to a group of choices, arrows go within it."""
        name = box.get_attribute("name")
        group = self.page.locator(f"input[type='radio'][name='{name}']")
        for _ in range(MOST_TABS):
            if self.page.evaluate("name => document.activeElement?.name === name", name):
                break
            self.page.keyboard.press("Tab")
        if group.count() and not box.is_checked():
            self.page.keyboard.press("Space")
        for _ in range(group.count() + 1):
            if box.is_checked():
                return
            self.page.keyboard.press("ArrowDown")

    def _tab_to(self, there: Locator) -> None:
        for _ in range(MOST_TABS):
            if there.evaluate("e => e === document.activeElement"):
                assert focus_shows(self.page)
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{there} cannot be reached with Tab")


def _segments(value: str) -> str:
    """A date or a time as Chromium's own field wants its keys: month, day, year; hour, minute, half of the day."""
    if ":" in value:
        hour, minute = map(int, value.split(":"))
        return f"{hour % 12 or 12:02}{minute:02}{'PM' if hour >= 12 else 'AM'}"
    year, month, day = value.split("-")
    return f"{month}{day}{year}"

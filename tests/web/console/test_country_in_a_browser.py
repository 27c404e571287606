"""The country with all it can tell, in real Chromium: axe in light and dark, narrow, and with text twice as big."""

import datetime as dt

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.web.application import TRIVSEL, Web
from tests.web.browsing import axe_finds_nothing, nothing_sideways, tab_to
from tests.web.console.office import signed_in
from tests.web.console.test_console_in_a_browser import enter
from tests.web.console.test_country import cluster_of, placed, publish_six

pytestmark = pytest.mark.browser


def whole_country(web: Web) -> str:
    """A meeting held, one to come, answers counted, figures published; the id of a cluster."""
    going = placed(web, "Sankt Jørgens Klynge ved Rådhuset", "syddanmark")
    order = placed(web, "Aalborg Øst")
    web.plan(order)
    web.answered_by_all(order)
    publish_six(web)
    web.clock.instant = dt.datetime(2026, 3, 26, 9, tzinfo=dt.UTC)
    return cluster_of(web, going)


def test_axe_finds_nothing_and_nothing_is_cut_off(web: Web, browser: Browser) -> None:
    whole_country(web)
    context = browser.new_context(viewport=ViewportSize(width=1280, height=800), locale="da-DK")
    page = context.new_page()
    with signed_in(web) as ole:
        enter(context, ole)
        for query in ("", f"?pakke={TRIVSEL}", "?aar=2026"):
            page.goto(f"{web.address}/drift/landet{query}")
            page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
            assert page.locator(".tile.used").count() == 2, "the legend's, and Aalborg Øst's"
            axe_finds_nothing(page, query)
            nothing_sideways(page, query, 1280, 768, 320)
            axe_finds_nothing(page, query)
    context.close()


def test_text_twice_as_big_still_fits(web: Web, browser: Browser) -> None:
    whole_country(web)
    context = browser.new_context(viewport=ViewportSize(width=640, height=640), locale="da-DK")
    page = context.new_page()
    with signed_in(web) as ole:
        enter(context, ole)
        page.goto(f"{web.address}/drift/landet?pakke={TRIVSEL}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
    context.close()


def test_a_region_is_put_right_by_keyboard_alone_and_without_scripts(web: Web, browser: Browser) -> None:
    cluster = whole_country(web)
    context = browser.new_context(locale="da-DK", java_script_enabled=False)
    page = context.new_page()
    with signed_in(web) as ole:
        enter(context, ole)
        page.goto(f"{web.address}/drift/landet")
        page.locator("summary", has_text="Ret en klynges region").press("Enter")
        page.locator("#klynge").select_option(cluster)
        page.locator("#region").select_option("nordjylland")
        with page.expect_navigation():
            page.get_by_role("button", name="Ret regionen").press("Enter")
        assert "Klyngens region er rettet." in page.inner_text("main")
        assert "Region Nordjylland 1 af 2" in " ".join(page.inner_text("main").split())
    context.close()


def test_the_filters_are_reached_and_sent_by_keyboard(web: Web, browser: Browser) -> None:
    whole_country(web)
    context = browser.new_context(locale="da-DK")
    page = context.new_page()
    with signed_in(web) as ole:
        enter(context, ole)
        page.goto(f"{web.address}/drift/landet")
        tab_to(page, "#pakke")
        page.keyboard.type("Trivsel")
        tab_to(page, ".filters button.primary")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert f"pakke={TRIVSEL}" in page.url
        assert "Klynger, der har brugt Trivsel og arbejdsglæde" in page.inner_text("main")
    context.close()

"""The project before it is downloaded: every file as it is in the archive, at an address, and both sides compared."""

import html
import io
import tarfile
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from advisor import service
from advisor.web.code import list_folders, pick_snippets
from tests.web.conftest import EVENTS, JOBS
from tests.web.page import Page, open_page


@pytest.fixture(scope="module")
def kit_page() -> Page:
    return open_page(f"/kit?{JOBS}")


def test_every_file_of_the_archive_is_listed_and_its_preview_is_what_is_in_the_archive(kit_page: Page) -> None:
    body = Client().get(f"/starter.tgz?{JOBS}", headers={"host": "localhost"}).content
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        packed = {each.name.partition("/")[2]: archive.extractfile(each) for each in archive if each.isfile()}
        listed = {link.split("?")[0].removeprefix("/kit/files/") for link in kit_page.links if "/kit/files/" in link}
        assert listed == set(packed)
        settings = packed["settings.json"]
        assert settings is not None
        text = settings.read().decode()
    assert html.escape(text, quote=True) in open_page(f"/kit/files/settings.json?{JOBS}").html.replace(
        "&#x27;", "&#39;"
    )


def test_it_opens_with_the_readme_and_marks_the_file_that_is_shown(kit_page: Page) -> None:
    assert kit_page.one("h2", id="preview-title").text == "README.md"
    page = open_page(f"/kit/files/src/messaging/consumer.py?{JOBS}")
    assert page.one("a", aria_current="page").text == "consumer.py"
    assert any(link == f"/starter/src/messaging/consumer.py?{_query(page)}" for link in page.links)


def _query(page: Page) -> str:
    return next(link for link in page.links if link.startswith("/starter.zip?")).partition("?")[2]


def test_one_line_for_the_terminal_takes_it_all(kit_page: Page) -> None:
    line = kit_page.one("pre", aria_label="curl line for the project").text
    assert line.startswith("curl 'http://localhost/starter.tgz?work_queue=true&")
    assert line.endswith("' | tar -xz")


def test_each_language_is_a_link_to_the_same_project_in_it(kit_page: Page) -> None:
    choice = kit_page.one("nav", aria_label="Language of the project")
    offered = [each for each in kit_page.all("a") if choice in each.inside]
    assert len(offered) == len(service.LANGUAGES)
    assert [each.text for each in offered if "aria-current" in each.attributes] == ["Python"]
    page = open_page(offered[-1].attributes["href"])
    assert page.one("a", aria_current="true").text == offered[-1].text
    assert not any(link.split("?")[0].endswith(".py") for link in page.links)


def test_what_differs_between_the_two_sides_is_shown_file_by_file() -> None:
    page = open_page(f"/kit/difference?{EVENTS}")
    changes = service.compare_kits(service.read_query(dict(parse_qsl(EVENTS))))
    shown = {each.attributes["id"] for each in page.all("details", class_="code")}
    assert {change.path for change in changes} <= shown
    consumer = next(each for each in page.all("details") if each.attributes.get("id", "").endswith("consumer.py"))
    assert "+from kafka import KafkaConsumer" in consumer.text


def test_what_is_no_file_of_it_or_no_kit_at_all_is_refused() -> None:
    assert open_page(f"/kit/files/src?{JOBS}").status == 404
    assert open_page(f"/kit/files/../settings.py?{JOBS}").status == 404
    assert open_page("/kit?work_queue=true&priority_needed=true&delay_seconds=30+days&cloud=azure").status == 422
    assert open_page("/kit/difference?ordering=sideways").status == 422


def test_producer_and_consumer_are_found_in_whatever_language_they_are_written() -> None:
    files = dict.fromkeys(
        (
            "src/Consumer.java",
            "src/main/Producer.java",
            "tests/producer.ts",
            "producer.ts",
            "consumer.go",
            "settings.json",
        ),
        b"x",
    )
    found = [(each.title, each.path) for each in pick_snippets(files)]
    assert found == [
        ("Producer", "src/main/Producer.java"),
        ("Producer", "producer.ts"),
        ("Consumer", "src/Consumer.java"),
        ("Consumer", "consumer.go"),
        ("The workload’s own values", "settings.json"),
    ]


def test_files_are_listed_by_folder_those_at_the_top_first() -> None:
    folders = list_folders([("b/c/x.py", 1), ("README.md", 2), ("b/y.py", 3)])
    assert [folder.name for folder in folders] == ["", "b", "b/c"]
    assert folders[1].files == (("y.py", "b/y.py", 3),)

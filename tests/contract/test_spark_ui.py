# SPDX-License-Identifier: Apache-2.0
"""The Spark UI of a connection below /ui/NAME/, as a browser behind a Jupyter server with a base URL sees it."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from spark_ui import SparkUi, run_record
from test_gateway_faults import said
from test_processes import kernel_process
from test_spark import kernel

pytestmark = pytest.mark.spark

# What jupyter-server-proxy says of itself, and what it takes off before the daemon sees a path.
OUTER = "/user/ana/firesteel"
ROOT = f"{OUTER}/ui/shared/"
MOST_PAGES = 400
MOST_OF_A_KIND = 5


class Links(HTMLParser):
    """Every address that a page's HTML has."""

    def __init__(self, page: str):
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, _tag, attrs):
        for name, value in attrs:
            if name in ("href", "src", "action", "data-href") and value:
                self.found.add(value)


@pytest.fixture(scope="module")
def used(with_spark):
    """A server that has done something of each kind, so that its UI has something of each kind to show."""
    kernel(with_spark, "use_much_of_spark", connection="shared")
    return with_spark


@pytest.fixture
def browser(used):
    with used.http(headers={"X-Forwarded-Context": OUTER}) as http:
        http.timeout = 60  # its first answer takes the UI seconds
        yield http


def see(browser, url: str, method: str = "GET", **more):
    """Asks as the Jupyter server does for what a browser knows by this address."""
    assert url.startswith(OUTER + "/"), url
    return browser.request(method, url.removeprefix(OUTER), **more)


def links_of(url: str, page: str) -> tuple[set[str], set[str]]:
    """The addresses below the root, and those that escape from it."""
    inside, outside = set(), set()
    for link in Links(page).found:
        address = urldefrag(urljoin(f"http://lab{url}", link)).url
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https"):
            continue
        if parts.netloc != "lab":
            if parts.hostname not in ("spark.apache.org",):
                outside.add(address)
        elif not parts.path.startswith(ROOT):
            outside.add(address)
        else:
            inside.add(parts.path + (f"?{parts.query}" if parts.query else ""))
    return inside, outside


def view_of(url: str) -> str:
    """The address without how its tables are sorted and cut into pages, of which there are endless combinations."""
    parts = urlsplit(url)
    kept = [p for p in parts.query.split("&") if not re.match(r"[\w-]*\.?(sort|desc|pageSize|page|prevPageSize)=", p)]
    return f"{parts.path}?{'&'.join(kept)}"


def kind_of(url: str) -> str:
    """The page without which job, stage or query it is about: a server that tests have used has hundreds of them."""
    parts = urlsplit(url)
    return parts.path if not parts.query else f"{parts.path}?{sorted(p.split('=')[0] for p in parts.query.split('&'))}"


def test_every_link_of_the_ui_stays_below_the_root_and_leads_somewhere(browser, used):
    direct = SparkUi(used)
    # The links to these two are made by a script.
    made = [f"{ROOT}executors/{page}/?executorId=driver" for page in ("threadDump", "heapHistogram")]
    waiting, seen, escaped, broken = [ROOT, *made], set(), {}, {}
    pages, kinds = 0, Counter()
    while waiting and pages < MOST_PAGES:
        url = waiting.pop(0)
        if view_of(url) in seen or "/kill/" in url or kinds[kind_of(url)] >= MOST_OF_A_KIND:
            continue
        seen.add(view_of(url))
        kinds[kind_of(url)] += 1
        pages += 1
        reply = see(browser, url)
        if reply.status_code >= 400:
            straight = direct.get(url.removeprefix(ROOT.rstrip("/"))).status_code
            if straight != reply.status_code:
                broken[url] = (reply.status_code, straight)
        if location := reply.headers.get("location"):
            assert not location.startswith("/"), f"{url} leads to {location}"
            waiting.append(urlsplit(urljoin(f"http://lab{url}", location)).path)
        if reply.headers.get("content-type", "").startswith("text/html"):
            inside, outside = links_of(url, reply.text)
            waiting.extend(sorted(inside))
            if outside:
                escaped[url] = outside
    assert not escaped
    assert not broken
    assert not waiting, f"more than {MOST_PAGES} pages"
    sections = {url.removeprefix(ROOT).split("/")[0] for url in seen}
    assert sections >= {"jobs", "stages", "storage", "environment", "executors", "SQL", "connect", "static"}
    assert len(seen) > 50


def test_pages_are_compressed_and_long_ones_come_whole(browser, used):
    path = "static/d3.min.js"
    direct = SparkUi(used).get(f"/{path}")
    reply = see(browser, ROOT + path, headers={"Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == direct.headers["content-encoding"] == "gzip"
    assert reply.content == direct.content
    assert len(reply.content) > 100_000


def test_sparks_rest_api_is_there(browser):
    (application,) = see(browser, f"{ROOT}api/v1/applications").json()
    jobs = see(browser, f"{ROOT}api/v1/applications/{application['id']}/jobs").json()
    assert {"SUCCEEDED", "FAILED"} <= {job["status"] for job in jobs}


def test_the_kill_link_works_from_a_page_of_the_same_host_alone(browser, used):
    notebook = kernel_process(used, "wait_for_the_end", connection="shared", kind="once")
    assert said(notebook)["running"]
    ui = SparkUi(used)
    (job,) = [j["jobId"] for j in ui.wait_for(bool, seconds=60)]
    page = see(browser, f"{ROOT}jobs/").text
    token = re.search(r'name="csrfToken" value="(\w+)"', page)
    assert f'value="{job}"' in page
    form = {"id": str(job)} | ({"csrfToken": token[1]} if token else {})
    kill = f"{ROOT}jobs/job/kill/"
    foreign = see(browser, kill, "POST", data=form, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    assert [j["jobId"] for j in ui.jobs()] == [job]
    done = see(browser, kill, "POST", data=form, headers={"Origin": "http://localhost", "Host": "localhost"})
    assert done.status_code < 400
    assert "cancelled" in said(notebook)["error"]
    ui.wait_for(lambda jobs: not jobs)
    assert notebook.wait(20) == 0


@pytest.mark.parametrize("page", ["jobs/job/kill/?id=0", "stages/stage/k%69ll/?id=0", "jobs/job/kill;x/?id=0"])
def test_another_site_can_not_lead_to_a_kill_link(browser, page):
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Referer": "http://localhost/"},
        {"Referer": "https://elsewhere.example/localhost"},
    ):
        assert see(browser, ROOT + page, headers=headers | {"Host": "localhost"}).status_code == 403
    assert see(browser, f"{ROOT}jobs/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_nothing_shows_the_key_or_the_secret(browser, used):
    run = run_record(used, "shared")
    page = see(browser, f"{ROOT}environment/").text
    assert "spark.ui.filters" in page
    assert run["ui_key"] not in page and run["secret"] not in page


def test_what_is_not_there_is_said_in_words(browser):
    reply = see(browser, f"{OUTER}/ui/nothing/jobs/")
    assert reply.status_code == 404
    assert reply.headers["content-type"].startswith("text/plain")
    assert "nothing" in reply.text and "shared" in reply.text
    assert see(browser, f"{OUTER}/ui/shared").headers["location"] == "shared/"

from html.parser import HTMLParser

from inspector.adapters.report import evaluation_html
from inspector.pipeline.evaluation import compare


def figures(**names):
    real = {names.get("real", "phones"): [0.1, 0.2, 0.3, 0.6]}
    fake = {names.get("fake", "made"): [0.4, 0.8, 0.9, 0.95]}
    return compare(real, fake, review=0.5, drop=0.9, unscored=1)


class _Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.addresses, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [v for k, v in attrs if k in ("src", "href") and v]

    def handle_data(self, data):
        self.words.append(data.strip())


def seen(page):
    parser = _Seen()
    parser.feed(page)
    return parser


def test_that_the_page_says_the_figures_and_every_source():
    page = seen(evaluation_html(figures(), "inspector-fast"))
    assert "phones" in page.words
    assert "made" in page.words
    assert any(word.startswith("0.938 [") for word in page.words)
    assert page.tags.count("circle") >= 2


def test_that_the_page_fetches_nothing_and_runs_nothing():
    page = seen(evaluation_html(figures(), "inspector-fast"))
    assert page.addresses == []
    assert "script" not in page.tags


def test_that_a_folder_name_cannot_speak_html():
    page = evaluation_html(figures(real="<script>alert(1)</script>"), "<b>m</b>")
    assert "<script>" not in page
    assert "<b>" not in page

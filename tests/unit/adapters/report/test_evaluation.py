from html.parser import HTMLParser

from inspector.adapters.report import evaluation_html
from inspector.domain.figures import Interval, RegionFigures, Treatment
from inspector.pipeline.evaluation import compare
from tests.unit.pipeline.test_evaluation import a_compared


def figures(real="phones", fake="made", model="inspector-fast", copies=(), regions=None):
    values = [(real, False, x) for x in (0.1, 0.2, 0.3, 0.6)]
    values += [(fake, True, x) for x in (0.4, 0.8, 0.9, 0.95)]
    files = [a_compared(n, *value, copies=copies) for n, value in enumerate(values)]
    return compare(files, model=model, unscored=1, regions=regions)


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
    page = seen(evaluation_html(figures()))
    assert "phones" in page.words
    assert "made" in page.words
    assert any(word.startswith("0.938 [") for word in page.words)
    assert page.tags.count("circle") >= 2


def test_that_the_page_fetches_nothing_and_runs_nothing():
    page = seen(evaluation_html(figures()))
    assert page.addresses == []
    assert "script" not in page.tags


def test_that_a_folder_name_cannot_speak_html():
    page = evaluation_html(figures(real="<script>alert(1)</script>", model="<b>m</b>"))
    assert "<script>" not in page
    assert "<b>" not in page


def test_that_treatments_regions_and_baselines_stand_on_the_page():
    half = Interval(0.5, 0.4, 0.6)
    regions = RegionFigures(8, half, half, half, 0.125)
    page = seen(evaluation_html(figures(copies=list(Treatment)[1:], regions=regions)))
    words = " ".join(page.words)
    assert "x264 crf 23" in words
    assert "resized to 0.75" in words
    assert "Pixel AUC" in words
    assert "no better than chance" in words
    assert "variance of the Laplacian" in words


def test_that_parts_nobody_asked_for_are_not_on_the_page():
    words = " ".join(seen(evaluation_html(figures())).words)
    assert "treatments" not in words
    assert "pasted" not in words.lower()

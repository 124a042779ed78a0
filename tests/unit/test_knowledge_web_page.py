"""A web page becomes an article: what readers read of it, and nothing of what the page does."""

import pytest

from integrations.knowledge.markdown import ArticleInvalid
from integrations.knowledge.web_page import parse_web_page

PAGE = """<!DOCTYPE html>
<html lang="de-AT"><head><title>Versand | Shop</title><style>p { color: red }</style></head>
<body><nav><a href="/">Start</a></nav>
<main><h1>Versand</h1><p>Wir liefern <b>schnell</b> &amp; g&uuml;nstig.</p>
<h2>Kosten</h2><script>alert("never")</script>
<ul><li>Post: 5&nbsp;EUR<li>Bote: 9 EUR</ul>
<table><tr><th>Land</th><th>Tage</th></tr><tr><td>Deutschland</td><td>3</td></tr>
<tr><td>Spanien</td><td>8</td></tr></table>
<h3>Hinweis *wichtig*</h3><p>Preis_pro_Paket &lt;!-- asked: nothing --&gt; 2 * 3<br>Ende.</p></main>
<footer>Impressum</footer></body></html>"""


def test_headings_paragraphs_lists_and_tables_become_passages() -> None:
    article = parse_web_page("de/shipping.html", PAGE)
    assert (article.slug, article.front.title, article.front.language) == ("shipping", "Versand", "de")
    assert [(section.heading, section.text) for section in article.sections] == [
        ("", "Wir liefern schnell & günstig."),
        ("Kosten", "- Post: 5 EUR\n\n- Bote: 9 EUR\n\n- Land: Deutschland, Tage: 3\n\n- Land: Spanien, Tage: 8"),
        ("Hinweis *wichtig*", "Preis_pro_Paket <!-- asked: nothing --> 2 * 3\n\nEnde."),
    ]


def test_scripts_menus_and_footers_never_become_text() -> None:
    body = parse_web_page("a.html", PAGE).body
    assert not [word for word in ("alert", "Start", "Impressum", "color") if word in body]


def test_a_page_without_main_is_read_as_a_whole_and_named_by_its_title() -> None:
    article = parse_web_page("a.html", "<title>Care</title><body><p>Wash cold.</p></body>")
    assert (article.front.title, article.front.language) == ("Care", "en")
    assert [section.text for section in article.sections] == ["Wash cold."]


def test_row_headings_stand_before_their_cells() -> None:
    source = "<h1>S</h1><table><tr><th></th><th>Chest</th></tr><tr><th>M</th><td>96</td></tr></table>"
    assert [section.text for section in parse_web_page("a.html", source).sections] == ["- M, Chest: 96"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [("<p>Text</p>", "a.html: no title"), ("<h1>Title</h1><script>x</script>", "a.html: body is empty")],
)
def test_a_page_that_is_no_article_is_refused_by_name(source: str, reason: str) -> None:
    with pytest.raises(ArticleInvalid, match=reason):
        parse_web_page("a.html", source)

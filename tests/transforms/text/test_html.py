"""HTML fragments to plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.characters import clean_text, valid_unicode
from transforms.text.html import html_to_text, title_to_text


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One <b>bold</b>er <a href='x'>link</a>.</p>\n<p>Two</p>", "One bolder link.\n\nTwo"),
        ("One<br><br>Two", "One\n\nTwo"),
        ("One<br/>Two", "One\nTwo"),
        ("One\n\nTwo\nthree", "One\n\nTwo three"),
        ("<p>A<script>alert(1)</script><style>p{}</style><!-- c -->B</p>", "AB"),
        ("AT&amp;T &lt;tag&gt; &eacute; &#8220;q&#8221;", "AT&T <tag> é “q”"),
        ("<p>&amp;lt;b&amp;gt;</p>", "&lt;b&gt;"),
        ("Rock &amp;amp; roll", "Rock & roll"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\n\nTwo"),
        ("<p>non&nbsp;breaking \u200b\ufeffspace\u00ad</p>", "non breaking space"),
        ("cafe\u0301", "café"),
        ("<p>un<b>closed <i>tags", "unclosed tags"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<img src=x alt='A picture'>Text", "Text"),
        ("", ""),
    ],
)
def test_html_to_text(fragment: str, text: str) -> None:
    assert html_to_text(fragment) == text


@pytest.mark.parametrize("inner", ["ul", "ol"])
def test_list_items_and_headings_are_lines_of_their_own(inner: str) -> None:
    text = html_to_text(f"<h2>Head</h2><{inner}><li>One</li><li>Two</li></{inner}><p>End</p>")
    assert [line for line in text.split("\n") if line] == ["Head", "One", "Two", "End"]


def test_table_cells_do_not_run_together() -> None:
    text = html_to_text("<table><tr><td>Goals</td><td>3</td></tr><tr><td>Cards</td></tr></table>")
    assert text.split() == ["Goals", "3", "Cards"]


def test_a_title_is_one_line() -> None:
    assert title_to_text("  <b>One</b><br>\n two &amp; three ") == "One two & three"


def test_joiners_stay_where_they_shape_letters() -> None:
    assert clean_text("می\u200cخواهم") == "می\u200cخواهم"
    assert clean_text("a\u200cb") == "ab"


def test_deep_nesting_is_no_trouble() -> None:
    assert html_to_text("<div>" * 20_000 + "deep") == "deep"


@given(st.text())
def test_clean_text_is_idempotent_and_encodable(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert cleaned.encode().decode() == cleaned
    assert "\n\n\n" not in cleaned


@given(st.text(st.characters()))
def test_valid_unicode_can_be_encoded(text: str) -> None:
    assert "\0" not in valid_unicode(text).encode().decode()


@given(st.lists(st.text("abcdefgh äöü漢字", min_size=1).map(str.strip).filter(bool), max_size=5))
def test_no_paragraph_is_lost(paragraphs: list[str]) -> None:
    fragment = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    assert html_to_text(fragment) == "\n\n".join(" ".join(p.split()) for p in paragraphs)


@pytest.mark.parametrize("blank", [" ", "\n", "\t\r", " \n"], ids=repr)
def test_a_long_run_of_blanks_costs_no_time(blank: str) -> None:
    # Quadratic matching would take minutes here.
    assert html_to_text("a" + blank * 200_000 + "b").split() == ["a", "b"]


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<![CDATA[<p>It rained.</p>]]>", "It rained."),
        ("&lt;![CDATA[It rained.]]&gt;", "It rained."),
        (" &lt;![CDATA[&lt;p&gt;It rained.&lt;/p&gt;]]&gt;\n", "It rained."),
        ("<p>Write &lt;![CDATA[x]]&gt; there.</p>", "Write <![CDATA[x]]> there."),
    ],
    ids=["twice", "escaped", "escaped_with_html", "spoken_of"],
)
def test_the_marks_of_a_cdata_section_are_no_text(fragment: str, text: str) -> None:
    assert html_to_text(fragment) == text

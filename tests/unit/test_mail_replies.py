"""What a customer wrote now, told apart from what their mail program quotes."""

import pytest

from integrations.channels.email.html_text import html_to_text
from integrations.channels.email.reply import newest_reply


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fits.\n\nOn Mon, 2 Mar 2026 at 10:00, Shop <s@x.example> wrote:\n> Does it fit?", "It fits."),
        ("Ja.\n\nAm 02.03.2026 um 10:00 schrieb Shop <s@x.example>:\n> Passt es?", "Ja."),
        ("Oui.\n\nLe lun. 2 mars 2026 à 10:00, Shop <s@x.example> a écrit :\n> Ça va ?", "Oui."),
        ("Sí.\n\nEl lun, 2 mar 2026 a las 10:00, Shop escribió:\n> ¿Bien?", "Sí."),
        ("Yes\n\nFrom: Shop <s@x.example>\nSent: Monday\nTo: Anna\nSubject: Re: scarf\n\nDoes it fit?", "Yes"),
        ("Yes\n\n-----Original Message-----\nDoes it fit?", "Yes"),
        ("On Mon, 2 Mar 2026 at 10:00, Shop wrote:\n> Does it fit?\n\nIt does not.", "It does not."),
        ("Hi,\n\nOn Monday Shop wrote:\n> Size?\nM\n> Colour?\nGrey", "Hi,\n\nM\nGrey"),
        ("> Size?\nM", "M"),
        ("Broken.\n-- \nAnna\nSome Street 1", "Broken."),
        ("Broken.\n\nSent from my phone", "Broken."),
    ],
)
def test_quoted_history_and_signatures_are_left_out(text: str, expected: str) -> None:
    assert newest_reply(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I ordered:\n- scarf\n- hat\nand want to return both.",
        "Hi,\nThanks, but this did not help. I want my money back.",
        "> all of it is quoted",
        "Date: 5 May, that is when it broke.",
        "On Monday you wrote that it ships on Tuesday. It did not.",
        "above the line\n--\n" + "\n".join(f"line {number}" for number in range(30)),
    ],
)
def test_what_the_customer_says_is_never_cut(text: str) -> None:
    assert newest_reply(text) == text


def test_a_forwarded_mail_stays_whole() -> None:
    text = "See below.\n\nFrom: Courier\nSent: Monday\nSubject: Parcel lost\n\nWe lost it."
    assert newest_reply(text, "Fwd: Parcel lost") == text


def test_history_is_told_apart_below_very_long_lines() -> None:
    long_line = "It broke again. " * 400
    text = f"{long_line.strip()}\n\nOn Monday Shop wrote:\n> Old."
    assert newest_reply(text) == long_line.strip()


def test_quotations_in_html_are_told_apart_too() -> None:
    html = "<div>It fits.</div><div class=q>On Monday, Shop wrote:<blockquote>Does it <p>fit?</p></blockquote></div>"
    text = html_to_text(html)
    assert "> Does it" in text
    assert newest_reply(text) == "It fits."

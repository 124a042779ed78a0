"""Links: wherever a text would lead a customer, it is one of the brand's domains, however it is written."""

import pytest

from domain.links import links_allowed

DOMAINS = ("shop.example", "brand.example")


@pytest.mark.parametrize(
    "text",
    [
        "See https://shop.example/returns.",
        "See http://help.shop.example:8443/x",
        "See www.shop.example, please.",
        "HTTPS://SHOP.EXAMPLE",
        "https://shop.example.",
        "[here](https://shop.example/a)",
        "<https://shop.example/a>",
        "**https://shop.example**",
        "Write to help@shop.example or mailto:help@brand.example",
        "No link, e.g. 4.95 EUR, i.e. z.B. d.h. u.a. p. ex. on 24.11.2026 at 9.00",
        "Your invoice.pdf, 3.5 kg, U.S.A., Nr.5, ratio 1/2, and I <3 it",
    ],
)
def test_the_brands_own_links_and_plain_words_pass(text: str) -> None:
    assert links_allowed(text, DOMAINS)


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/",
        "https://shop.example.evil.example/",
        "https://notshop.example/",
        "www.evil.example",
        "HtTpS://evil.example",
        "evil.com",
        "go to evil.com/login now",
        "write to agent@evil.com",
        "//evil.com/x",
        "1.2.3.4",
        "http://1.2.3.4/",
        "http://2130706433/",
        "http://[::1]/",
        "ftp://shop.example",
        "tel:+4912345",
        "data:text/html,abc",
        "javascript:alert(1)",
    ],
)
def test_other_places_and_other_schemes_do_not(text: str) -> None:
    assert not links_allowed(text, DOMAINS)


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example@evil.example/",
        "https://shop.example:x@evil.example",
        "https://shop.example\\@evil.com",
        "https://evil.com\\@shop.example",
        "https:\\\\evil.com",
        "https:/evil.com",
        "https:evil.com",
        "http:///evil.com",
        "https://shop.example%2eevil.com",
        "https://sh\u043ep.example",
        "\u0435vil.com",
        "https://xn--shp-0na.example",
        "evil\u3002com",
        "\uff45vil.com",
        "evil\u200b.com",
        "https://evil\u200b.com",
        "https://evil.com\u202e",
        "&#104;ttps://evil.com",
        "[here](https://evil.example)",
        "[x](//evil.com)",
        "[x](/account)",
        "[x]: https://evil.com",
        "<a href='https://shop.example'>x</a>",
        "<img src=x>",
        "hxxps://evil.com",
        "evil[.]com",
        "evil (dot) com",
        "evil dot com",
        "evil . com",
    ],
)
def test_no_disguise_helps(text: str) -> None:
    assert not links_allowed(text, DOMAINS)

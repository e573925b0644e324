import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.addresses import address_key, normalise_address
from corpus.publishers import source_name, source_of_address

NORMALISED = [
    ("https://www.themoscowtimes.com/2022/06/24/a78100", "https://www.themoscowtimes.com/2022/06/24/a78100"),
    ("  http://WWW.CNN.com/2022/a  ", "https://www.cnn.com/2022/a"),
    ("http://example.org:80/a", "https://example.org/a"),
    ("https://example.org:443/a", "https://example.org/a"),
    ("http://example.org:8080/a", "http://example.org:8080/a"),
    ("https://example.org", "https://example.org/"),
    ("https://example.org./a/", "https://example.org/a/"),
    ("https://example.org/a#comments", "https://example.org/a"),
    ("https://example.org/a?utm_source=x&id=3&fbclid=y&UTM_Medium=z", "https://example.org/a?id=3"),
    ("https://example.org/a?gclid=1", "https://example.org/a"),
    ("https://example.org/a?b=2&a=1&flag", "https://example.org/a?b=2&a=1&flag"),
    ("https://example.org/a?sample=1&campaign=2", "https://example.org/a?sample=1&campaign=2"),
    ("https://example.org/%7Euser/%e4%2f", "https://example.org/~user/%E4%2F"),
    ("https://example.org/ä ö", "https://example.org/%C3%A4%20%C3%B6"),
    ("https://example.org/100%", "https://example.org/100%25"),
    ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
    ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("https://[2001:DB8::0:1]/a", "https://[2001:db8::1]/a"),
    ("https://www-bbc-co-uk.cdn.ampproject.org/c/s/www.bbc.co.uk/news/1", "https://www.bbc.co.uk/news/1"),
    ("https://www.google.com/amp/s/www.example.org/a?x=1", "https://www.example.org/a?x=1"),
]
NO_ADDRESSES = [
    "",
    "example.org/a",
    "ftp://example.org/a",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "https://",
    "https:///a",
    "https://user:password@example.org/a",
    "https://@example.org/a",
    "https://exa mple.org/",
    "https://example..org/",
    "https://-example.org/",
    "https://example.org:99999/",
    "https://example.org:x/",
    "https://[::1/",
    "https://[nonsense]/",
    'https://exam"ple.org/',
    "https://example.org/\ud800",
    "https://example.org/" + "a" * 5000,
]
SAME_PAGE = [
    ("https://www.example.org/a", "http://example.org/a/"),
    ("https://m.example.org/a", "https://example.org/a"),
    ("https://amp.example.org/a", "https://www.example.org/a"),
    ("https://en.m.wikinews.org/wiki/A", "https://en.wikinews.org/wiki/A"),
    ("https://edition.cnn.com/2022/a/index.html", "https://www.cnn.com/2022/a"),
    ("https://www.bbc.co.uk/news/world-1", "https://www.bbc.com/news/world-1"),
    ("https://www.bbc.com/news/world-1.amp", "https://www.bbc.com/news/world-1"),
    ("https://www.bbc.com/news/amp/world-1", "https://www.bbc.com/news/world-1"),
    ("https://example.org/a/amp/", "https://example.org/a"),
    ("https://example.org/a?amp=1", "https://example.org/a"),
    ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
    ("https://example.org/a.amp.html", "https://example.org/a.html"),
    ("https://eu.usatoday.com/story/1", "https://www.usatoday.com/story/1"),
]
OTHER_PAGES = [
    ("https://example.org/a", "https://example.org/b"),
    ("https://example.org/a?id=1", "https://example.org/a?id=2"),
    ("https://example.org/A", "https://example.org/a"),
    ("https://en.wikinews.org/wiki/A", "https://ru.wikinews.org/wiki/A"),
    ("https://example.org:8080/a", "https://example.org/a"),
    ("https://m.me/a", "https://me/a"),
    ("https://example.org/amplitude", "https://example.org/litude"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
]
URLS = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTPS://", "", "ftp://", "//"]),
    st.sampled_from(
        ["example.org", "www.CNN.com", "m.bbc.co.uk", "ä.de", "[::1]", "x.cdn.ampproject.org", "google.com"]
    )
    | st.text(max_size=20),
    st.sampled_from(["", ":80", ":443", ":8080", ":", ":x"]),
    st.sampled_from(["", "/", "/amp/", "/amp/s/", "/c/s/b.org/", "/index.html", "/%7e%zz%2F"])
    | st.text(max_size=20).map("/{}".format),
    st.sampled_from(["", "?", "?utm_source=1&b&a=%", "#x", "?b=2&&a=1/", "?amp;x"]) | st.text(max_size=20),
)


@pytest.mark.parametrize(("url", "address"), NORMALISED)
def test_an_address_has_one_spelling(url: str, address: str) -> None:
    assert normalise_address(url) == address


@pytest.mark.parametrize("url", NO_ADDRESSES, ids=lambda url: ascii(url)[:40])
def test_what_is_no_address_of_a_page_is_none(url: str) -> None:
    assert normalise_address(url) is None
    assert address_key(url) is None


@pytest.mark.parametrize(("one", "other"), SAME_PAGE)
def test_addresses_of_one_page_have_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other) is not None


@pytest.mark.parametrize(("one", "other"), OTHER_PAGES)
def test_addresses_of_two_pages_have_two_keys(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@given(URLS | st.text())
def test_normalising_never_raises_and_is_done_once(url: str) -> None:
    address = normalise_address(url)
    if address is not None:
        assert normalise_address(address) == address
        assert address_key(address) == address_key(url) is not None
        assert address.isascii()
        assert not set(address) & set(' "<>\\^`{}\n')


@given(st.text() | URLS)
def test_a_source_can_be_asked_of_any_text(text: str) -> None:
    assert isinstance(source_of_address(text), str)
    assert isinstance(source_name(text), str)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://www.themoscowtimes.com/2022/06/24/a78100", "The Moscow Times"),
        ("https://en.wikinews.org/wiki/A", "Wikinews"),
        ("https://www.bbc.co.uk/news/1", "BBC News"),
        ("https://www.bbc.com/news/1", "BBC News"),
        ("https://edition.cnn.com/a", "CNN"),
        ("https://abcnews.go.com/a", "ABC News"),
        ("https://www.theweek.co.uk/a", "The Week"),
        ("https://news.valley.co.uk/a", "valley.co.uk"),
        ("https://desk.dateline.example/a", "desk.dateline.example"),
        ("https://[::1]/a", "[::1]"),
        ("nonsense", ""),
    ],
)
def test_an_address_tells_its_publisher(address: str, source: str) -> None:
    assert source_of_address(address) == source


@pytest.mark.parametrize(
    ("given_as", "source"),
    [
        ("www.usatoday.com", "USA Today"),
        ("WWW.CNN.COM", "CNN"),
        ("https://www.theweek.co.uk", "The Week"),
        ("news.valley.co.uk", "valley.co.uk"),
        ("The Port Ellery Courier", "The Port Ellery Courier"),
        ("St. Louis Post-Dispatch", "St. Louis Post-Dispatch"),
        ("", ""),
    ],
)
def test_a_host_given_as_a_source_becomes_its_publisher(given_as: str, source: str) -> None:
    assert source_name(given_as) == source

"""Web addresses of articles: one spelling for each page."""

import re
from ipaddress import IPv6Address
from urllib.parse import quote, urlsplit

_LONGEST_ADDRESS = 4096
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_RESERVED = "%:/?@!$&'()*+,;="
_TRACKING = re.compile(
    r"(?:utm|hsa|pk|mtm|piwik|matomo|at|amp|guce)_\w+|amp|(?:fb|g|dc|tt|tw|y)clid|msclkid|gclsrc|gbraid|wbraid|igsh(?:id)?"
    r"|mc_[ce]id|mkt_tok|_ga|_gl|_hs(?:enc|mi)|__twitter_impression|xtor|ocid|cmp(?:id)?|icid|intcmp|ito|smid|smtyp|s_cid"
    r"|ftag|ncid|guccounter|ref_(?:src|url)|wprov|tpcc|taid|sr_share|soc_(?:src|trk)|spm|usqp|output_?type|vero_id",
    re.IGNORECASE,
)
_VARIANT_LABELS = frozenset(("www", "www1", "www2", "www3", "m", "mobile", "mobil", "amp", "edition"))
_SAME_HOST = {
    "bbc.co.uk": "bbc.com",
    "guardian.co.uk": "theguardian.com",
    "us.cnn.com": "cnn.com",
    "lite.cnn.com": "cnn.com",
    "eu.usatoday.com": "usatoday.com",
    "uk.reuters.com": "reuters.com",
    "in.reuters.com": "reuters.com",
    "af.reuters.com": "reuters.com",
    "ca.reuters.com": "reuters.com",
}
_PAGE_NAME = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_AMP_PATH = re.compile(r"/amp(?=/|$)|\.amp(?=$|\.html?$)")
_AMP_CACHE = re.compile(
    r"(?:[^/]*\.cdn\.ampproject\.org/[cv]|(?:www\.)?google\.[a-z.]{2,6}/amp)/(?P<secure>s/)?(?P<address>[^/].*)",
    re.DOTALL,
)


def normalise_address(url: str) -> str | None:
    """One spelling of an http(s) address that still opens the same page, or None when it is not one.

    https, unless the address has a port; a lower-case ASCII host, with its `www.`, which may be needed to open it; no
    fragment, no tracking parameters, one percent-encoding. An address in an AMP cache becomes the page's own.
    """
    split = _split_address(url)
    if split is None:
        return None
    scheme, authority, path, query = split
    cached = _AMP_CACHE.fullmatch(authority + path)
    if cached:
        return normalise_address(f"https://{cached['address']}{'?' + query if query else ''}")
    return f"{scheme}://{authority}{path}{'?' + query if query else ''}"


def address_key(url: str) -> str | None:
    """A key that all addresses of one page share: to compare, not to open; None when `url` is not an address.

    Beyond `normalise_address` it ignores the scheme, mobile, AMP and regional hosts, `www.`, index pages, a trailing
    slash and the order of parameters.
    """
    address = normalise_address(url)
    if address is None:
        return None
    _, _, authority, *rest = address.split("/", 3)
    path, _, query = "/".join(rest).partition("?")
    path = _PAGE_NAME.sub("", _AMP_PATH.sub("", f"/{path}".rstrip("/")))
    parameters = "&".join(sorted(query.split("&")))
    return f"{_plain_host(authority)}{path.rstrip('/')}{'?' + parameters if parameters else ''}"


def _split_address(url: str) -> tuple[str, str, str, str] | None:
    """Scheme, host with any port, path and query, each in its one spelling."""
    if len(url) > _LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(url.strip())
        scheme, port, host = parts.scheme.lower(), parts.port, spell_host(parts.hostname or "")
        path, query = _spell(parts.path), _spell(parts.query)
    except ValueError:
        return None
    if scheme not in _DEFAULT_PORTS or not host or parts.username is not None or parts.password is not None:
        return None
    query = "&".join(part for part in query.split("&") if part and not _TRACKING.fullmatch(part.split("=", 1)[0]))
    if port is None or port == _DEFAULT_PORTS[scheme]:
        return "https", host, path or "/", query
    return scheme, f"{host}:{port}", path or "/", query


def spell_host(host: str) -> str:
    """The host in ASCII; raises ValueError for what cannot be a host."""
    if ":" in host:
        return f"[{IPv6Address(host.partition('%')[0]).compressed}]"
    host = host.rstrip(".")
    if not host.isascii():
        import idna

        host = idna.encode(host, uts46=True).decode()
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise ValueError("not a host")
    return host


def is_host(name: str) -> bool:
    """Whether a lower-case name has the form of a host."""
    return bool(_HOST.fullmatch(name))


def _spell(part: str) -> str:
    """Percent-encoding in its normal form: RFC 3986, section 6.2.2; raises ValueError for a lone surrogate."""
    return quote(_ESCAPE.sub(_spell_escape, part), safe=_RESERVED)


def _spell_escape(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "%25"
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _plain_host(authority: str) -> str:
    labels = authority.split(".")
    host = ".".join([label for label in labels[:-2] if label not in _VARIANT_LABELS] + labels[-2:])
    return _SAME_HOST.get(host, host)

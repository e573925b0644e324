"""Addresses of articles: one spelling for each, and the publisher that each belongs to."""

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
_EDITION_LABELS = frozenset(("www", "www1", "www2", "www3", "m", "mobile", "mobil", "amp", "edition"))
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

    https, unless the address names a port of its own; a lower-case ASCII host, kept as it is but for its spelling
    (a `www.` may be needed to open it); no fragment, no tracking parameters, one percent-encoding. An address in an
    AMP cache becomes the page's own.
    """
    split = _split_address(url)
    if split is None:
        return None
    scheme, place, path, query = split
    cached = _AMP_CACHE.fullmatch(place + path)
    if cached:
        return normalise_address(f"https://{cached['address']}{'?' + query if query else ''}")
    return f"{scheme}://{place}{path}{'?' + query if query else ''}"


def address_key(url: str) -> str | None:
    """What every address of one page has in common: for comparing, not for opening; None where there is no address.

    Beyond `normalise_address` it ignores the scheme, hosts for telephones, AMP and editions, `www.`, index pages,
    a slash at the end and the order of parameters.
    """
    address = normalise_address(url)
    if address is None:
        return None
    _, _, place, *rest = address.split("/", 3)
    path, _, query = "/".join(rest).partition("?")
    path = _PAGE_NAME.sub("", _AMP_PATH.sub("", f"/{path}".rstrip("/")))
    parameters = "&".join(sorted(query.split("&")))
    return f"{_plain_host(place)}{path.rstrip('/')}{'?' + parameters if parameters else ''}"


def _split_address(url: str) -> tuple[str, str, str, str] | None:
    """Scheme, place (host and any port of its own), path and query, each in its one spelling."""
    if len(url) > _LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(url.strip())
        scheme, port, host = parts.scheme.lower(), parts.port, _spell_host(parts.hostname or "")
        path, query = _spell(parts.path), _spell(parts.query)
    except ValueError:
        return None
    if scheme not in _DEFAULT_PORTS or not host or parts.username is not None or parts.password is not None:
        return None
    query = "&".join(part for part in query.split("&") if part and not _TRACKING.fullmatch(part.split("=", 1)[0]))
    if port is None or port == _DEFAULT_PORTS[scheme]:
        return "https", host, path or "/", query
    return scheme, f"{host}:{port}", path or "/", query


def _spell_host(host: str) -> str:
    """The host in ASCII; raises ValueError for what cannot be one."""
    if ":" in host:
        return f"[{IPv6Address(host.partition('%')[0]).compressed}]"
    host = host.rstrip(".")
    if not host.isascii():
        import idna

        host = idna.encode(host, uts46=True).decode()
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise ValueError("not a host")
    return host


def _spell(part: str) -> str:
    """Percent-encoding in its one form: RFC 3986, section 6.2.2; raises ValueError for a lone surrogate."""
    return quote(_ESCAPE.sub(_spell_escape, part), safe=_RESERVED)


def _spell_escape(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "%25"
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _plain_host(place: str) -> str:
    labels = place.split(".")
    host = ".".join([label for label in labels[:-2] if label not in _EDITION_LABELS] + labels[-2:])
    return _SAME_HOST.get(host, host)


def source_of_address(address: str) -> str:
    """The publisher's name for an address; where it is not known, the registrable domain; empty for no address."""
    try:
        host = _spell_host(urlsplit(address).hostname or "")
    except ValueError:
        return ""
    return _publisher_of_host(host)


def source_name(source: str) -> str:
    """The publisher's name for a source that may be given as a host name (`www.cnn.com`) or as an address."""
    source = source.strip()
    if "://" in source:
        return source_of_address(source) or source
    host = source.lower().rstrip("/")
    return _publisher_of_host(host) if "." in host and _HOST.fullmatch(host) else source


def _publisher_of_host(host: str) -> str:
    labels = host.split(".")
    for first in range(len(labels) - 1):
        name = _PUBLISHERS.get(".".join(labels[first:]))
        if name:
            return name
    return _registrable_domain(host)


def _registrable_domain(host: str) -> str:
    from tld import get_fld

    domain: str | None = get_fld(f"https://{host}", fail_silently=True)
    return domain or host.removeprefix("www.")


_PUBLISHERS = {
    "themoscowtimes.com": "The Moscow Times",
    "wikinews.org": "Wikinews",
    "bbc.co.uk": "BBC News",
    "bbc.com": "BBC News",
    "cnn.com": "CNN",
    "reuters.com": "Reuters",
    "apnews.com": "AP News",
    "ap.org": "AP News",
    "afp.com": "AFP",
    "bloomberg.com": "Bloomberg",
    "upi.com": "UPI",
    "dpa.com": "dpa",
    "dpa-international.com": "dpa",
    "efe.com": "EFE",
    "ansa.it": "ANSA",
    "tass.com": "TASS",
    "tass.ru": "TASS",
    "interfax.com": "Interfax",
    "interfax.ru": "Interfax",
    "ria.ru": "RIA Novosti",
    "xinhuanet.com": "Xinhua",
    "news.cn": "Xinhua",
    "kyodonews.net": "Kyodo News",
    "yna.co.kr": "Yonhap",
    "aa.com.tr": "Anadolu Agency",
    "ukrinform.net": "Ukrinform",
    "pap.pl": "PAP",
    "ptinews.com": "Press Trust of India",
    "aap.com.au": "AAP",
    "usatoday.com": "USA Today",
    "nytimes.com": "The New York Times",
    "washingtonpost.com": "The Washington Post",
    "wsj.com": "The Wall Street Journal",
    "latimes.com": "Los Angeles Times",
    "chicagotribune.com": "Chicago Tribune",
    "bostonglobe.com": "The Boston Globe",
    "sfchronicle.com": "San Francisco Chronicle",
    "sfgate.com": "SFGATE",
    "miamiherald.com": "Miami Herald",
    "seattletimes.com": "The Seattle Times",
    "inquirer.com": "The Philadelphia Inquirer",
    "dallasnews.com": "The Dallas Morning News",
    "houstonchronicle.com": "Houston Chronicle",
    "startribune.com": "Star Tribune",
    "denverpost.com": "The Denver Post",
    "nypost.com": "New York Post",
    "nydailynews.com": "New York Daily News",
    "newsday.com": "Newsday",
    "csmonitor.com": "The Christian Science Monitor",
    "npr.org": "NPR",
    "pbs.org": "PBS",
    "nbcnews.com": "NBC News",
    "cbsnews.com": "CBS News",
    "abcnews.go.com": "ABC News",
    "abcnews.com": "ABC News",
    "foxnews.com": "Fox News",
    "foxbusiness.com": "Fox Business",
    "msnbc.com": "MSNBC",
    "cnbc.com": "CNBC",
    "newsmax.com": "Newsmax",
    "politico.com": "Politico",
    "politico.eu": "Politico Europe",
    "thehill.com": "The Hill",
    "axios.com": "Axios",
    "vox.com": "Vox",
    "slate.com": "Slate",
    "salon.com": "Salon",
    "time.com": "Time",
    "newsweek.com": "Newsweek",
    "theatlantic.com": "The Atlantic",
    "newyorker.com": "The New Yorker",
    "propublica.org": "ProPublica",
    "huffpost.com": "HuffPost",
    "huffingtonpost.com": "HuffPost",
    "buzzfeednews.com": "BuzzFeed News",
    "businessinsider.com": "Business Insider",
    "insider.com": "Business Insider",
    "forbes.com": "Forbes",
    "fortune.com": "Fortune",
    "marketwatch.com": "MarketWatch",
    "barrons.com": "Barron's",
    "news.yahoo.com": "Yahoo News",
    "theverge.com": "The Verge",
    "techcrunch.com": "TechCrunch",
    "wired.com": "Wired",
    "arstechnica.com": "Ars Technica",
    "engadget.com": "Engadget",
    "cnet.com": "CNET",
    "rollingstone.com": "Rolling Stone",
    "variety.com": "Variety",
    "hollywoodreporter.com": "The Hollywood Reporter",
    "espn.com": "ESPN",
    "si.com": "Sports Illustrated",
    "skysports.com": "Sky Sports",
    "theguardian.com": "The Guardian",
    "guardian.co.uk": "The Guardian",
    "thetimes.com": "The Times",
    "thetimes.co.uk": "The Times",
    "telegraph.co.uk": "The Telegraph",
    "independent.co.uk": "The Independent",
    "ft.com": "Financial Times",
    "economist.com": "The Economist",
    "theweek.com": "The Week",
    "theweek.co.uk": "The Week",
    "dailymail.co.uk": "Daily Mail",
    "thesun.co.uk": "The Sun",
    "mirror.co.uk": "Daily Mirror",
    "express.co.uk": "Daily Express",
    "metro.co.uk": "Metro",
    "standard.co.uk": "Evening Standard",
    "inews.co.uk": "The i Paper",
    "sky.com": "Sky News",
    "itv.com": "ITV News",
    "channel4.com": "Channel 4 News",
    "scotsman.com": "The Scotsman",
    "newstatesman.com": "New Statesman",
    "spectator.co.uk": "The Spectator",
    "theconversation.com": "The Conversation",
    "irishtimes.com": "The Irish Times",
    "independent.ie": "Irish Independent",
    "rte.ie": "RTÉ",
    "cbc.ca": "CBC News",
    "ctvnews.ca": "CTV News",
    "globalnews.ca": "Global News",
    "theglobeandmail.com": "The Globe and Mail",
    "thestar.com": "Toronto Star",
    "nationalpost.com": "National Post",
    "abc.net.au": "ABC News (Australia)",
    "smh.com.au": "The Sydney Morning Herald",
    "theage.com.au": "The Age",
    "news.com.au": "news.com.au",
    "theaustralian.com.au": "The Australian",
    "sbs.com.au": "SBS News",
    "rnz.co.nz": "RNZ",
    "nzherald.co.nz": "The New Zealand Herald",
    "stuff.co.nz": "Stuff",
    "aljazeera.com": "Al Jazeera",
    "aljazeera.net": "Al Jazeera",
    "alarabiya.net": "Al Arabiya",
    "arabnews.com": "Arab News",
    "thenationalnews.com": "The National",
    "haaretz.com": "Haaretz",
    "jpost.com": "The Jerusalem Post",
    "timesofisrael.com": "The Times of Israel",
    "hurriyetdailynews.com": "Hürriyet Daily News",
    "dailysabah.com": "Daily Sabah",
    "middleeasteye.net": "Middle East Eye",
    "dw.com": "Deutsche Welle",
    "spiegel.de": "Der Spiegel",
    "faz.net": "Frankfurter Allgemeine Zeitung",
    "sueddeutsche.de": "Süddeutsche Zeitung",
    "zeit.de": "Die Zeit",
    "tagesschau.de": "tagesschau",
    "welt.de": "Die Welt",
    "bild.de": "Bild",
    "nzz.ch": "Neue Zürcher Zeitung",
    "swissinfo.ch": "SWI swissinfo.ch",
    "derstandard.at": "Der Standard",
    "orf.at": "ORF",
    "lemonde.fr": "Le Monde",
    "lefigaro.fr": "Le Figaro",
    "liberation.fr": "Libération",
    "france24.com": "France 24",
    "rfi.fr": "RFI",
    "francetvinfo.fr": "franceinfo",
    "elpais.com": "El País",
    "elmundo.es": "El Mundo",
    "corriere.it": "Corriere della Sera",
    "repubblica.it": "la Repubblica",
    "nos.nl": "NOS",
    "brusselstimes.com": "The Brussels Times",
    "euronews.com": "Euronews",
    "euractiv.com": "Euractiv",
    "euobserver.com": "EUobserver",
    "svt.se": "SVT",
    "dr.dk": "DR",
    "nrk.no": "NRK",
    "yle.fi": "Yle",
    "meduza.io": "Meduza",
    "novayagazeta.eu": "Novaya Gazeta Europe",
    "rt.com": "RT",
    "sputniknews.com": "Sputnik",
    "rferl.org": "Radio Free Europe/Radio Liberty",
    "voanews.com": "Voice of America",
    "kyivindependent.com": "The Kyiv Independent",
    "kyivpost.com": "Kyiv Post",
    "pravda.com.ua": "Ukrainska Pravda",
    "eurasianet.org": "Eurasianet",
    "scmp.com": "South China Morning Post",
    "chinadaily.com.cn": "China Daily",
    "globaltimes.cn": "Global Times",
    "japantimes.co.jp": "The Japan Times",
    "asahi.com": "The Asahi Shimbun",
    "nikkei.com": "Nikkei",
    "nhk.or.jp": "NHK",
    "koreaherald.com": "The Korea Herald",
    "koreatimes.co.kr": "The Korea Times",
    "straitstimes.com": "The Straits Times",
    "channelnewsasia.com": "CNA",
    "bangkokpost.com": "Bangkok Post",
    "thejakartapost.com": "The Jakarta Post",
    "rappler.com": "Rappler",
    "thehindu.com": "The Hindu",
    "timesofindia.indiatimes.com": "The Times of India",
    "hindustantimes.com": "Hindustan Times",
    "indianexpress.com": "The Indian Express",
    "ndtv.com": "NDTV",
    "thewire.in": "The Wire",
    "dawn.com": "Dawn",
    "thedailystar.net": "The Daily Star",
    "mg.co.za": "Mail & Guardian",
    "news24.com": "News24",
    "dailymaverick.co.za": "Daily Maverick",
    "nation.africa": "Nation",
    "allafrica.com": "allAfrica",
    "premiumtimesng.com": "Premium Times",
    "folha.uol.com.br": "Folha de S.Paulo",
    "globo.com": "Globo",
    "clarin.com": "Clarín",
    "lanacion.com.ar": "La Nación",
    "batimes.com.ar": "Buenos Aires Times",
    "un.org": "United Nations",
    "bellingcat.com": "Bellingcat",
}

"""Following twenty feeds for thirty simulated hours, folders and sitemaps, in rounds."""

import gzip
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from corpus.fetching.fetcher import Fetcher, Limits
from indexer.errors import FollowError
from indexer.following.command import interval
from indexer.following.rounds import Following, Round
from indexer.following.sources import Source, sources_of
from indexer.following.state import FollowState
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from tests.fakes import word_hash_model
from tests.press_server import QUIET, START, Clock, page, quiet_stories, serving_press, sitemap

TORTURE = "DATELINE_TORTURE" in os.environ
EVERY = timedelta(minutes=15 if TORTURE else 30)
HOURS = 30
MANY = 5_000 if TORTURE else 300
QUICK = Limits(connect_seconds=5, silence_seconds=0.5, total_seconds=60)  # the slow feed is silent for 2 s


def following(folder: Path, sources: Sequence[Source], clock: Clock, hours: float = HOURS) -> Following:
    """Follows by a simulated clock, which each wait moves on."""

    def wait(seconds: float) -> bool:
        clock.now += timedelta(seconds=seconds)
        return clock.hour > hours

    folder.mkdir(exist_ok=True)
    fetcher = Fetcher(clock=clock, allow_private=True, delay_seconds=0, limits=QUICK)
    return Following(
        folder=folder,
        sources=lambda: sources,
        model=word_hash_model(),
        fetcher=fetcher,
        state=FollowState(folder),
        every=EVERY,
        wait=wait,
    )


def no_problem(error: Exception) -> None:
    raise error


def versions(folder: Path) -> dict[str, int]:
    """The address of every article, with how many versions it has."""
    archive = Archive(folder / FILE_NAME)
    rows = archive.select("SELECT url, count(*) FROM articles GROUP BY url").fetchall()
    archive.close()
    return dict(rows)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_twenty_feeds_are_followed_for_thirty_hours(tmp_path: Path) -> None:
    clock = Clock()
    rounds: list[Round] = []
    resident: list[int] = []

    def note(done: Round) -> None:
        rounds.append(done)
        resident.append(resident_bytes())

    with serving_press(clock, MANY) as press:
        feeds = press.feeds
        assert len(feeds) == 20
        following(tmp_path, [Source(url) for url in feeds], clock).run(note, no_problem)
        asked = {path for path, _, _ in press.asked}
        for path in asked:
            moments = press.asked_for(path)
            assert all(later - earlier >= EVERY for earlier, later in pairwise(moments)), path
        stories = {name for number in range(QUIET) for name in quiet_stories(number, HOURS)}
        expected = dict.fromkeys(stories | {"stays", "moved"} | {f"m{k}" for k in range(MANY)}, 1)
        expected |= {"changing": 2, "goes": 2}
        held = versions(tmp_path)
        assert {url.rpartition("/")[2]: count for url, count in held.items()} == expected
        statuses = press.statuses()
        assert statuses[304] > 0.9 * len(rounds) * (QUIET + 4)  # feeds that are well, and seldom change
        assert len(press.asked_for("/many")) == len(rounds) == 1 + timedelta(hours=HOURS) / EVERY
        assert sum(status == 200 for path, _, status in press.asked if path == "/many") == 1
        assert len(press.asked_for("/bomb")) < 12  # asked less and less often
    assert {name.rpartition("/")[2] for name, _ in rounds[-1].failing} == {"feed", "slow", "bomb"}
    warm = [at for at, done in enumerate(rounds) if done.has_news][1]  # the first additions fill caches
    third = (len(resident) - warm) // 3  # medians, and roomy: other tests' threads are at work in this process, too
    assert median(resident[-third:]) - median(resident[warm : warm + third]) < 80_000_000
    archive = Archive(tmp_path / FILE_NAME)
    newest = [one for one in archive.articles() if one.url == "https://press.example/goes"][-1]
    archive.close()
    assert newest.is_withdrawn


def test_a_restart_asks_no_feed_again_within_its_interval(tmp_path: Path) -> None:
    clock = Clock()
    with serving_press(clock, 3) as press:
        sources = [Source(press.address + "/quiet/0")]
        following(tmp_path, sources, clock).round()
        clock.now += timedelta(minutes=5)
        assert following(tmp_path, sources, clock).round().asked == 0
        clock.now += EVERY
        assert following(tmp_path, sources, clock).round().asked == 1
        assert len(press.asked_for("/quiet/0")) == 2


@pytest.mark.parametrize(
    ("status", "retry_after", "pause"),
    [
        (503, "18000", timedelta(hours=5)),
        (429, "Mon, 01 May 2023 05:00:00 GMT", timedelta(hours=5)),
        (503, "99999999999", timedelta(hours=24)),  # at most a day
        (429, "Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=24)),
        (503, "soon", 2 * EVERY),  # by the backoff
        (429, "0", 2 * EVERY),
        (500, "18000", 2 * EVERY),
    ],
)
def test_a_publisher_that_names_a_later_moment_is_not_asked_before(
    tmp_path: Path, status: int, retry_after: str, pause: timedelta
) -> None:
    clock = Clock()
    with serving_press(clock, 3) as press:
        press.refusals["/quiet/1"] = (status, retry_after)
        sources = [Source(press.address + "/quiet/1")]
        following(tmp_path, sources, clock).round()
        press.refusals.clear()
        clock.now = START + pause - timedelta(seconds=1)
        assert following(tmp_path, sources, clock).round().asked == 0  # also after a restart
        clock.now += timedelta(seconds=1)
        assert following(tmp_path, sources, clock).round().report.added == 1
        assert len(press.asked_for("/quiet/1")) == 2


def test_the_other_feeds_of_a_publisher_that_asked_for_a_pause_are_put_off_too(tmp_path: Path) -> None:
    clock = Clock()
    with serving_press(clock, 3) as press:
        press.refusals["/quiet/1"] = (429, "7200")
        sources = [Source(f"{press.address}/quiet/{number}") for number in (1, 2, 3)]
        follow = following(tmp_path, sources, clock)
        first = follow.round()
        asked_at_first = len(press.asked)  # two are asked at once with the one that is refused, at most
        assert len(first.failing) >= 1
        press.refusals.clear()
        clock.now += timedelta(hours=1)
        follow.round()
        assert len(press.asked) == asked_at_first
        clock.now += timedelta(hours=1)
        assert not follow.round().failing
    assert len(versions(tmp_path)) == 3


def test_a_folder_is_followed_and_only_changed_files_are_read(tmp_path: Path) -> None:
    clock = Clock()
    news = tmp_path / "news"
    news.mkdir()
    text = "---\ntitle: {}\nsource: Courier\npublished_at: 2023-04-30T08:00:00Z\n---\nThe council met on Monday. {}\n"
    (news / "one.md").write_text(text.format("One", "It voted."))
    follow = following(tmp_path / "data", sources_of([str(news)]), clock)
    assert follow.round().report.added == 1
    (news / "two.md").write_text(text.format("Two", "It rested."))
    clock.now += EVERY
    second = follow.round().report
    assert (second.added, second.kept) == (1, 0)
    (news / "one.md").write_text(text.format("One", "It voted twice."))
    clock.now += EVERY
    assert follow.round().report.new_versions == 1
    clock.now += EVERY
    assert not follow.round().has_news


def listed(address: str, changed: str) -> str:
    picture = (
        "<image:image><image:loc>https://press.example/p.jpg</image:loc><image:title>A ship</image:title></image:image>"
    )
    return f"<url><loc>{address}</loc><lastmod>{changed}</lastmod>{picture}</url>"


def listed_news(address: str, published: str) -> str:
    name = (
        "<news:publication><news:name>Port Ellery Press</news:name><news:language>en</news:language></news:publication>"
    )
    about = f"{name}<news:publication_date>{published}</news:publication_date><news:title>A story</news:title>"
    return f"<url><loc>{address}</loc><news:news>{about}</news:news></url>"


def test_an_index_of_sitemaps_is_followed_into_news_and_gzip_and_a_changed_page_becomes_a_version(
    tmp_path: Path,
) -> None:
    clock = Clock()
    with serving_press(clock, 1) as press:

        def put(changed: str, *news: str) -> None:
            own = press.address
            entries = "".join(f"<sitemap><loc>{own}/{name}</loc></sitemap>" for name in ("news.xml.gz", "pages.xml"))
            press.files |= {
                "/sitemap.xml": f"<sitemapindex>{entries}</sitemapindex>".encode(),  # no dates: it never changes
                "/news.xml.gz": gzip.compress(
                    sitemap(*(listed_news(f"{own}/{name}", "2023-05-01T06:00:00+02:00") for name in news))
                ),
                "/pages.xml": sitemap(listed(f"{own}/old", changed)),
            }

        press.files |= {f"/{name}": page(name) for name in ("one", "two", "old")}
        put("2023-04-30", "one")
        follow = following(tmp_path, [Source(press.address + "/sitemap.xml")], clock)
        first = follow.round()
        assert (first.report.added, first.failing, first.unread) == (2, (), ())
        clock.now += EVERY
        assert not follow.round().has_news
        assert len(press.asked_for("/one")) == len(press.asked_for("/old")) == 1
        press.files["/old"] = page("old").replace(b"nine people", b"ten people")
        put("2023-05-01", "two", "one")
        clock.now += EVERY
        third = follow.round().report
        assert (third.added, third.new_versions) == (1, 1)
        assert len(press.asked_for("/one")) == 1
    archive = Archive(tmp_path / FILE_NAME)
    held = {(one.url or "").rpartition("/")[2]: one for one in archive.articles()}
    archive.close()
    assert held["two"].published_at == datetime(2023, 5, 1, 4, tzinfo=UTC)
    assert (held["two"].source, held["two"].published_day) == ("Port Ellery Press", date(2023, 5, 1))
    assert held["old"].published_at is None  # the day of a change is no day of publication


def test_a_sitemap_that_is_a_gzip_bomb_or_not_well_formed_is_reported(tmp_path: Path) -> None:
    clock = Clock()
    with serving_press(clock, 1) as press:
        press.files |= {"/bomb.xml.gz": gzip.compress(b"<urlset>" + bytes(30_000_000)), "/cut.xml": sitemap("<url>")}
        names = ("bomb.xml.gz", "cut.xml")
        done = following(tmp_path, [Source(f"{press.address}/{name}") for name in names], clock).round()
    reasons = dict(done.failing)
    assert "holds more than 10,000,000 bytes" in reasons[f"{press.address}/bomb.xml.gz"]
    assert "not readable as a sitemap" in reasons[f"{press.address}/cut.xml"]


def test_a_list_names_its_feeds_and_a_folder_is_one_source(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text("<opml><outline xmlUrl='https://a.example/f'/></opml>")
    named = [str(tmp_path / "feeds.opml"), "https://b.example/sitemap.xml", str(tmp_path)]
    found = sources_of(named)
    assert found == [
        Source("https://a.example/f"),
        Source("https://b.example/sitemap.xml"),
        Source(str(tmp_path), is_folder=True),
    ]


@pytest.mark.parametrize(("text", "minutes"), [("15m", 15), ("2h", 120), ("1d", 1440)])
def test_an_interval_is_read(text: str, minutes: int) -> None:
    assert interval(text, timedelta(minutes=1)) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "15", "10s", "0m", "1 year"])
def test_an_interval_that_is_none_or_impolite_is_refused(text: str) -> None:
    with pytest.raises(FollowError, match="--every"):
        interval(text, timedelta(minutes=1))

"""The cookie of a reader: unguessable, out of reach of scripts and of other sites."""

from web.cookies import new_cookie, token_of


def test_each_browser_gets_a_token_of_its_own_that_scripts_cannot_read() -> None:
    cookies = {new_cookie() for _ in range(100)}
    assert len(cookies) == 100
    assert all("HttpOnly; SameSite=Strict" in one for one in cookies)
    assert all(len(token_of(one.partition(";")[0])) == 32 for one in cookies)


def test_a_token_is_read_from_its_own_cookie_alone() -> None:
    token = "A" * 32
    assert token_of(f"other=1; dateline={token}; more=2") == token
    assert [token_of(one) for one in ("", "dateline=short", f"dateline={token}é", "=;;,\x00", "dateline=")] == [""] * 5

"""The login: nobody without a password sees the page, and nobody may guess for long."""

import pytest

from chat.errors import ChatError
from web.protection.login import Login

LOGIN = Login.of("ada:correct-horse bo:battery-staple")
NOW = 1_700_000_000.0


def cookie_of(header: str) -> str:
    return header.partition(";")[0]


def test_each_account_is_accepted_with_its_own_password_only() -> None:
    assert LOGIN.accepts("ada", "correct-horse")
    assert LOGIN.accepts("bo", "battery-staple")
    for name, password in (("ada", "battery-staple"), ("ada", ""), ("", ""), ("eve", "correct-horse"), ("ada:", "x")):
        assert not LOGIN.accepts(name, password)


@pytest.mark.parametrize("accounts", ["ada", "ada:", ":correct-horse", "ada:short", "ada:correct-horse bo"])
def test_an_account_that_is_not_usable_is_refused_without_showing_it(accounts: str) -> None:
    with pytest.raises(ChatError, match="an account for the page is not usable") as raised:
        Login.of(accounts)
    assert "horse" not in str(raised.value)
    assert "short" not in str(raised.value).replace("shortest", "")


def test_a_cookie_admits_until_it_expires() -> None:
    cookie = cookie_of(LOGIN.new_cookie(NOW))
    assert LOGIN.admits(f"other=1; {cookie}", NOW + 29 * 86_400)
    assert not LOGIN.admits(cookie, NOW + 31 * 86_400)


@pytest.mark.parametrize("cookie", ["", "dateline-login=", "dateline-login=9999999999.0", "dateline-login=9.ü", ";;=;"])
def test_a_forged_cookie_admits_nobody(cookie: str) -> None:
    assert not LOGIN.admits(cookie, NOW)


def test_the_cookie_of_another_server_admits_nobody() -> None:
    cookie = cookie_of(Login.of("ada:correct-horse").new_cookie(NOW))
    assert not LOGIN.admits(cookie, NOW)


def test_no_password_is_shown_by_what_is_printed_of_a_login() -> None:
    assert "accounts" not in repr(LOGIN)
    assert "key" not in repr(LOGIN)


def test_without_accounts_everybody_sees_the_page() -> None:
    assert Login.of("").admits("", NOW)

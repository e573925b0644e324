"""What looks first whether there is anything to clean gives what the expressions alone give."""

from hypothesis import given
from hypothesis import strategies as st

from corpus import article, mojibake
from corpus.readers import paragraphs

ODD = "\n\n\n\r\t  \u00a0\u0000\x7f\x85\u2028\u2029\u202a\u2069\ud800\u200b\u00ad"
TEXTS = st.text(alphabet=st.sampled_from(ODD + "ab.’é"), max_size=30)
MOJIBAKE = st.text(alphabet=st.sampled_from("aÂÃÐÑâ€™\u0080\u009d©é "), max_size=20)


@given(TEXTS)
def test_text_is_cleaned_as_by_every_expression(text: str) -> None:
    plain = article._CONTROL.sub("", article._LINE_END.sub("\n", text))
    plain = article._MANY_BLANK_LINES.sub("\n\n", article._TRAILING_SPACE.sub("\n", plain)).strip()
    assert article.clean_text(text) == plain


@given(TEXTS)
def test_spaces_become_single_as_by_the_expression(text: str) -> None:
    assert paragraphs.single_spaces(text) == paragraphs._SPACES.sub(" ", text)


@given(MOJIBAKE)
def test_mojibake_is_mended_as_by_the_expression(text: str) -> None:
    mended = mojibake._MOJIBAKE.sub(lambda match: mojibake._mended(match[0]), text)
    assert mojibake.mend_mojibake(text) == mended

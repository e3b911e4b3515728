"""Text in its canonical spelling."""

import pytest

from core.text import canonical_digits, clean_text, has_control_characters


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("411001", "411001"),
        ("411 001\t\n", "411001"),
        ("\u202a+91 98765 00101\u202c", "+919876500101"),
        ("98765\u201100101", "98765-00101"),
        ("1\u20102\u20133\u20144\u22125\ufe586\uff0d7-8", "1-2-3-4-5-6-7-8"),
        ("९८७६५", "98765"),
        ("൧൨௩৪੫", "12345"),
        ("\ufeff1\u200b2\u200d3\u00ad4", "1234"),
        ("²①Ⅷ½一", "²①Ⅷ½一"),
        ("12a\x00", "12a\x00"),
        ("", ""),
    ],
)
def test_codes_of_digits_have_one_spelling(typed, canonical):
    assert canonical_digits(typed) == canonical
    assert canonical_digits(canonical) == canonical


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Asha Patil", "Asha Patil"),
        ("\u2068Asha\u2069\tPatil\ufeff", "Asha Patil"),
        ("a\u202eb\u200b\u00ad\u2060c", "abc"),
        ("क्\u200dष र्\u200cय", "क्\u200dष र्\u200cय"),
        ("e\u0301", "\u00e9"),
        ("one\r\ntwo\n", "one\ntwo\n"),
        ("\u200c\u200d \u200b", ""),
        ("bell\x07", "bell\x07"),
    ],
)
def test_names_and_notes_lose_invisible_characters_but_keep_joiners(typed, stored):
    assert clean_text(typed) == stored
    assert clean_text(stored) == stored


@pytest.mark.parametrize(
    ("text", "has"), [("a\nb", False), ("क्\u200dष", False), ("a\rb", True), ("\x85", True), ("\ud800", True)]
)
def test_control_characters_other_than_line_ends_are_seen(text, has):
    assert has_control_characters(text) is has

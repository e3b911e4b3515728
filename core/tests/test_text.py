"""Text in its canonical spelling."""

import pytest

from core.text import canonical_digits


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

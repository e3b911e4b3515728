"""How many SMS a text is: the limits of both alphabets, to the character."""

import pytest

from notifications.segments import Segments, segments_of


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        # 153 septets hold 76 letters of two: the last septet of a part stays empty rather than part a letter.
        ("€" * 152, 2),
        ("€" * 153, 3),
    ],
    ids=["empty", "160", "161", "306", "307", "80 of two", "161 septets", "304 of two", "306 of two"],
)
def test_gsms_own_alphabet_gives_160_alone_and_153_each(text, count):
    assert segments_of(text) == Segments(count, "GSM-7", "")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("→" * 70, 1),
        ("→" * 71, 2),
        ("→" * 134, 2),
        ("→" * 135, 3),
        ("🚜" * 35, 1),
        ("🚜" * 36, 2),
        ("🚜" * 66, 2),
        ("🚜" * 67, 3),
    ],
    ids=["70", "71", "134", "135", "35 of two", "36 of two", "66 of two", "67 of two"],
)
def test_any_other_character_leaves_70_alone_and_67_each(text, count):
    assert segments_of(text).count == count
    assert segments_of(text).encoding == "UCS-2"


def test_the_contracts_arrow_makes_a_text_twice_as_dear():
    text = "Order #abc12345 you're handling status updated: INTEREST_RAISED → UNDER_REVIEW"
    assert segments_of(text) == Segments(2, "UCS-2", "→")
    assert segments_of(text.replace("→", "to")) == Segments(1, "GSM-7", "")


def test_what_is_beyond_the_alphabet_is_named_once():
    assert segments_of("ट्रैक्टर → ट्रैक्टर").beyond == "ट्रैक→"


def test_line_breaks_and_the_letters_of_europe_cost_one():
    assert segments_of("Ångström\r\nñ à É Δ Ω £ ¥ §" + "a" * 134).count == 1

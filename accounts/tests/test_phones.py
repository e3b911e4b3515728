"""Phone numbers as people write them, and what is refused."""

import pytest

from accounts.models import User
from accounts.phones import canonical_phone, is_indian_mobile, masked_phone
from core.errors import Invalid

ASHA = [
    "9876543211",
    "98765 43211",
    "98765-43211",
    "98765.43211",
    "9876 543 211",
    " 9876543211 ",
    "9876543211\n",
    "98765\t43211",
    "9876543211\u2029",
    "\u202a+91 98765 43211\u202c",
    "\u2068+91 98765 43211\u2069",
    "98765\u201143211",
    "98765\u201043211",
    "98765\u221243211",
    "98765\uff0d43211",
    "98765\u200b43211",
    "\ufeff9876543211",
    "98765\u00ad43211",
    "98765\u202e43211",
    "९८७६५४३२११",
    "+९१ ९८७६५ ४३२११",
    "９８７６５４３２１１",
    "٩٨٧٦٥٤٣٢١١",
    "98७65 ४३211",
    "(98765) 43211",
    "9 8 7 6 5 4 3 2 1 1",
    "98765\u00a043211",
    "98765\u200943211",
    "98765\u202f43211",
    "09876543211",
    "0 98765 43211",
    "0-98765-43211",
    "919876543211",
    "91 98765 43211",
    "91-9876543211",
    "+919876543211",
    "+91 98765 43211",
    "+91-98765-43211",
    "+91 (98765) 43211",
    "+91.98765.43211",
    "+9109876543211",
    "00919876543211",
    "0091 98765 43211",
]
INVALID = [
    "12345",
    "987654321",
    "98765432111",
    "0000000000",
    "+910000000000",
    "+91",
    "+",
    "-",
    " ",
    "++919876543211",
    "919876543211+",
    "+91 98765+43211",
    "+9199998765432111",
    "100",
    "108",
    "98765abcde",
    "ninetyeight",
    "1-800-FLOWERS",
    "9876543211x12",
    "9876543211 ext 5",
    "9876543211;ext=5",
    "tel:+919876543211",
    "9876543211,9876543212",
    "\u200b",
    "98765\u00b243211",
    "98765\u2460321",
    "九八七六五四三二一一",
    "9876543211\x00",
    "+00919876543211",
    "'; DROP TABLE users; --",
    "9" * 33,
    "9" * 5000,
    "14155552671",
    "447911123456",
    "+1 415 555",
    "+999123456789",
    "0000919876543211",
    9876543211,
    919876543211.0,
    True,
    ["9876543211"],
    {"phone": "9876543211"},
    b"9876543211",
]


@pytest.mark.parametrize("spelling", ASHA)
def test_all_spellings_of_one_number_are_one(spelling):
    assert canonical_phone(spelling) == "+919876543211"


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("+1 415 555 2671", "+14155552671"),
        ("+44 7911 123456", "+447911123456"),
        ("0044 7911 123456", "+447911123456"),
        ("+977 984-1234567", "+9779841234567"),
        ("+880 1712 345678", "+8801712345678"),
        ("020 2426 7890", "+912024267890"),
    ],
)
def test_other_countries_need_their_plus(spelling, canonical):
    assert canonical_phone(spelling) == canonical


@pytest.mark.parametrize("spelling", INVALID, ids=lambda spelling: repr(spelling)[:24])
def test_an_impossible_number_is_refused(spelling):
    with pytest.raises(Invalid) as refused:
        canonical_phone(spelling)
    assert refused.value.fields == {"phoneNumber": "Invalid phone number"}


@pytest.mark.parametrize("spelling", ["", None])
def test_a_number_is_required(spelling):
    with pytest.raises(Invalid) as refused:
        canonical_phone(spelling)
    assert refused.value.fields == {"phoneNumber": "Phone number is required"}


def test_a_mask_shows_enough_to_recognise_and_too_little_to_call():
    assert masked_phone("+919876543210") == "+91******3210"
    assert masked_phone("+14155552671") == "+14*****2671"


@pytest.mark.parametrize(
    ("phone", "is_mobile"),
    [
        ("+919876543210", True),
        ("+916001234567", True),
        ("+917878651049", True),
        ("+917140783620", False),
        ("+912024267890", False),
        ("+911800123456", False),
        ("+14155552671", False),
        ("+447911123456", False),
    ],
)
def test_indian_mobile_numbers_are_recognised(phone, is_mobile):
    assert is_indian_mobile(phone) is is_mobile


@pytest.mark.parametrize(
    "username", ["98765 43211", "+919876543211", "09876543211", "\u202a+91 98765 43211\u202c", "९८७६५४३२११"]
)
def test_staff_log_in_by_any_spelling(asha, username):
    assert User.objects.get_by_natural_key(username) == asha


@pytest.mark.parametrize("username", ["", None, "admin", "' OR 1=1", "9" * 5000, "+919876500000"])
def test_an_unknown_username_raises_does_not_exist(asha, username):
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(username)

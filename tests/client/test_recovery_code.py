"""The recovery code: what is mistyped is found and named; what is spelled differently is read."""

import pytest
from backupweb_client.format.recovery_code import (
    CodeFindings,
    RecoveryCode,
    check_digit,
    damm,
    make_recovery_code,
    read_recovery_code,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.client.conftest import tape

codes = st.integers(0, 2**32).map(lambda seed: make_recovery_code(tape(seed)))


def test_damm_gives_the_thesis_example() -> None:
    assert damm([5, 7, 2]) == 4
    assert damm([5, 7, 2, 4]) == 0


@given(codes)
def test_a_code_reads_back(code: RecoveryCode) -> None:
    assert read_recovery_code(code.digits) == code
    assert read_recovery_code(code.spelled()) == code
    assert len(code.random_digits) == 48


@given(codes, st.integers(0, 63), st.integers(1, 9))
def test_one_wrong_digit_is_found_in_its_group(code: RecoveryCode, at: int, off: int) -> None:
    digits = list(code.digits)
    digits[at] = str((int(digits[at]) + off) % 10)

    assert read_recovery_code("".join(digits)) == CodeFindings(digits=64, typos=(at // 4 + 1,))


@given(codes, st.integers(0, 62))
def test_two_neighbouring_digits_in_the_wrong_order_are_found(code: RecoveryCode, at: int) -> None:
    digits = list(code.digits)
    # The last two of a group do not stand side by side in Damm's word: the group's number is between them.
    assume(digits[at] != digits[at + 1] and at % 4 < 2)
    digits[at], digits[at + 1] = digits[at + 1], digits[at]

    assert read_recovery_code("".join(digits)) == CodeFindings(digits=64, typos=(at // 4 + 1,))


# 9 and 10 differ in both digits, so that one group in ten fits in the other's place by chance.
@given(codes, st.integers(1, 15).filter(lambda number: number != 9))
def test_swapped_neighbouring_groups_are_named(code: RecoveryCode, number: int) -> None:
    groups = code.spelled().split()
    groups[number - 1], groups[number] = groups[number], groups[number - 1]
    found = read_recovery_code(" ".join(groups))

    assert found == CodeFindings(digits=64, swapped=((number, number + 1),))


def test_two_mistyped_groups_that_do_not_fit_each_other_are_two_typos() -> None:
    groups = [f"{n:03}" + check_digit(n, f"{n:03}") for n in range(1, 17)]
    for number in (2, 5):
        groups[number - 1] = groups[number - 1][:3] + str((int(groups[number - 1][3]) + 1) % 10)

    found = read_recovery_code("".join(groups))

    assert isinstance(found, CodeFindings)
    assert {*found.typos, *(n for pair in found.swapped for n in pair)} == {2, 5}


@pytest.mark.parametrize("separator", ["", " ", "-", "\u2013", ".", "\n", "\u00a0", " \u2011 ", "\t"])
def test_separators_do_not_matter(separator: str) -> None:
    code = make_recovery_code(tape())
    assert read_recovery_code(f" {separator.join(code.spelled().split())}\n") == code


@pytest.mark.parametrize("zero", ["\u0660", "\u06f0", "\u0966", "\uff10"])
def test_digits_of_any_script_are_read_by_their_value(zero: str) -> None:
    code = make_recovery_code(tape())
    assert read_recovery_code("".join(chr(ord(zero) + int(digit)) for digit in code.digits)) == code


def test_what_is_missing_or_foreign_is_told() -> None:
    code = make_recovery_code(tape())
    assert read_recovery_code(code.digits[:-4]) == CodeFindings(digits=60)
    assert read_recovery_code(code.digits + "1") == CodeFindings(digits=65)
    assert read_recovery_code(code.digits + "x") == CodeFindings(digits=64, foreign=True)


def test_a_code_has_no_string_form() -> None:
    assert "0" not in repr(make_recovery_code(tape()))

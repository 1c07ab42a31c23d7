"""Staff give out room and see sizes; they see no content, change no way of signing in, and act as nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from backupweb.accounts.models import Account, Invitation, Quota
from tests.people import Person, Thing, head

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(db: None) -> Person:
    person = Person.named("chef")
    Account.objects.filter(pk=person.account.pk).update(is_staff=True)
    return person


def post(staff: Person, address: str, **form: object) -> Any:
    return staff.client.post(address, {**form, "csrfmiddlewaretoken": staff.token})


def test_every_list_opens(staff: Person, alice: Person) -> None:
    snapshot, pack = Thing.make("snapshot"), Thing.make()
    alice.store(snapshot, pack)
    alice.commit(1, head(), [(snapshot, [pack])])
    for address in (
        "/admin/",
        "/admin/accounts/account/",
        "/admin/accounts/account/?room=over",
        "/admin/accounts/account/?room=nearly",
        "/admin/accounts/invitation/",
        "/admin/backups/sealedobject/",
        "/admin/backups/snapshot/",
        f"/admin/accounts/account/{alice.account.pk}/change/",
    ):
        assert staff.get(address).status_code == 200, address


def test_the_first_page_shows_what_lies_in_the_store(staff: Person, alice: Person) -> None:
    alice.store(Thing.make(size=2_000_000))
    page = staff.get("/admin/").content.decode()
    assert "2\xa0MB" in page
    assert "Promised" in page


def test_usage_is_a_bar_and_who_is_over_is_found(staff: Person, alice: Person, bob: Person) -> None:
    alice.store(Thing.make(size=5000))
    alice.limit_to(4000)
    page = staff.get("/admin/accounts/account/").content.decode()
    assert "width: 100.0%; background: crimson" in page
    over = staff.get("/admin/accounts/account/?room=over").content.decode()
    assert ">alice<" in over
    assert ">bob<" not in over


@pytest.mark.parametrize(("written", "kept"), [("2GB", 2 * 10**9), ("3000000", 3_000_000), ("", None)])
def test_a_quota_is_given(staff: Person, alice: Person, written: str, kept: int | None) -> None:
    alice.limit_to(7)
    address = reverse("admin:accounts_account_change", args=[alice.account.pk])
    form = {
        "is_active": "on",
        "quota-TOTAL_FORMS": 1,
        "quota-INITIAL_FORMS": 1,
        "quota-0-account": str(alice.account.pk),
        "quota-0-limit": written,
    }
    assert post(staff, address, **form).status_code == 302
    assert Quota.objects.get(account=alice.account).limit == kept
    assert post(staff, address, **form | {"quota-0-limit": "lots"}).status_code == 200
    assert Quota.objects.get(account=alice.account).limit == kept


def test_staff_change_no_way_of_signing_in_and_make_nobody_staff(staff: Person, alice: Person) -> None:
    address = reverse("admin:accounts_account_change", args=[alice.account.pk])
    before = Account.objects.filter(pk=alice.account.pk).values("username", "email", "password", "is_staff").get()
    post(
        staff, address, username="x", email="x@example.org", password="x", is_active="on", is_staff="on",
        is_superuser="on", **{"quota-TOTAL_FORMS": 0, "quota-INITIAL_FORMS": 0},
    )  # fmt: skip
    assert Account.objects.filter(pk=alice.account.pk).values(*before).get() == before
    for closed in ("account/emailaddress", "mfa/authenticator", "usersessions/usersession", "auth/group"):
        assert staff.get(f"/admin/{closed}/").status_code == 404
    assert staff.get("/admin/accounts/account/add/").status_code == 403
    assert post(staff, f"/admin/accounts/account/{alice.account.pk}/delete/", post="yes").status_code == 403


def test_objects_are_only_looked_at(staff: Person, alice: Person) -> None:
    alice.store(Thing.make())
    row = alice.account.sealedobject_set.get()
    change = f"/admin/backups/sealedobject/{row.pk}/change/"
    assert staff.get(change).status_code == 200
    assert row.store_name not in staff.get(change).content.decode()
    assert post(staff, change, size=1).status_code == 403
    assert post(staff, f"/admin/backups/sealedobject/{row.pk}/delete/", post="yes").status_code == 403


def test_an_invitation_shows_its_link_once(staff: Person) -> None:
    answer = staff.client.post(
        "/admin/accounts/invitation/add/",
        {"note": "for Dora", "days": 7, "csrfmiddlewaretoken": staff.token},
        follow=True,
    )
    assert "/invitation/" in answer.content.decode()
    assert Invitation.objects.get().note == "for Dora"
    assert "Pass this link on" not in staff.get("/admin/accounts/invitation/").content.decode()


def test_who_is_not_staff_sees_nothing_of_it(alice: Person) -> None:
    assert alice.get("/admin/").status_code == 302
    assert alice.get("/admin/backups/sealedobject/").status_code == 302

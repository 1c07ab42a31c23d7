"""Staff give out room and see sizes; they see no content, change no way of signing in, and act as nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.internal.userkit import user_id_to_str
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.contrib import admin
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from backupweb.accounts import leaving, rooms
from backupweb.accounts.models import Account, Invitation, Plan, Quota, QuotaRequest
from backupweb.backups.models import SealedObject
from backupweb.ops.deleting import accounts_delete_due
from backupweb.ops.models import Run, SecurityEvent
from tests.people import Person, Thing, head

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

PEOPLE = "/admin/accounts/account/"
LISTS = (
    *("accounts/account", "accounts/plan", "accounts/quotarequest", "accounts/invitation"),
    *("backups/sealedobject", "backups/snapshot", "vault/vaultrecord", "vault/guessbudget", "vault/tombstone"),
    *("ops/securityevent", "ops/run", "auditlog/logentry"),
)


@pytest.fixture
def staff(db: None) -> Person:
    person = Person.named("chef")
    Account.objects.filter(pk=person.account.pk).update(is_staff=True)
    return person


@pytest.fixture
def family(db: None) -> Plan:
    return Plan.objects.create(name="Family", limit=20 * 10**9)


def post(staff: Person, address: str, **form: object) -> Any:
    return staff.client.post(address, {**form, "csrfmiddlewaretoken": staff.token})


def do(staff: Person, deed: str, *people: Person, **form: object) -> Any:
    """Chooses people in the list, and says yes on the page that asks."""
    return post(staff, PEOPLE, action=deed, _selected_action=[str(one.account.pk) for one in people], **form)


def room_form(person: Person, **form: object) -> dict[str, object]:
    return {
        "quota-TOTAL_FORMS": 1,
        "quota-INITIAL_FORMS": 1,
        "quota-0-account": str(person.account.pk),
        **{f"quota-0-{name}": value for name, value in form.items()},
    }


def change_page(person: Person) -> str:
    return reverse("admin:accounts_account_change", args=[person.account.pk])


def written_down() -> list[tuple[str, str, Any]]:
    entries = LogEntry.objects.order_by("pk").select_related("content_type")
    return [(entry.additional_data["staff"], entry.content_type.model, entry.changes) for entry in entries]


# ---------------------------------------------------------------- what is there, and what of it can be changed


def test_every_list_opens(staff: Person, alice: Person, family: Plan) -> None:
    snapshot, pack = Thing.make("snapshot"), Thing.make()
    alice.store(snapshot, pack)
    alice.commit(1, head(), [(snapshot, [pack])])
    rooms.quota_request_make(account=alice.account, wanted=5 * 10**9, reason="holidays")
    for address in (
        "/admin/",
        *(f"/admin/{name}/" for name in LISTS),
        *(f"{PEOPLE}?{choice}" for choice in ("room=over", "room=nearly", "status=suspended", "seen=90", "q=ali")),
        f"{PEOPLE}?quota__plan__id__exact={family.pk}",
        "/admin/accounts/quotarequest/?state=waiting",
        f"/admin/ops/securityevent/?account__id__exact={alice.account.pk}&group=signing-in",
        "/admin/auditlog/logentry/?about=quota&q=chef",
        change_page(alice),
    ):
        assert staff.get(address).status_code == 200, address


def test_what_is_in_the_admin_is_on_this_list() -> None:
    """Whoever adds a table here thinks of what somebody could do with it who wants to act as a person."""
    assert {f"{model._meta.app_label}/{model._meta.model_name}" for model in admin.site._registry} == set(LISTS)


def test_what_staff_can_change_is_on_this_list(staff: Person, alice: Person, family: Plan) -> None:
    """The same list stands in docs/operations.md."""
    Account.objects.filter(pk=staff.account.pk).update(is_superuser=True)
    rooms.quota_request_make(account=alice.account, wanted=5 * 10**9, reason="")
    wish = QuotaRequest.objects.get()
    pages = {
        change_page(alice): {"is_staff", "is_superuser", "quota-0-plan", "quota-0-limit"},
        "/admin/accounts/plan/add/": {"name", "limit", "note"},
        f"/admin/accounts/plan/{family.pk}/change/": {"name", "limit", "note"},
        "/admin/accounts/invitation/add/": {"note", "plan", "days", "address", "language"},
        f"/admin/accounts/quotarequest/{wish.pk}/decide/": {"limit", "answer"},
    }
    for address, open_ in pages.items():
        text = staff.get(address).content.decode()
        named = set(re.findall(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"', text))
        for hidden in re.findall(r"<input\b[^>]*>", text):
            if 'type="hidden"' in hidden:
                named -= set(re.findall(r'\bname="([^"]+)"', hidden))
        buttons = {"_save", "_continue", "_addanother", "s"}
        assert {name for name in named if not name.startswith("_")} - buttons == open_, address
    for name in LISTS:
        page = staff.get(f"/admin/{name}/add/")
        assert (page.status_code == 200) == (name in {"accounts/plan", "accounts/invitation"}), name


def test_staff_change_no_way_of_signing_in_and_make_nobody_staff(staff: Person, alice: Person) -> None:
    before = Account.objects.filter(pk=alice.account.pk).values().get()
    post(
        staff, change_page(alice), username="x", email="x@example.org", password="x", is_active="", is_staff="on",
        is_superuser="on", delete_after="2020-01-01", language="xx", **room_form(alice),
    )  # fmt: skip
    assert Account.objects.filter(pk=alice.account.pk).values().get() == before
    for closed in ("account/emailaddress", "mfa/authenticator", "usersessions/usersession", "auth/group"):
        assert staff.get(f"/admin/{closed}/").status_code == 404
    assert staff.get(f"/admin/accounts/account/{alice.account.pk}/password/").status_code in {302, 404}
    assert staff.get("/admin/accounts/account/add/").status_code == 403
    assert post(staff, f"/admin/accounts/account/{alice.account.pk}/delete/", post="yes").status_code == 403


def test_who_is_not_staff_sees_nothing_of_it(alice: Person) -> None:
    for name in ("", *(f"{name}/" for name in LISTS)):
        assert alice.get(f"/admin/{name}").status_code == 302
    assert alice.get("/admin/login/").status_code == 403


def test_the_admin_has_no_password_form_of_its_own(staff: Person) -> None:
    assert staff.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


# ---------------------------------------------------------------- a second factor


def test_in_production_a_password_alone_does_not_open_the_admin(staff: Person, settings: Any) -> None:
    settings.DEVELOPMENT = False
    for address in ("/admin/", PEOPLE, "/admin/jsi18n/"):
        assert staff.get(address).status_code == 302
    page = staff.client.get("/admin/", follow=True)
    assert page.status_code == 403
    assert reverse("mfa_add_webauthn") in page.content.decode()
    assert reverse("mfa_activate_totp") in page.content.decode()
    assert do(staff, "suspend", staff, confirmed="yes").status_code == 302
    assert Account.objects.get(pk=staff.account.pk).is_active


@pytest.mark.parametrize(
    ("kind", "asks"), [("totp", "mfa_reauthenticate"), ("webauthn", "mfa_reauthenticate_webauthn")]
)
def test_the_second_factor_is_asked_for_once_in_twelve_hours(
    staff: Person, settings: Any, kind: str, asks: str
) -> None:
    settings.DEVELOPMENT = False
    staff.account.authenticator_set.create(type=kind, data={})
    door = staff.get("/admin/")["Location"]
    assert staff.get(door)["Location"] == f"{reverse(asks)}?next=%2Fadmin%2F"
    for method, hours, status in (("mfa", 1, 200), ("mfa", 13, 302), ("password", 1, 302)):
        session = staff.client.session
        session["account_authentication_methods_user"] = user_id_to_str(staff.account)
        at = timezone.now().timestamp() - hours * 3600
        session["account_authentication_methods"] = [{"method": method, "at": at}]
        session.save()
        assert staff.get("/admin/").status_code == status


# ---------------------------------------------------------------- people


def test_usage_is_a_bar_and_who_is_over_is_found(staff: Person, alice: Person, bob: Person) -> None:
    alice.store(Thing.make(size=5000))
    alice.limit_to(4000)
    page = staff.get(PEOPLE).content.decode()
    assert re.search(r'bw-bar-full".*?width: 100.0%', page)
    over = staff.get(f"{PEOPLE}?room=over").content.decode()
    assert ">alice<" in over
    assert ">bob<" not in over


@pytest.mark.parametrize(("written", "kept"), [("2GB", 2 * 10**9), ("3000000", 3_000_000), ("", None)])
def test_a_quota_is_given(staff: Person, alice: Person, written: str, kept: int | None) -> None:
    alice.limit_to(7)
    address = change_page(alice)
    assert post(staff, address, **room_form(alice, limit=written)).status_code == 302
    assert Quota.objects.get(account=alice.account).limit == kept
    assert post(staff, address, **room_form(alice, limit="lots")).status_code == 200
    assert Quota.objects.get(account=alice.account).limit == kept


def test_an_upload_meanwhile_is_not_undone_by_saving_a_quota(staff: Person, alice: Person, family: Plan) -> None:
    address = change_page(alice)
    staff.get(address)
    alice.store(Thing.make(size=5000))
    assert post(staff, address, **room_form(alice, plan=family.pk)).status_code == 302
    assert alice.room == (5000, 0)
    assert Quota.objects.get(account=alice.account).plan == family


def test_a_deed_names_who_is_concerned_and_is_done_after_the_yes(
    staff: Person, alice: Person, bob: Person, family: Plan
) -> None:
    page = do(staff, "give_plan", alice, bob)
    assert page.status_code == 200
    assert all(f"<li>{name}</li>" in page.content.decode() for name in ("alice", "bob"))
    assert not Quota.objects.filter(plan=family).exists()
    assert do(staff, "give_plan", alice, bob, confirmed="yes", plan=family.pk).status_code == 302
    assert Quota.objects.filter(plan=family).count() == 2
    do(staff, "give_plan", bob, confirmed="yes", plan="")
    assert Quota.objects.get(plan=family).account == alice.account


def test_people_are_suspended_and_readmitted(staff: Person, alice: Person, bob: Person) -> None:
    alice.get("/app/")
    do(staff, "suspend", alice, confirmed="yes")
    assert alice.get("/api/account").status_code == 401
    assert bob.get("/api/account").status_code == 200
    assert ">alice<" in staff.get(f"{PEOPLE}?status=suspended").content.decode()
    do(staff, "readmit", alice, confirmed="yes")
    assert Account.objects.get(pk=alice.account.pk).is_active


def test_people_are_signed_out_everywhere(staff: Person, alice: Person) -> None:
    alice.get("/app/")
    assert UserSession.objects.filter(user=alice.account).exists()
    do(staff, "sign_out", alice, confirmed="yes")
    assert not UserSession.objects.filter(user=alice.account).exists()
    assert alice.get("/api/account").status_code == 401
    assert SecurityEvent.objects.filter(account=alice.account, kind="device-revoked").exists()


def test_deletion_is_planned_with_grace_and_called_off(staff: Person, alice: Person) -> None:
    asked = do(staff, "plan_deletion", alice).content.decode()
    assert "days of grace" in asked
    do(staff, "plan_deletion", alice, confirmed="yes")
    after = Account.objects.get(pk=alice.account.pk).delete_after
    assert after is not None
    assert after > timezone.now()
    assert ">alice<" in staff.get(f"{PEOPLE}?status=leaving").content.decode()
    do(staff, "cancel_deletion", alice, confirmed="yes")
    assert Account.objects.get(pk=alice.account.pk).delete_after is None


def test_nobody_shuts_themselves_out_and_staff_are_for_superusers(staff: Person, alice: Person, bob: Person) -> None:
    Account.objects.filter(pk=bob.account.pk).update(is_staff=True)
    for deed in ("suspend", "sign_out", "plan_deletion"):
        page = do(staff, deed, staff, alice, bob).content.decode()
        assert re.findall(r"<li>(\w+)</li>", page) == ["alice"]
        do(staff, deed, staff, bob, confirmed="yes")
    assert Account.objects.filter(is_active=True, delete_after=None).count() == 3
    Account.objects.filter(pk=staff.account.pk).update(is_superuser=True)
    do(staff, "suspend", bob, confirmed="yes")
    assert not Account.objects.get(pk=bob.account.pk).is_active


def test_a_list_of_fifty_people_asks_as_often_as_one_of_five(
    staff: Person, django_assert_max_num_queries: Any, family: Plan
) -> None:
    for number in range(50):
        account = Account.objects.create(username=f"person{number}")
        Quota.objects.create(account=account, plan=family, used=number)
    with django_assert_max_num_queries(16):
        assert "person49" in staff.get(PEOPLE).content.decode()


# ---------------------------------------------------------------- plans, wishes, invitations


def test_a_plan_tells_how_many_have_it_and_stays_while_somebody_does(
    staff: Person, alice: Person, family: Plan
) -> None:
    rooms.plan_set(accounts=[alice.account], plan=family)
    page = staff.get("/admin/accounts/plan/").content.decode()
    assert f'quota__plan__id__exact={family.pk}">1</a>' in page
    assert "20\xa0GB" in page
    address = f"/admin/accounts/plan/{family.pk}/"
    assert post(staff, f"{address}delete/", post="yes").status_code == 403
    assert post(staff, f"{address}change/", name="Family", limit="30GB", note="").status_code == 302
    assert Quota.objects.get(account=alice.account).allowed == 30 * 10**9
    rooms.plan_set(accounts=[alice.account], plan=None)
    assert post(staff, f"{address}delete/", post="yes").status_code == 302
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("answer", "limit", "kept"), [("grant", "5GB", 5 * 10**9), ("grant", "3GB", 3 * 10**9), ("decline", "5GB", None)]
)
def test_a_wish_for_room_is_answered_once_and_the_person_hears_of_it(
    staff: Person, alice: Person, answer: str, limit: str, kept: int | None
) -> None:
    wish = rooms.quota_request_make(account=alice.account, wanted=5 * 10**9, reason="holidays in Norway")
    page = staff.get("/admin/accounts/quotarequest/").content.decode()
    assert "holidays in Norway" in page
    address = f"/admin/accounts/quotarequest/{wish.pk}/decide/"
    assert address in page
    assert post(staff, address, answer=answer, limit=limit).status_code == 302
    assert Quota.objects.get(account=alice.account).limit == kept
    assert [letter.to for letter in mail.outbox] == [["alice@example.org"]]
    post(staff, address, answer="decline", limit="1GB")
    wish.refresh_from_db()
    assert wish.granted == (answer == "grant")
    assert len(mail.outbox) == 1
    assert 'name="answer"' not in staff.get(address).content.decode()


def test_an_invitation_shows_its_link_once_and_gives_its_plan(
    staff: Person, charlie: Client, family: Plan, settings: Any
) -> None:
    settings.BACKUPWEB_SIGNUP = "invite"
    answer = staff.client.post(
        "/admin/accounts/invitation/add/",
        {"note": "for Dora", "days": 7, "plan": family.pk, "language": "en", "csrfmiddlewaretoken": staff.token},
        follow=True,
    )
    link = re.search(r"/invitation/[\w-]{30,}/", answer.content.decode())
    assert link is not None
    assert Invitation.objects.get().note == "for Dora"
    assert "Pass this link on" not in staff.get("/admin/accounts/invitation/").content.decode()
    charlie.get(link.group())
    charlie.cookies["csrftoken"] = staff.token
    dora = {"username": "dora", "password1": "ein-Anmelde-Passwort-7", "csrfmiddlewaretoken": staff.token}
    assert charlie.post("/accounts/signup/", dora).status_code == 302
    assert Quota.objects.get(account__username="dora").plan == family


def test_an_invitation_is_sent_by_letter_and_its_address_is_not_kept(staff: Person) -> None:
    sent = {"note": "for Dora", "days": 7, "plan": "", "address": "dora@example.org", "language": "de"}
    answer = staff.client.post(
        "/admin/accounts/invitation/add/", {**sent, "csrfmiddlewaretoken": staff.token}, follow=True
    )
    [letter] = mail.outbox
    assert letter.to == ["dora@example.org"]
    assert re.search(r"/invitation/[\w-]{30,}/", str(letter.body))
    assert "data-link" not in answer.content.decode()
    assert "dora@example.org" not in str(list(Invitation.objects.values()))


# ---------------------------------------------------------------- what lies in the store


def test_objects_are_only_looked_at_and_their_ids_are_not_shown(staff: Person, alice: Person) -> None:
    snapshot, pack = Thing.make("snapshot"), Thing.make()
    alice.store(snapshot, pack)
    alice.commit(1, head(), [(snapshot, [pack])])
    for name in ("sealedobject", "snapshot"):
        page = staff.get(f"/admin/backups/{name}/").content.decode()
        assert "alice" in page
        for row in SealedObject.objects.all():
            for told in (row.object_id.hex, str(row.object_id), row.store_name, row.sha256):
                assert told not in page
            assert staff.get(f"/admin/backups/{name}/{row.pk}/change/").status_code == 404
            assert post(staff, f"/admin/backups/{name}/{row.pk}/change/", size=1).status_code == 404
            assert post(staff, f"/admin/backups/{name}/{row.pk}/delete/", post="yes").status_code == 403
    assert SealedObject.objects.count() == 2


@pytest.mark.parametrize("name", [name for name in LISTS if not name.startswith("accounts/")])
def test_large_tables_are_not_counted(
    staff: Person, alice: Person, name: str, django_assert_max_num_queries: Any
) -> None:
    alice.store(*(Thing.make() for _ in range(5)))
    Run.objects.create(duty=Run.Duty.COLLECT)
    staff.get(f"/admin/{name}/")  # types of content are looked up once in a process
    with django_assert_max_num_queries(14) as asked:
        assert staff.get(f"/admin/{name}/?p=2").status_code == 200
    assert not any("COUNT(" in query["sql"] for query in asked if "quotarequest" not in query["sql"])


# ---------------------------------------------------------------- the audit log


def test_what_staff_change_is_written_down_with_their_name(staff: Person, alice: Person, family: Plan) -> None:
    post(staff, change_page(alice), **room_form(alice, plan=family.pk, limit="2GB"))
    do(staff, "suspend", alice, confirmed="yes")
    do(staff, "readmit", alice, confirmed="yes")
    post(staff, f"/admin/accounts/plan/{family.pk}/change/", name="Family", limit="30GB", note="")
    assert written_down() == [
        ("chef", "quota", {"plan": ["None", "Family (20\xa0GB)"], "limit": ["None", "2000000000"]}),
        ("chef", "account", {"is_active": ["True", "False"]}),
        ("chef", "account", {"is_active": ["False", "True"]}),
        ("chef", "plan", {"limit": ["20000000000", "30000000000"]}),
    ]
    page = staff.get("/admin/auditlog/logentry/").content.decode()
    assert ">alice<" in page
    assert "2\xa0GB" in page


def test_every_kind_of_deed_leaves_a_line(staff: Person, alice: Person, family: Plan) -> None:
    alice.get("/app/")
    wish = rooms.quota_request_make(account=alice.account, wanted=5 * 10**9, reason="")
    deeds: list[Any] = [
        lambda: do(staff, "give_plan", alice, confirmed="yes", plan=family.pk),
        lambda: do(staff, "sign_out", alice, confirmed="yes"),
        lambda: do(staff, "plan_deletion", alice, confirmed="yes"),
        lambda: do(staff, "cancel_deletion", alice, confirmed="yes"),
        lambda: post(staff, f"/admin/accounts/quotarequest/{wish.pk}/decide/", answer="grant", limit="5GB"),
        lambda: post(staff, "/admin/accounts/plan/add/", name="Large", limit="1TB", note=""),
        lambda: post(staff, "/admin/accounts/invitation/add/", note="for Dora", days=7, plan="", language="de"),
        lambda: post(staff, f"/admin/accounts/invitation/{Invitation.objects.get().pk}/delete/", post="yes"),
    ]
    for number, deed in enumerate(deeds):
        before = LogEntry.objects.count()
        deed()
        assert LogEntry.objects.count() > before, number
        assert staff.get("/admin/auditlog/logentry/").status_code == 200


def test_what_people_do_themselves_is_not_the_audit_logs_affair(alice: Person, bob: Person) -> None:
    alice.store(Thing.make())
    leaving.suspend(account=bob.account)
    bob.account.email = "elsewhere@example.org"
    bob.account.save()
    Invitation.objects.create(expires=timezone.now(), token_hash="x")
    assert not LogEntry.objects.exists()


def test_the_audit_log_keeps_no_secret_and_no_persons_name(staff: Person, alice: Person, family: Plan) -> None:
    post(staff, change_page(alice), **room_form(alice, plan=family.pk))
    do(staff, "suspend", alice, confirmed="yes")
    rooms.quota_request_make(account=alice.account, wanted=50 * 10**9, reason="holidays in Norway")
    wish = QuotaRequest.objects.get()
    post(staff, f"/admin/accounts/quotarequest/{wish.pk}/decide/", answer="grant", limit="50GB")
    post(staff, "/admin/accounts/invitation/add/", note="for Dora", days=7, plan="", language="de")
    kept = repr(list(LogEntry.objects.values()))
    alice.account.refresh_from_db()
    for secret in (
        "alice",
        "example.org",
        alice.account.password,
        "Norway",
        "Dora",
        Invitation.objects.get().token_hash,
    ):
        assert secret not in kept
    assert "remote_addr': None" in kept


def test_the_audit_log_is_only_looked_at(staff: Person, alice: Person) -> None:
    Account.objects.filter(pk=staff.account.pk).update(is_superuser=True)
    do(staff, "suspend", alice, confirmed="yes")
    entry = LogEntry.objects.get()
    for way in ("change", "delete", "history"):
        for answer in (
            staff.get(f"/admin/auditlog/logentry/{entry.pk}/{way}/"),
            post(staff, f"/admin/auditlog/logentry/{entry.pk}/{way}/", post="yes", action=0),
        ):
            assert answer.status_code in {403, 404}
    assert LogEntry.objects.get() == entry


def test_an_account_that_is_gone_leaves_no_name_in_the_audit_log(staff: Person, alice: Person) -> None:
    do(staff, "suspend", alice, confirmed="yes")
    do(staff, "plan_deletion", alice, confirmed="yes")
    Account.objects.filter(pk=alice.account.pk).update(delete_after=timezone.now())
    accounts_delete_due()
    assert not Account.objects.filter(pk=alice.account.pk).exists()
    page = staff.get("/admin/auditlog/logentry/").content.decode()
    assert "alice" not in page
    assert "an account that is gone" in page


# ---------------------------------------------------------------- words


def test_every_page_speaks_german(staff: Person, alice: Person, family: Plan) -> None:
    """The theme brings no German of its own; what it says on our pages is translated with ours."""
    staff.client.cookies["django_language"] = "de"
    do(staff, "suspend", alice, confirmed="yes")
    english = re.compile(
        r">\s*(Filters|Run|Previous|Next|Apply Filters|Reset filters|Select action|No results found|Search|Add|Save"
        r"|Log out|View site|Delete|Home|Go back|Return to site|Loading more results...|Select value|account|plan)\s*<"
    )
    for address in ("/admin/", *(f"/admin/{name}/" for name in LISTS), change_page(alice), "/admin/accounts/plan/add/"):
        page = staff.get(address).content.decode()
        assert 'lang="de"' in page
        assert english.findall(page) == [], address
    with override("de"):
        for model in admin.site._registry:
            assert str(model._meta.verbose_name_plural) != model._meta.verbose_name_plural._args[0], model  # type: ignore[union-attr]

"""The configuration pages: who enters, every page opens, and what may be changed there."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import User
from dispatch.models import Channel, LimitRule
from governance.permissions import KEPT, LOADED, READ
from grids.models import Post, Role
from incidents.models import Category
from incidents.services.catalogue import retire_category, revise_category
from incidents.terms import Terms, terms_of
from tests.incidents import stages
from tests.world import PASSWORD, World, post

PAGES = sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
NEW = "another-first-one"
OURS = [(model, page) for model, page in PAGES if model._meta.label_lower in READ | KEPT.keys()]


def url(model: type | str, page: str, *args: object) -> str:
    label = model if isinstance(model, str) else f"{model._meta.app_label}_{model._meta.model_name}"
    return reverse(f"admin:{label}_{page}", args=args)


@pytest.fixture
def page(world: World) -> Client:
    """The system administrator at work."""
    return as_(world.admin)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(world: World) -> None:
    """Something in every table."""
    stages.archived(world)
    Channel.objects.create(name="大碶群", street=world.street_a, token="secret-token", secret="SEC123")
    LimitRule.objects.create(clock="handle", amount=360)


# -- who enters --------------------------------------------------------------------------------------------------
def test_registers_are_in_the_configuration_for_their_files_alone() -> None:
    assert {model._meta.label_lower for model, _page in PAGES} - READ - KEPT.keys() - LOADED.keys() == {"auth.group"}


def test_who_loads_registers_enters_for_their_files_alone(world: World) -> None:
    client = as_(world.register)
    assert client.get(url("households_organisation", "import")).status_code == 200
    for model, _page in OURS:
        is_loaded = model._meta.label_lower in LOADED
        assert client.get(url(model, "changelist"), follow=True).status_code == (200 if is_loaded else 403), model
    assert as_(world.admin).get(url("households_organisation", "changelist")).status_code == 403


def test_the_administrator_enters_by_post_not_by_a_flag(world: World) -> None:
    assert not world.admin.is_superuser
    assert as_(world.admin).get(reverse("admin:index")).status_code == 200
    Post.objects.filter(user=world.admin).update(ends_on=date(2026, 1, 2))
    assert as_(world.admin).get(reverse("admin:index"), follow=True).status_code == 403


def test_nobody_else_enters(world: World) -> None:
    for who in ("worker", "command", "department", "leader", "district_officer"):
        client = as_(getattr(world, who))
        assert client.get(reverse("admin:index"), follow=True).status_code == 403, who
        assert client.get(url(Category, "changelist"), follow=True).status_code == 403, who


def test_a_stranger_logs_in_first_on_our_own_page(client: Client, db: None) -> None:
    response = client.get(url(Category, "changelist"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("accounts:login"))
    assert response.context["next"] == url(Category, "changelist")


def test_an_auditor_reads_and_changes_nothing(world: World) -> None:
    filled(world)
    client = as_(post("auditor", "何审计", "auditor", world.district))
    entry = Category.objects.get(code="010102")
    assert client.get(url(Category, "change", entry.pk)).status_code == 200
    assert client.get(url("admin_logentry", "changelist")).status_code == 200
    assert client.post(url(Category, "change", entry.pk), {"name": "别的"}).status_code == 403
    assert client.get(url(User, "add")).status_code == 403
    assert client.get(url(Category, "import")).status_code == 403


# -- every page opens --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_list_and_form_opens_in_both_languages(world: World, language: str) -> None:
    filled(world)
    User.objects.filter(pk=world.admin.pk).update(language=language)
    client = as_(User.objects.get(pk=world.admin.pk))
    for model, model_admin in OURS:
        listed = client.get(url(model, "changelist"))
        assert listed.status_code == 200, model
        assert f'lang="{language}"' in listed.content.decode()
        label = model._meta.label_lower
        may_add = label in KEPT and label != "public.feedback"  # written on its own page, answered here
        assert client.get(url(model, "add")).status_code == (200 if may_add else 403), model
        if row := model_admin.get_queryset(listed.wsgi_request).order_by("pk").last():
            assert client.get(url(model, "change", row.pk)).status_code == 200, model


def test_history_is_read_and_never_written(world: World) -> None:
    filled(world)
    client = as_(world.admin)
    for model, _page in PAGES:
        if model._meta.label_lower not in READ:
            continue
        assert client.get(url(model, "add")).status_code == 403
        if row := model.objects.order_by("pk").last():
            assert client.post(url(model, "change", row.pk), {}).status_code == 403
            assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_what_residents_told_is_not_read_here(page: Client, world: World) -> None:
    incident = stages.dispatched(world)
    for name in ("changelist", "change"):
        args = (incident.pk,) if name == "change" else ()
        assert incident.description not in page.get(url("incidents_incident", name, *args)).content.decode()


# -- the catalogue -----------------------------------------------------------------------------------------------
@pytest.fixture
def lamp(world: World) -> Category:
    revise_category("90", terms=Terms(name="道路"), actor=None)
    return revise_category("9001", terms=Terms(name="路灯不亮", level=2, lead=world.police), actor=None)


def form_of(category: Category, **changes: object) -> dict[str, object]:
    terms = terms_of(category)
    said = {
        "name": terms.name,
        "level": terms.level or "",
        "lead": terms.lead.pk if terms.lead else "",
        "assisting": [department.pk for department in terms.assisting],
        "limit_minutes": terms.limit_minutes or "",
    }
    return {**said, **changes}


def test_saving_an_entry_makes_a_version(page: Client, world: World, lamp: Category) -> None:
    changed = form_of(lamp, level=3, assisting=[world.enforcement.pk], keywords="路灯；黑")
    response = page.post(url(Category, "change", lamp.pk), changed)
    assert response.status_code == 302
    now = Category.objects.get(code="9001", ended_at=None)
    assert (now.version, now.level, now.started_by) == (2, 3, world.admin)
    assert list(now.assisting.all()) == [world.enforcement]
    shown = page.get(url(Category, "change", now.pk)).content.decode()
    assert "级别: 2 → 3" in shown
    assert page.get(url(Category, "change", lamp.pk)).status_code == 200  # the old one can still be read
    assert page.post(url(Category, "change", lamp.pk), changed).status_code == 403


def test_saving_an_entry_unchanged_makes_none(page: Client, lamp: Category) -> None:
    page.post(url(Category, "change", lamp.pk), form_of(lamp))
    assert Category.objects.filter(code="9001").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": ""}, "name"), ({"level": 5}, "level"), ({"lead": ""}, "lead"), ({"limit_minutes": 0}, "limit_minutes")],
)
def test_an_entry_that_cannot_stand_keeps_what_was_typed(
    page: Client, lamp: Category, changes: dict[str, object], field: str
) -> None:
    response = page.post(url(Category, "change", lamp.pk), form_of(lamp, keywords="路灯", **changes))
    assert list(response.context["adminform"].form.errors) == [field]
    assert Category.objects.filter(code="9001").count() == 1


def test_an_entry_is_added_under_its_group(page: Client, world: World, lamp: Category) -> None:
    new = form_of(lamp, name="路面破损")
    refused = page.post(url(Category, "add"), {**new, "code": "9101"})
    assert list(refused.context["adminform"].form.errors) == ["code"]
    assert page.post(url(Category, "add"), {**new, "code": "9002"}).status_code == 302
    assert Category.objects.get(code="9002").version == 1


def test_an_entry_is_retired_not_deleted(page: Client, lamp: Category) -> None:
    group = Category.objects.get(code="90")
    listed = url(Category, "changelist")
    page.post(listed, {"action": "retire", "_selected_action": [group.pk]})
    assert Category.objects.get(code="90").ended_at is None  # an entry stands below it
    page.post(listed, {"action": "retire", "_selected_action": [group.pk, lamp.pk]})
    assert not Category.objects.filter(code__startswith="90", ended_at=None).exists()
    assert page.post(url(Category, "delete", lamp.pk), {"post": "yes"}).status_code == 403


def test_the_list_shows_what_counts_now_unless_asked(page: Client, lamp: Category) -> None:
    retire_category("9001", actor=None)
    assert "路灯不亮" not in page.get(url(Category, "changelist")).content.decode()
    assert "路灯不亮" in page.get(url(Category, "changelist") + "?ended=1").content.decode()


def test_a_file_is_previewed_then_taken(page: Client, lamp: Category) -> None:
    def upload(text: str):
        file = SimpleUploadedFile("目录.csv", text.encode())
        return page.post(url(Category, "import"), {"import_file": file, "format": "1", "resource": ""})

    refused = upload("编码,级别\n9001,9\n")
    assert "第 2 行，级别：应为 1、2、3、4；类目留空。" in refused.content.decode()
    assert "confirm_form" not in refused.context

    preview = upload("编码,级别\n9001,4\n")
    assert Category.objects.get(code="9001").level == 2
    confirmed = preview.context["confirm_form"].initial
    assert page.post(url(Category, "process_import"), confirmed).status_code == 302
    assert Category.objects.get(code="9001", ended_at=None).level == 4


def test_a_file_that_was_lost_meanwhile_is_asked_for_again(page: Client, lamp: Category) -> None:
    file = SimpleUploadedFile("c.csv", "编码,级别\n9001,4\n".encode())
    preview = page.post(url(Category, "import"), {"import_file": file, "format": "1", "resource": ""})
    cache.clear()
    response = page.post(url(Category, "process_import"), preview.context["confirm_form"].initial, follow=True)
    assert "请重新导入" in response.content.decode()
    assert Category.objects.filter(code="9001").count() == 1


def test_a_file_that_was_overtaken_is_refused_as_a_whole(page: Client, lamp: Category) -> None:
    file = SimpleUploadedFile("c.csv", "编码,名称,级别,主办部门\n9001,路灯,4,police\n".encode())
    preview = page.post(url(Category, "import"), {"import_file": file, "format": "1", "resource": ""})
    retire_category("9001", actor=None)
    retire_category("90", actor=None)
    response = page.post(url(Category, "process_import"), preview.context["confirm_form"].initial, follow=True)
    assert "没有上级条目 90" in response.content.decode()
    assert not Category.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("model", ["incidents_category", "dispatch_limitrule"])
@pytest.mark.parametrize("file_format", ["0", "1"])
def test_a_table_is_exported(page: Client, lamp: Category, model: str, file_format: str) -> None:
    assert page.get(url(model, "export")).status_code == 200
    response = page.post(url(model, "export"), {"format": file_format, "resource": ""})
    assert "attachment" in response.headers["Content-Disposition"]


# -- accounts ----------------------------------------------------------------------------------------------------
def test_an_account_is_made_with_a_password_that_must_go(page: Client, world: World) -> None:
    new = {"username": "hong", "name": "洪新", "phone": "", "language": "zh-hans", "password": "first-of-many"}
    for weak in ("123", "hong-hong"):
        refused = page.post(url(User, "add"), {**new, "password": weak})
        assert list(refused.context["adminform"].form.errors) == ["password"]
    alike = page.post(url(User, "add"), {**new, "username": "hongxin2026", "password": "hongxin2026"})
    assert list(alike.context["adminform"].form.errors) == ["password"]
    assert page.post(url(User, "add"), new).status_code == 302
    made = User.objects.get(username="hong")
    assert made.check_password("first-of-many")
    assert made.must_change_password
    assert "first-of-many" not in str(list(LogEntry.objects.values()))


def test_an_edit_keeps_the_password(page: Client, world: World) -> None:
    changed = {
        "username": "worker",
        "name": "王小网",
        "phone": "1",
        "language": "en",
        "theme": "auto",
        "is_active": "on",
    }
    assert page.post(url(User, "change", world.worker.pk), changed).status_code == 302
    world.worker.refresh_from_db()
    assert (world.worker.name, world.worker.check_password(PASSWORD)) == ("王小网", True)


def test_rights_are_not_given_by_flags(page: Client, world: World) -> None:
    flags = {"is_superuser": "on", "is_staff": "on", "user_permissions": "1"}
    page.post(
        url(User, "change", world.worker.pk), {"username": "worker", "name": "王", "language": "zh-hans", **flags}
    )
    world.worker.refresh_from_db()
    assert not world.worker.is_superuser
    assert not world.worker.is_staff


def test_a_forgotten_password_is_set_anew(page: Client, world: World) -> None:
    target = url("accounts_user", "first_password", world.worker.pk)
    assert page.get(target).status_code == 200
    assert "form" in page.post(target, {"password": "short"}).context
    assert page.post(target, {"password": NEW}).status_code == 302
    world.worker.refresh_from_db()
    assert world.worker.must_change_password
    own = url("accounts_user", "first_password", world.admin.pk)
    assert list(page.post(own, {"password": NEW}).context["form"].errors) == ["password"]


def test_who_set_the_machine_up_is_not_taken_over_from_within(page: Client, world: World) -> None:
    root = User.objects.create_superuser("root", name="装机", password=PASSWORD)
    assert page.post(url("accounts_user", "first_password", root.pk), {"password": NEW}).status_code == 403
    assert page.post(url(User, "change", root.pk), {"username": "root", "name": "x"}).status_code == 403


def test_nobody_switches_off_or_deletes_themselves(page: Client, world: World) -> None:
    page.post(url(User, "change", world.admin.pk), {"username": "admin", "name": "管理员", "language": "zh-hans"})
    world.admin.refresh_from_db()
    assert world.admin.is_active
    assert page.post(url(User, "delete", world.worker.pk), {"post": "yes"}).status_code == 403


def test_a_locked_account_is_unlocked(page: Client, world: World) -> None:
    stranger = Client()
    for _ in range(5):
        stranger.post(reverse("accounts:login"), {"username": "worker", "password": "wrong"})
    right = {"username": "worker", "password": PASSWORD}
    assert stranger.post(reverse("accounts:login"), right).status_code == 429
    page.post(url(User, "changelist"), {"action": "unlock", "_selected_action": [world.worker.pk]})
    assert stranger.post(reverse("accounts:login"), right).status_code == 302


# -- limits and channels -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "said",
    [
        {"amount": "0"},
        {"amount": "", "at_time": ""},
        {"amount": "60", "at_time": "16:00"},
        {"amount": "60", "level_from": "4", "level_to": "1"},
        {"amount": "60", "category_code": "77"},
        {"amount": "800", "measure": "working_days"},
    ],
)
def test_a_limit_that_means_nothing_is_refused(page: Client, said: dict[str, str]) -> None:
    rule = {
        "applies_to": "incident",
        "clock": "handle",
        "measure": "minutes",
        "level_from": "1",
        "level_to": "4",
        "category_code": "",
        "at_time": "",
        "is_active": "on",
    }
    response = page.post(url(LimitRule, "add"), {**rule, **said})
    assert response.status_code == 200
    assert not LimitRule.objects.exists()


def test_a_secret_goes_in_and_never_comes_out(page: Client, world: World) -> None:
    channel = {"name": "大碶群", "kind": "dingtalk", "per_minute": "18", "is_active": "on", "street": ""}
    missing = page.post(url(Channel, "add"), channel)
    assert list(missing.context["adminform"].form.errors) == ["new_token"]
    page.post(url(Channel, "add"), {**channel, "new_token": "tok-1234", "new_secret": "SEC-5678"})
    made = Channel.objects.get()
    assert (made.token, made.secret) == ("tok-1234", "SEC-5678")
    shown = page.get(url(Channel, "change", made.pk)).content.decode()
    assert "tok-1234" not in shown
    assert "SEC-5678" not in shown
    page.post(url(Channel, "change", made.pk), {**channel, "name": "改名"})
    made.refresh_from_db()
    assert (made.name, made.token, made.secret) == ("改名", "tok-1234", "SEC-5678")
    told = str(list(LogEntry.objects.values()))
    assert "tok-1234" not in told


# -- roles and posts ---------------------------------------------------------------------------------------------
def test_a_role_of_ones_own_is_added_without_code(page: Client) -> None:
    role = {"code": "village_doctor", "name": "村医", "name_en": "Village doctor", "abilities": ["report", "handle"]}
    assert page.post(url(Role, "add"), role).status_code == 302
    assert Role.objects.get(code="village_doctor").abilities == ["report", "handle"]


def test_a_post_at_a_department_is_given(page: Client, world: World) -> None:
    role = Role.objects.get(code="department_member")
    said = {
        "user": world.worker.pk,
        "role": role.pk,
        "department": world.police.pk,
        "employment": "full_time",
        "starts_on": str(clock.today()),
    }
    assert page.post(url(Post, "add"), said).status_code == 302
    assert Post.objects.filter(user=world.worker, department=world.police).exists()

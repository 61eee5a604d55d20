"""What the API promises: the schema in `docs/api.yml` is the one that the code gives."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.world import World

SNAPSHOT = Path(settings.BASE_DIR) / "docs" / "api.yml"
UPDATE = "script/manage spectacular --lang en --file docs/api.yml"


@pytest.fixture(scope="module")
def schema() -> dict:
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


def test_the_schema_is_sound_and_as_published(schema: dict) -> None:
    validate_schema(schema)
    assert yaml.safe_load(SNAPSHOT.read_text()) == schema, f"If the change is meant: {UPDATE}"


def test_schema_and_documentation_are_for_users(world: World, client: Client) -> None:
    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/v1/docs/").status_code == 302
    client.force_login(world.worker)
    assert client.get("/api/v1/schema/").status_code == 200
    page = client.get("/api/v1/docs/").content.decode()
    assert "style=" not in page
    assert "<style" not in page


def test_an_unknown_address_of_the_api_answers_in_its_own_shape(client: Client, db: None) -> None:
    response = client.get("/api/v1/no/such/thing/")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"

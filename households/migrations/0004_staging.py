"""The staging tables of loads: partitioned by load, so that a load's rows come by COPY and go by DROP TABLE."""

from django.db import migrations

PERSONS = """
CREATE TABLE households_stagedperson (
    load_id bigint NOT NULL,
    ordinal integer NOT NULL,
    sheet smallint NOT NULL,
    line integer NOT NULL,
    member smallint NOT NULL,
    home integer NOT NULL,
    place integer NOT NULL,
    household_number text NOT NULL,
    address text NOT NULL,
    address_key text NOT NULL,
    dwelling text NOT NULL,
    landlord_name text NOT NULL,
    landlord_phone text NOT NULL,
    name text NOT NULL,
    initials text NOT NULL,
    document text NOT NULL,
    document_number text NOT NULL,
    document_fingerprint text NOT NULL,
    number_check text NOT NULL,
    phone text NOT NULL,
    phone_fingerprint text NOT NULL,
    sex text NOT NULL,
    born_on date,
    relation text NOT NULL,
    residence text NOT NULL,
    moved_in_on date,
    moved_out_on date,
    tags text[],
    note text NOT NULL,
    problems jsonb
) PARTITION BY LIST (load_id)
"""
VERDICTS = """
CREATE TABLE households_stagedverdict (
    load_id bigint NOT NULL,
    ordinal integer NOT NULL,
    street_id bigint,
    micro_grid_id bigint,
    unit_id bigint,
    resident_id bigint,
    verdict text NOT NULL,
    problems jsonb
) PARTITION BY LIST (load_id)
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0003_append_only_history")]
    operations = [
        migrations.RunSQL(PERSONS, "DROP TABLE households_stagedperson"),
        migrations.RunSQL(VERDICTS, "DROP TABLE households_stagedverdict"),
    ]

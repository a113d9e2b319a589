"""schema import, export and validate, as people and programs meet them."""

from __future__ import annotations

import json

from portal_schema import portal_schema

WHY = "the mappings or filters changed since the last cycle"


def configuration(site):
    return site.folder / "config" / "entrasim.toml"


def write(site, document, name="mine.json"):
    (site.folder / name).write_text(json.dumps(document))
    return name


async def exported(site):
    code, out, err = await site.run("schema", "export", "-")
    assert code == 0, err
    return json.loads(out)


def users(document):
    """The attribute mappings of users in a built-in schema."""
    return document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]


async def test_import_in_the_place_of_a_built_in_schema_writes_a_file_and_its_name(site):
    before = configuration(site).read_text()
    (site.folder / "large.json").write_text(json.dumps(portal_schema(), indent=1))

    code, out, err = await site.run("schema", "import", "large.json")

    written = site.folder / "config" / "schemas" / "engagedly.json"
    assert code == 0, err
    assert out.splitlines() == ["+ config/schemas/engagedly.json", "+ config/entrasim.toml"]
    assert "The next cycle of engagedly is an initial one, since it is the first cycle." in err
    assert "restart" in err
    assert written.read_bytes() == (site.folder / "large.json").read_bytes()
    assert configuration(site).read_text() == before.replace(
        'schema = "engagedly"', 'schema = "schemas/engagedly.json"'
    )


async def test_what_is_imported_is_exported_again_with_nothing_lost(site):
    for document in (portal_schema(), await exported(site)):
        document["someday"] = {"deep": [1, None, 1.5, 123456789012345678901]}

        code, _, err = await site.run("schema", "import", write(site, document))

        assert code == 0, err
        assert await exported(site) == document
        assert json.loads((await site.run("schema", "show", "--json"))[1]) == document


async def test_changed_mapping_shows_in_export_plan_status_and_the_next_patch(site):
    await site.run("tenant", "user", "set", "ada@contoso.com", "jobTitle=Countess")
    first = await site.sync()
    document = await exported(site)
    users(document)[3]["source"] = {"type": "Attribute", "name": "surname"}

    _, out, err = await site.run("schema", "import", write(site, document), "--json")
    status = json.loads((await site.run("job", "status", "--json"))[1])
    _, shown, _ = await site.run("job", "status")
    _, planned, told = await site.run("plan", "--requests")
    sent = len(site.exchanges)
    code, _, summary = await site.run("sync")

    imported = json.loads(out)
    assert (imported["imported"], imported["nextCycle"]) == (True, "initial")
    assert imported["nextCycleReason"] == status["nextCycleReason"] == WHY
    assert f"is an initial one, since {WHY}." in err
    assert f"initial: {WHY}" in shown
    assert '"path": "title"' in planned
    assert '"value": "Lovelace"' in planned
    assert f"Initial cycle: {WHY}." in told
    assert f"Initial cycle: {WHY}." in summary
    patched = [e for e in site.exchanges[sent:] if e.method == "PATCH"]
    assert (code, len(patched)) == (0, first["counts"]["created"])
    assert await exported(site) == document


async def test_second_import_replaces_the_file_that_the_job_names(site):
    document = await exported(site)
    await site.run("schema", "import", write(site, document))
    await site.sync()
    before = configuration(site).read_bytes()
    document["version"] = "another"

    code, out, err = await site.run("schema", "import", write(site, document))

    assert (code, out) == (0, "+ config/schemas/engagedly.json\n")
    assert "The next cycle of engagedly is an incremental one." in err
    assert configuration(site).read_bytes() == before
    assert await exported(site) == document


async def test_file_of_somebody_else_is_not_written_over(site):
    theirs = site.folder / "config" / "schemas" / "engagedly.json"
    theirs.parent.mkdir()
    theirs.write_text("theirs")

    code, out, _ = await site.run("schema", "import", write(site, await exported(site)))

    assert (code, out.splitlines()[0]) == (0, "+ config/schemas/engagedly-2.json")
    assert theirs.read_text() == "theirs"


async def test_job_without_a_schema_key_gets_one_and_keeps_its_comments(site):
    path = configuration(site)
    lines = [line for line in path.read_text().splitlines() if not line.startswith("schema =")]
    path.write_text("\n".join(lines) + "\n")

    code, _, err = await site.run("schema", "import", write(site, portal_schema()))

    assert code == 0, err
    assert await exported(site) == portal_schema()
    assert [line for line in path.read_text().splitlines() if "schemas/" not in line] == lines


async def test_import_with_mistakes_tells_all_of_them_and_changes_nothing(site):
    before = configuration(site).read_bytes()
    document = await exported(site)
    users(document)[1]["source"]["expression"] = "Swich([IsSoftDeleted])"
    users(document)[2]["targetAttributeName"] = "userName"
    users(document)[3]["source"]["name"] = "jobTitel"

    code, out, err = await site.run("schema", "import", write(site, document))
    machine_code, machine, _ = await site.run("schema", "import", "mine.json", "--json")

    assert (code, machine_code) == (1, 1)
    assert "attributeMappings[1] (active): no function Swich; did you mean Switch?" in out
    assert "userName is mapped already by" in out
    assert "did you mean jobTitle?" in out
    assert "Nothing was changed." in err
    found = json.loads(machine)
    assert (found["imported"], found["valid"], len(found["problems"])) == (False, False, 3)
    assert configuration(site).read_bytes() == before
    assert not (site.folder / "config" / "schemas").exists()


async def test_schema_that_the_jobs_own_filters_dont_fit_is_not_imported(site):
    path = configuration(site)
    filters = '\n[[jobs.filters]]\nclauses = ["city EQUALS Paris"]\n\n[jobs.directory]'
    path.write_text(path.read_text().replace("\n[jobs.directory]", filters, 1))
    before, schema = path.read_bytes(), portal_schema()
    (users,) = [o for o in schema["directories"][0]["objects"] if o["name"] == "User"]
    users["attributes"].append({"name": "city", "type": "String", "multivalued": True})

    code, _, err = await site.run("schema", "import", write(site, schema))

    assert code == 2
    assert "city can't be filtered on: it has several values" in err
    assert path.read_bytes() == before


async def test_built_in_schema_that_the_environment_names_is_not_replaced_in_vain(site):
    name = write(site, portal_schema())

    code, _, err = await site.run("schema", "import", name, ENTRASIM_JOBS__ENGAGEDLY__SCHEMA="scim")

    assert code == 2
    assert "ENTRASIM_JOBS__ENGAGEDLY__SCHEMA=scim names a built-in schema" in err
    assert not (site.folder / "config" / "schemas").exists()


async def test_validate_shows_warnings_and_accepts_the_schema_all_the_same(site):
    document = portal_schema()
    rows = document["synchronizationRules"][0]["objectMappings"][2]["attributeMappings"]
    rows[3]["source"] = {"type": "Function", "name": "Guid", "expression": "Guid()"}

    code, out, err = await site.run("schema", "validate", write(site, document))
    _, machine, _ = await site.run("schema", "validate", "mine.json", "--json")

    assert (code, out) == (0, "✓ mine.json is a valid schema\n")
    assert "Warning: mine.json: synchronizationRules[0].objectMappings[2]" in err
    found = json.loads(machine)
    assert (found["valid"], found["problems"], len(found["warnings"])) == (True, [], 1)


async def test_file_that_is_not_there_gives_two_and_text_that_is_no_json_one(site):
    (site.folder / "mine.json").write_text("{,}")

    missing, _, err = await site.run("schema", "import", "nowhere.json")
    broken, out, _ = await site.run("schema", "import", "mine.json")

    assert (missing, broken) == (2, 1)
    assert "nowhere.json: can't be read: No such file" in err
    assert "mine.json: no JSON: " in out

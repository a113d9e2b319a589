"""What the golden files don't show of PATCH documents."""

from __future__ import annotations

from msgspec.structs import replace

from entrasim.model.decision import AttributeChange
from entrasim.model.dialect import COMPLIANT, ENTRA
from entrasim.scim.patch import patch_document


def operations(dialect, *changes, references=()):
    made = [AttributeChange(attribute=a, before=b, after=c) for a, b, c in changes]
    document = patch_document(made, dialect, references)
    return None if document is None else document["Operations"]


def test_no_changes_are_no_document():
    assert operations(ENTRA) is None


def test_skipped_manager_removal_leaves_other_removals_alone():
    dialect = replace(ENTRA, manager_removal="skip")

    found = operations(dialect, ("m", "1", None), ("title", "x", None), references={"m"})

    assert found == [{"op": "Remove", "path": "title"}]


def test_false_is_a_value_that_can_be_replaced():
    assert operations(ENTRA, ("active", False, True))[0]["op"] == "Replace"


def test_only_active_is_a_text_among_booleans():
    found = operations(ENTRA, ("active", None, True), ("urn:x:y:User:remote", None, True))

    assert [operation["value"] for operation in found] == ["True", True]


def test_one_added_and_one_replaced_attribute_keep_their_paths():
    found = operations(COMPLIANT, ("title", None, "x"), ("displayName", "y", "z"))

    assert found == [
        {"op": "add", "path": "title", "value": "x"},
        {"op": "replace", "path": "displayName", "value": "z"},
    ]

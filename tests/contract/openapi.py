"""The official OpenAPI document, and a check of each exchange with the sandbox against it.

Answers have to be as documented, without undocumented fields. Requests that were accepted have to be as documented
too; what a refused request looked like is the test's business.
"""

import json
import re
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema_rs import Draft202012Validator
from requests import PreparedRequest, Response

DOCUMENT = Path(__file__).with_name("virtual-extensions.openapi.json")
VIRTUAL_EXTENSIONS = "/telephony/config/virtualExtension"


@dataclass(frozen=True)
class Amendment:
    """Where the document is known to be wrong: the place, what stands there instead, and why."""

    place: tuple[str, ...]
    value: Any
    reason: str


_SCHEMAS = ("components", "schemas")
_VALIDATE_NUMBERS = f"{VIRTUAL_EXTENSIONS}s/actions/validateNumbers/invoke"
_TEXT = {"type": "string"}
_MODES = ["STANDARD", "ENHANCED"]

AMENDMENTS = (
    Amendment(
        (*_SCHEMAS, "GetVirtualExtensionSettingsObject", "properties", "mode", "enum"),
        _MODES,
        "The enum has STANDARD only, the description of the same field has both; wxc_sdk has both.",
    ),
    Amendment(
        (*_SCHEMAS, "VirtualExtensionSettingsPatchRequestObject", "properties", "mode", "enum"),
        _MODES,
        "As for reading.",
    ),
    Amendment(
        ("paths", _VALIDATE_NUMBERS, "post", "responses", "200", "content", "application/json", "schema"),
        {
            "type": "object",
            "required": ["status"],
            "properties": {
                "status": {"enum": ["OK", "ERRORS"]},
                "phoneNumberStatus": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["phoneNumber", "state"],
                        "properties": {
                            "phoneNumber": _TEXT,
                            "state": {"$ref": "#/components/schemas/VirtualExtensionRangeValidationStatusEnum"},
                            "errorCode": {"type": "integer"},
                            "message": _TEXT,
                        },
                    },
                },
            },
        },
        "The document has `status` alone; wxc_sdk and its live tests read phoneNumberStatus.",
    ),
    Amendment(
        (*_SCHEMAS, "GetVirtualExtensionListObject", "required"),
        [],
        "A live probe got `{}` for an empty list.",
    ),
    Amendment(
        (*_SCHEMAS, "ListLocationObject", "properties", "callingLineId", "properties", "phoneNumber", "type"),
        ["string", "null"],
        "The document's own example has null for a location without a main number.",
    ),
    Amendment(
        (*_SCHEMAS, "LocationsCollectionResponse", "properties", "items", "items"),
        {
            "type": "object",
            "required": ["id", "name", "orgId", "timeZone", "preferredLanguage", "address"],
            "properties": {
                **dict.fromkeys(("id", "name", "orgId", "timeZone", "preferredLanguage"), _TEXT),
                **dict.fromkeys(("latitude", "longitude", "notes"), _TEXT),
                "address": {"type": "object", "additionalProperties": _TEXT},
            },
        },
        "The reference leads to the workspace locations' schema of the same name; this is the example's form.",
    ),
)

UNDOCUMENTED = re.compile(r"/telephony/config/(locations/[^/]+/)?actions/validateExtensions/invoke")
"""Neighbours that are in the sandbox, but not in this excerpt of the document."""


@dataclass
class Specification:
    """The amended document, and the operations (`GET /path`) that were seen to succeed."""

    document: dict[str, Any]
    succeeded: set[str] = field(default_factory=set)

    def operations(self) -> set[str]:
        """Return the 14 operations on virtual extensions and ranges."""
        return {
            f"{method.upper()} {path}"
            for path, methods in self.document["paths"].items()
            for method in methods
            if path.startswith(VIRTUAL_EXTENSIONS)
        }

    def check(self, response: Response, *_args: object, **_options: object) -> None:
        """Raise AssertionError where an exchange is not as documented. A hook of `requests`."""
        request = response.request
        path = urlsplit(request.url).path.removeprefix("/v1").rstrip("/")
        if UNDOCUMENTED.fullmatch(path):
            return
        template = self._template(path)
        operation = self.document["paths"][template].get(request.method.lower())
        if operation is None:
            assert response.status_code == 405
            return
        if response.ok:
            self.succeeded.add(f"{request.method} {template}")
            self._check_query(operation, request)
            self._check_request_body(operation, request)
        self._check_response(operation, response)

    def _template(self, path: str) -> str:
        templates = [
            each for each in self.document["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", each), path)
        ]
        assert templates, f"{path} is not documented"
        return min(templates, key=lambda each: each.count("{"))

    def _check_query(self, operation: dict[str, Any], request: PreparedRequest) -> None:
        forms = {"number": "[0-9]+", "boolean": "(?i)true|false", "string": ".*"}
        documented = {each["name"]: each["schema"]["type"] for each in operation["parameters"]}
        for name, value in parse_qsl(urlsplit(request.url).query):
            assert name in documented, f"{request.method} {request.url}: {name} is not documented"
            assert re.fullmatch(forms[documented[name]], value), f"{name}={value} is no {documented[name]}"

    def _check_request_body(self, operation: dict[str, Any], request: PreparedRequest) -> None:
        if "requestBody" not in operation:
            assert not request.body
            return
        self._validate(operation["requestBody"]["content"]["application/json"]["schema"], json.loads(request.body))

    def _check_response(self, operation: dict[str, Any], response: Response) -> None:
        documented = operation["responses"].get(str(response.status_code))
        assert documented, f"{response.request.method} {response.url}: {response.status_code} is not documented"
        if not response.ok:
            _check_error(response)
        elif response.status_code == 204:
            assert response.content == b""
        else:
            assert response.headers["Content-Type"] == "application/json"
            self._validate(documented["content"]["application/json"]["schema"], response.json())

    def _validate(self, schema: dict[str, Any], value: Any) -> None:
        Draft202012Validator({**schema, "components": self.document["components"]}).validate(value)


def _check_error(response: Response) -> None:
    """The form that wxc_sdk reads: the document describes none."""
    error = response.json()
    assert set(error) == {"message", "errors", "trackingId"}
    assert error["trackingId"]
    assert error["message"]
    assert error["errors"][0]["description"]


def load_specification() -> Specification:
    """Read the document, amend it, and close its objects to fields that it does not name."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    for amendment in AMENDMENTS:
        _put(document, amendment.place, amendment.value)
    _close(document)
    return Specification(document)


def _put(document: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    *parents, last = place
    for name in parents:
        document = document[name]
    document[last] = deepcopy(value)


def _close(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _close(item)
    elif isinstance(node, dict):
        if node.get("type") == "object" and "properties" in node:
            node["additionalProperties"] = False
        for value in node.values():
            _close(value)

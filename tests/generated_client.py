"""A typed client of the API, generated from nothing but its OpenAPI document.

``client_of`` writes the source of a module and loads it: a ``TypedDict`` for each schema, and for each operation a
method with the document's own names and types. Whatever comes back is validated against what the document says of it.
"""

import keyword
import re
import sys
import typing
from types import ModuleType

import jsonschema_rs

SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
HEAD = '''"""Generated from an OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal, TypedDict
'''
JSON, BYTES = "application/json", "application/octet-stream"
NAME = "zaoan_api_client"


class ApiError(Exception):
    """The service has refused; ``problem`` is its RFC 9457 document."""

    def __init__(self, status, problem):
        super().__init__(f"{status}: {problem.get('detail')}")
        self.status, self.problem = status, problem


def client_of(document, web, token):
    """A client that sends by ``web`` (a session of HTTP), generated from the service's document."""
    module = ModuleType(NAME)
    sys.modules[NAME] = module
    exec(compile(source_of(document), f"{NAME}.py", "exec"), module.__dict__)
    _refuse_unknown_types(module)
    return module.Client(Sender(document, web, token))


class Sender:
    """Sends what the generated methods say, and validates what comes back."""

    def __init__(self, document, web, token):
        self._document, self._web = document, web
        self._always = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}

    def send(self, method, path, gaps, query, headers, body, answers):
        """The document that is answered; raises ``ApiError``. ``answers``: by status, the schema of the answer."""
        sent = {"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        answer = self._web.request(
            method, path.format(**gaps), params=_given(query), headers=self._always | _given(headers), **sent
        )
        found = answer.json() if answer.content else None
        if answer.status_code >= 400:
            raise ApiError(answer.status_code, found)
        self._validate(found, answers[str(answer.status_code)])
        return found

    def _validate(self, found, schema):
        if schema is not None:
            jsonschema_rs.validator_for({**schema, "components": self._document["components"]}).validate(found)


def source_of(document):
    """The source of the module."""
    schemas = document["components"]["schemas"]
    types = [_alias(_name(name), schema) for name, schema in schemas.items() if "properties" not in schema]
    types += [_class(_name(name), schema) for name, schema in schemas.items() if "properties" in schema]
    methods = [
        _method(path, method, operation)
        for path, operations in document["paths"].items() if path.startswith("/api/v1/")
        for method, operation in operations.items()
    ]  # fmt: skip
    client = "class Client:\n    def __init__(self, sender: Any) -> None:\n        self._sender = sender\n\n"
    return "\n\n".join([HEAD, *types, client + "\n\n".join(methods)])


def operation_name(path, method, operation):
    """What the operation is called, without the path that FastAPI appends."""
    return operation["operationId"].removesuffix("_" + re.sub(r"\W", "_", path.lstrip("/")) + f"_{method}")


def _alias(name, schema):
    return f"{name} = {_type(schema)}"


def _class(name, schema):
    needed, fields = set(schema.get("required", ())), schema["properties"]
    base, optional = f"_{name}Needed", {each: type_ for each, type_ in fields.items() if each not in needed}
    first = _fields(base, "TypedDict", {each: fields[each] for each in fields if each in needed})
    return first + "\n\n\n" + _fields(name, f"{base}, total=False", optional)


def _fields(name, base, fields):
    lines = [f"    {field}: {_type(schema)}" for field, schema in fields.items() if not keyword.iskeyword(field)]
    return "\n".join([f"class {name}({base}):", *(lines or ["    pass"])])


def _type(schema):
    if "$ref" in schema:
        return _name(schema["$ref"].rsplit("/", 1)[1])
    if "const" in schema or "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema.get('enum', [schema.get('const')])))}]"
    if either := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(map(_type, either)))
    if isinstance(schema.get("type"), list):
        return " | ".join(SCALARS[each] for each in schema["type"])
    if schema.get("type") == "array":
        return f"list[{_type(schema.get('items', {}))}]"
    if schema.get("type") == "object":
        further = schema.get("additionalProperties")
        return f"dict[str, {_type(further) if isinstance(further, dict) else 'Any'}]"
    return SCALARS.get(schema.get("type"), "Any")


def _method(path, method, operation):
    parameters = operation.get("parameters", [])
    gaps = [each for each in parameters if each["in"] == "path"]
    others = [each for each in parameters if each["in"] != "path"]
    body, sent = _body(operation)
    told = [f"{each['name']}: {_type(each['schema'])}" for each in gaps] + ([f"body: {body}"] if body else [])
    chosen = [f"{_word(each['name'])}: {_optional(each)}" for each in others]
    arguments = ", ".join(["self", *told, *(["*", *chosen] if chosen else [])])
    answers = {status: _schema(answer) for status, answer in operation["responses"].items() if status.startswith("2")}
    result = " | ".join(_type(schema) if schema else "None" for schema in answers.values())
    query, headers = (_mapping([each for each in others if each["in"] == where]) for where in ("query", "header"))
    name = operation_name(path, method, operation)
    return (
        f"    def {name}({arguments}) -> {result}:\n        return self._sender.send({method.upper()!r}, {path!r}, "
        f"{_mapping(gaps)}, {query}, {headers}, {sent}, {answers!r})"
    )


def _body(operation):
    content = operation.get("requestBody", {}).get("content", {})
    if BYTES in content:
        return "bytes", "body"
    return (_type(content[JSON]["schema"]), "body") if JSON in content else ("", "None")


def _schema(answer):
    return answer.get("content", {}).get(JSON, {}).get("schema")


def _optional(parameter):
    typed = _type(parameter["schema"])
    return typed if parameter.get("required") else f"{typed.removesuffix(' | None')} | None = None"


def _mapping(parameters):
    return "{" + ", ".join(f"{each['name']!r}: {_word(each['name'])}" for each in parameters) + "}"


def _word(name):
    return re.sub(r"\W", "_", name).lower()


def _name(schema):
    return re.sub(r"\W", "_", schema)


def _given(values):
    return {name: str(value).lower() if isinstance(value, bool) else value
            for name, value in values.items() if value is not None}  # fmt: skip


def _refuse_unknown_types(module):
    """Every type that a method names is there; raises ``NameError``."""
    for member in vars(module.Client).values():
        if callable(member):
            typing.get_type_hints(member)
    for member in vars(module).values():
        if isinstance(member, type) and member.__module__ == NAME:
            typing.get_type_hints(member)

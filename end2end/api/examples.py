"""Holds every example of the OpenAPI document on standard input against its schema."""

import json
import sys

import jsonschema_rs


def media(operation):
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for response in operation["responses"].values():
        yield from response.get("content", {}).items()


def main():
    document = json.load(sys.stdin)
    seen, wrong = 0, []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            examples = 0
            for kind, body in media(operation):
                if "example" not in body:
                    continue
                # Relative references start at the root of the schema: give it the components.
                schema = {**body.get("schema", {}), "components": document["components"]}
                validator = jsonschema_rs.Draft202012Validator(schema)
                for error in validator.iter_errors(body["example"]):
                    wrong.append(f"{method} {path} {kind}: {error.instance_path}: {error.message}")
                examples += 1
            if not examples:
                wrong.append(f"{method} {path}: no example")
            seen += examples
    print("\n".join(wrong) or f"{seen} examples fit their schemas")
    sys.exit(1 if wrong else 0)


main()

"""What a Secret holds stands in no report, whatever an assert asks of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.asserts.repositories import lines, report_of, written
from tests.warm import run_text

pytest.importorskip("cel_expr_python")

HIDDEN = "hunter2secret"
FILES = {
    "kustomization.yaml": "resources: [secret.yaml]\n",
    "secret.yaml": (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: top\n  annotations: {first: hunter2secret}\n"
        "stringData:\n  password: hunter2secret\n  number: '7'\n"
    ),
}
THAT = (
    "object.stringData[object.stringData.password] == 1",
    "object[object.stringData.password].x == 1",
    "object.stringData.password == 'a' ? true : {'a': 1}[object.stringData.password] == 1",
    "object.metadata.annotations[object.stringData.password + '-x'] == ''",
    "int(object.stringData.password) == 1",
    "quantity(object.stringData.password) == quantity('1')",
    "timestamp(object.stringData.password) == timestamp('2020-01-01T00:00:00Z')",
    "'a'.matches('(' + object.stringData.password)",
    "object.stringData.password.nothing == 1",
    "dyn(object.stringData.password)",
    "object.stringData.password == 'x'",
)
SHOWN = ("object", "toJson(object)", "object.stringData.password", "object.stringData[object.stringData.password]", "object.metadata")


def told(that: str, each: str, message: str = "m") -> str:
    return f"[[assert]]\nname = 'a'\neach = '{each}'\nthat = '''{that}'''\nmessage = '''{message}'''\n"


@pytest.mark.parametrize("each", ["manifests", "targets"])
@pytest.mark.parametrize("that", THAT)
def test_no_report_says_what_a_secret_holds(tmp_path: Path, that: str, each: str) -> None:
    that = that if each == "manifests" else that.replace("object", "object.items[0]")
    folder = written(tmp_path, FILES, told(that, each, " ".join(f"{{{part}}}" for part in SHOWN) if each == "manifests" else "m"))
    for form in ("text", "json", "sarif"):
        done = run_text(("lint", "--offline", "--select", "a", "-f", form, "."), folder)
        assert done.returncode in (1, 2), done.stdout + done.stderr
        assert HIDDEN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("that", "each", "missing"),
    [
        ("object.stringData[object.stringData.password] == 1", "manifests", "a field"),
        ("object.stringData.token == ''", "manifests", "stringData.token"),
        ("object.stringData['token'] == ''", "manifests", "stringData.token"),
        ("object.items.all(o, o.stringData[o.stringData.password] == 1)", "targets", "a field"),
        ("object.items[0].stringData.token == ''", "targets", "items.0.stringData.token"),
    ],
)
def test_a_missing_field_has_the_name_that_the_expression_writes(tmp_path: Path, that: str, each: str, missing: str) -> None:
    with report_of(written(tmp_path, FILES, told(that, each)), "a") as report:
        assert [line.partition(": m: ")[2].replace("[0]", ".0") for line in lines(report)] == [f"{missing} is not there"]

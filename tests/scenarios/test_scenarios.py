"""`[[scenario]]`: other values over a chart, however it is deployed; refused for the right reason, or rendered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.habits import BESIDE, DIGEST, HABITS, VALUES, Place, chart

REFUSES = """
[[scenario]]
name = "digests-are-required"
{where}
values = {{ policy = {{ strict = true }}, image = {{ digest = "" }} }}
expect = "fails"
message = "policy.strict=true needs image.digest"
"""
RENDERS = """
[[scenario]]
name = "strict-with-digest"
chart = "web"
values = { policy = { strict = true }, image = { digest = "sha256:abc" }, replicas = 3, ratio = 2.5, ports = [81, 82] }
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def select(*names: str) -> tuple[str, ...]:
    return (".", "--select", ",".join(names))


@pytest.mark.parametrize("habit", HABITS)
def test_a_chart_that_refuses_passes_and_one_that_does_not_is_found(place: Place, habit: str) -> None:
    config = REFUSES.format(where='chart = "web"') + RENDERS
    done = place.habit(habit, config).lint(*select("digests-*", "strict-*"))
    assert (done.status, done.found, done.failures) == (0, [], []), done.out

    done = place.habit(habit, config, guard="").lint(*select("digests-*", "strict-*"))
    assert done.status == 1, done.out
    ((rule, path, line),) = done.found
    assert rule == "digests-are-required"
    text = (place.root / path).read_text().splitlines()[line - 1]
    assert "strict" in text or habit == "a target of the configuration", (path, line)
    assert done.messages == [f"chart web of {HABITS[habit][0]} renders with policy.strict=true, image.digest=: let the chart refuse it"]
    scenario = next(row for row in done.report["results"][0]["related"] if row["message"] == "the scenario")
    lines = (place.root / ".agentslint.toml").read_text().splitlines()
    assert (scenario["path"], lines[scenario["start_line"] - 1]) == (".agentslint.toml", "[[scenario]]")


@pytest.mark.parametrize("name", ["web", "argocd/web", "w*"])
def test_an_application_is_meant_by_its_name(place: Place, name: str) -> None:
    config = REFUSES.format(where=f'target = "{name}"')
    done = place.habit("an Application with an object", config, guard="").lint(*select("digests-*"))
    assert [rule for rule, *_ in done.found] == ["digests-are-required"], done.out


def test_values_keep_their_types(place: Place) -> None:
    """Go tells a number from a text: a chart sees what the same values in a file would be."""
    kinds = 'printf "%s %s %s" (kindOf .Values.replicas) (kindOf .Values.ratio) (kindOf .Values.policy.strict)'
    guard = f'{{{{ if ne ({kinds}) "float64 float64 bool" }}}}{{{{ fail "other kinds" }}}}{{{{ end }}}}'
    for habit in ("a values file", "an Application with parameters", "a target of the configuration"):
        done = place.habit(habit, RENDERS, guard=guard).lint(*select("strict-*"))
        assert (done.status, done.found) == (0, []), done.out


@pytest.mark.parametrize(
    ("guard", "status", "message"),
    [
        ('{{ fail "the moon is full" }}', 1, "but for another reason than 'policy.strict=true needs image.digest': "),
        ("{{ nonsense }}", 1, 'function "nonsense" not defined'),
    ],
)
def test_one_that_fails_for_another_reason_is_found(place: Place, guard: str, status: int, message: str) -> None:
    guarded = "{{ if .Values.policy.strict }}" + guard + "{{ end }}" if "fail" in guard else guard
    done = place.habit("a values file", REFUSES.format(where='target = "apps/web"'), guard=guarded).lint(*select("digests-*"))
    if "fail" in guard:
        assert (done.status, done.found) == (status, [("digests-are-required", "charts/web/templates/guard.yaml", 1)])
        assert message in done.messages[0]
    else:
        assert done.status == 2, "the target itself does not render, so the scenario was not judged"
        assert "cannot check digests-are-required: apps/web does not render" in done.failures


def test_any_failure_will_do_where_no_message_is_given(place: Place) -> None:
    config = REFUSES.format(where='target = "apps/web"').replace('message = "policy.strict=true needs image.digest"\n', "")
    assert place.habit("a values file", config).lint(*select("digests-*")).status == 0


def test_a_scenario_that_must_render_and_does_not_is_found_at_its_value(place: Place) -> None:
    config = RENDERS.replace('"sha256:abc"', '"abc"')
    done = place.habit("a values file", config).lint(*select("strict-*"))
    assert done.status == 1
    assert done.found == [("strict-with-digest", "charts/web/templates/guard.yaml", 3)]
    assert "does not render with policy.strict=true, image.digest=abc, replicas=3, ratio=2.5, ports=[81, 82]: " in done.messages[0]


def test_a_mapping_where_a_template_prints_a_text_is_a_mistake_of_the_scenario(place: Place) -> None:
    scenario = '\n\n[[scenario]]\nname = "garbage"\nchart = "web"\nvalues = {{ image = {{ repository = {} }} }}\n'
    mapping, text = scenario.format('{ " }: [ " = "x\\n- y" }'), scenario.format('"a: b: [ "')

    done = place.habit("a values file", mapping).lint(*select("garbage"))
    line = (place.root / ".agentslint.toml").read_text().splitlines().index("[[scenario]]") + 1
    assert done.found == [("garbage", ".agentslint.toml", line)], done.out
    assert "image.repository is a mapping in one of the scenario and the target, and none in the other" in done.messages[0]

    done = place.habit("a values file", text).lint(*select("garbage"))
    assert [path for _, path, _ in done.found] == ["charts/web/templates/deployment.yaml"], "a text is one that the template should quote"


def test_a_schema_that_refuses_is_found_at_the_value_that_it_names(place: Place) -> None:
    schema = '{"properties": {"replicas": {"type": "integer", "maximum": 2}}}'
    place.habit("a values file", RENDERS).write({"charts/web/values.schema.json": schema, "apps/web/values.yaml": f"replicas: 1\n{VALUES}"})
    done = place.lint(*select("strict-*"))
    assert done.found == [("strict-with-digest", "apps/web/values.yaml", 1)], done.out


def test_a_file_in_the_place_of_another(place: Place) -> None:
    files = '[[scenario]]\nname = "ci-values"\ntarget = "apps/web"\nfiles = { "apps/web/values.yaml" = "ci/values.yaml" }\n'
    place.habit("a values file", files).write({"ci/values.yaml": "policy: {strict: true}\n"})
    done = place.lint(*select("ci-values"))
    assert (done.status, done.found) == (1, [("ci-values", "charts/web/templates/guard.yaml", 3)])
    assert done.messages[0].startswith("apps/web does not render with ci/values.yaml for apps/web/values.yaml: ")
    place.write({"ci/values.yaml": f"policy: {{strict: true}}\nimage: {{digest: '{DIGEST}'}}\n"})
    assert place.lint(*select("ci-values")).status == 0


UNKNOWN = {
    "no such file": ("files = { 'apps/web/values.yaml' = 'ci/nope.yaml' }", "ci/nope.yaml cannot be read: No such file or directory"),
    "a file of others": ("files = { 'README.md' = 'apps/web/values.yaml' }", "apps/web reads no file README.md"),
    "a file outside": ("files = { 'apps/web/values.yaml' = '../../etc/passwd' }", "cannot be read: "),
    "a key that nobody has": ("values = { polcy = { strict = true } }", "neither the target nor the chart has polcy.strict"),
    "a way in quotes": ("values = { 'policy.strict' = true }", "write it without quotes: values.policy.strict = ..."),
    "another chart": ("chart = 'api'\nvalues = { a = 1 }", "apps/web has no chart api"),
    "another release": ("release = 'api'\nvalues = { a = 1 }", "apps/web has no chart api"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_was_not_rendered_is_not_green(place: Place, case: str) -> None:
    said, message = UNKNOWN[case]
    done = place.habit("a values file", f'[[scenario]]\nname = "s"\ntarget = "apps/web"\n{said}\n').lint(*select("s"))
    assert (done.status, done.found) == (2, [])
    assert any(message in failure for failure in done.failures), done.failures


@pytest.mark.parametrize(
    ("words", "unchecked", "why"),
    [
        (("--no-trace",), 2, "extra renders are off (--no-trace)"),
        (("--jobs", "1", "--trace-timeout", "0.000001"), 1, "the time for extra renders is over (--trace-timeout)"),
    ],
)
def test_without_extra_renders_nothing_is_green(place: Place, words: tuple[str, ...], unchecked: int, why: str) -> None:
    done = place.habit("a values file", REFUSES.format(where="chart = 'web'") + RENDERS).lint(*select("digests-*", "strict-*"), *words)
    assert (done.status, done.found) == (2, [])
    found = [failure for failure in done.failures if failure.startswith("cannot check apps/web with policy.strict=true")]
    assert len(found) == unchecked
    assert all(failure.endswith(why) for failure in found)


def test_a_target_or_chart_that_is_nowhere_is_named_and_a_run_elsewhere_says_what_it_left_out(place: Place) -> None:
    config = REFUSES.format(where='target = "apps/wb"') + RENDERS.replace('chart = "web"', 'chart = "wbe"')
    place.habit("a values file", config).write({"apps/other/kustomization.yaml": "resources: []\n"})
    done = place.lint(*select("digests-*", "strict-*"))
    assert done.status == 2
    assert sorted(done.failures) == [
        "scenario digests-are-required: no target matches 'apps/wb'; did you mean 'apps/web'?",
        "scenario strict-with-digest: no chart matches 'wbe'; did you mean 'web'?",
    ]
    done = place.lint("apps/other", "--select", "digests-*,strict-*")
    assert (done.status, done.failures) == (0, [])
    assert "scenarios whose targets are not linted here: digests-are-required, strict-with-digest" in done.notes


def test_of_several_charts_one_is_chosen(place: Place) -> None:
    two = BESIDE + "    valuesFile: values.yaml\n  - name: web\n    releaseName: back\n    valuesInline: {replicas: 5}\n"
    place.habit("a values file", REFUSES.format(where='target = "apps/web"')).write({"apps/web/kustomization.yaml": two})
    place.write(chart("apps/web/charts/web"))
    done = place.lint(*select("digests-*"))
    assert done.status == 2
    assert "apps/web has several charts: web (shop), web (back); choose one by chart or release" in done.failures[0]
    place.habit("a values file", REFUSES.format(where='target = "apps/web"\nrelease = "back"'), guard="")
    place.write({"apps/web/kustomization.yaml": two, **chart("apps/web/charts/web", guard="")})
    assert place.lint(*select("digests-*")).found == [("digests-are-required", "apps/web/charts/web/values.yaml", 6)]


def test_all_scenarios_of_a_target_are_rendered_once_and_counted(place: Place) -> None:
    twin = RENDERS.replace("strict-with-digest", "strict-twin")
    place.habit("a values file", REFUSES.format(where="chart = 'web'") + RENDERS + twin)
    plain = place.lint(*select("require-digest")).report["summary"]["renders"]
    assert place.lint(*select("digests-*", "strict-*")).report["summary"]["renders"] - plain in (1, 2)


def test_a_finding_is_accepted_like_any_other(place: Place) -> None:
    ignore = '[[ignore]]\nrule = "digests-are-required"\nreason = "the chart is not ours"\n'
    done = place.habit("a values file", ignore + REFUSES.format(where="chart = 'web'"), guard="").lint(*select("digests-*"))
    assert (done.status, len(done.found)) == (0, 1)
    level = '[rules.digests-are-required]\nlevel = "note"\n'
    assert place.habit("a values file", level + REFUSES.format(where="chart = 'web'"), guard="").lint(*select("digests-*")).status == 0


MISTAKES = {
    "no target": ("values = {a = 1}", ":2: scenario.0: a scenario needs a target or a chart"),
    "nothing to change": ("target = 'a'", ":2: scenario.0: a scenario needs values or files, and not both"),
    "both": ("target = 'a'\nvalues = {a = 1}\nfiles = {a = 'b'}", "a scenario needs values or files, and not both"),
    "a message that is never looked at": (
        "target = 'a'\nvalues = {a = 1}\nmessage = 'x'",
        'message is the text of an error: it needs expect = "fails"',
    ),
    "an expectation": ("target = 'a'\nvalues = {a = 1}\nexpect = 'fail'", ":6: scenario.0.expect: 'fail' is none of fails, renders"),
    "a date": ("target = 'a'\nvalues = {a = {b = 2026-01-01}}", "values: 2026-01-01 is a date or a time"),
    "no number": ("target = 'a'\nvalues = {a = inf}", "values: inf is no number that a chart can be given"),
    "a list of values": ("target = 'a'\nvalues = ['a=1']", ":5: scenario.0.values: expected a table, got a list"),
    "a name with blanks": ("name = 'My scenario'", "Cannot overwrite a value"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_in_a_scenario_is_told_by_its_line(place: Place, case: str) -> None:
    said, message = MISTAKES[case]
    place.write({**chart(), ".agentslint.toml": f"\n[[scenario]]\nname = 'a'\n{said}\n"})
    done = place.lint()
    assert (done.status, done.out) == (2, "")
    assert message in done.err


@pytest.mark.parametrize("name", ["require-digest", "twice"])
def test_a_name_that_is_taken_is_refused(place: Place, name: str) -> None:
    one = f"[[scenario]]\nname = '{name}'\ntarget = 'a'\nvalues = {{a = 1}}\n"
    done = place.write({**chart(), ".agentslint.toml": one * 2}).lint()
    assert done.status == 2
    why = "scenario twice: there are two scenarios of this name" if name == "twice" else f"scenario {name}: a rule has this name"
    assert why in done.err


@pytest.mark.parametrize("table", ["scenario", "assert"])
def test_a_name_that_is_no_id_is_told_at_its_line_in_one_wording(place: Place, table: str) -> None:
    keys = "target = 'a'\nvalues = {a = 1}" if table == "scenario" else "that = 'true'\nmessage = 'm'"
    done = place.write({**chart(), ".agentslint.toml": f"\n[[{table}]]\n{keys}\nname = 'My one'\n"}).lint()
    assert done.status == 2
    assert f":5: {table}: 'My one' is no rule ID: write lower-case words with dashes" in done.err


def test_beyond_the_limit_a_scenario_is_not_checked(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from agentslint.engine.open_session import open_session
    from agentslint.engine.pipeline import lint
    from agentslint.engine.run_options import RunOptions
    from agentslint.experiment import scenarios

    monkeypatch.setattr(scenarios, "MOST", 2)
    many = "".join(f'[[scenario]]\nname = "s{number}"\nchart = "web"\nvalues = {{ replicas = {number} }}\n' for number in range(4))
    place.habit("a values file", many)
    with open_session(RunOptions(paths=(str(place.root),), select=("s?",), offline=True)) as (session, _):
        report = lint(session)
    assert report.results == []
    assert [failure.message.partition(": ")[2] for failure in report.failures] == ["apps/web has more than 2 scenarios"] * 2


def test_a_glob_leaves_out_targets_without_the_chart(place: Place) -> None:
    place.habit("a values file", RENDERS.replace('chart = "web"', 'target = "apps/*"'))
    place.write(
        {"apps/pod/kustomization.yaml": "resources: [pod.yaml]\n", "apps/pod/pod.yaml": "kind: Pod\napiVersion: v1\nmetadata: {name: a}\n"}
    )
    done = place.lint(*select("strict-*"))
    assert (done.status, done.failures) == (0, [])
    place.habit("a values file", RENDERS.replace('chart = "web"', 'target = "apps/pod"'))
    assert "apps/pod has no chart" in place.lint(*select("strict-*")).failures[0]

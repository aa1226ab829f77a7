"""`agentslint test-rule FOLDER`: the cases of a rule, run for anybody's rule."""

from __future__ import annotations

from pathlib import Path

import click

from agentslint.cli import completion
from agentslint.cli.help import examples
from agentslint.cli.streams import emit

EXAMPLES = (
    ("agentslint test-rule rules/allow_root", "the rule in a folder, over its pass/ and fail/"),
    ("agentslint test-rule lint/*/", "several rules"),
)


@click.command(epilog=examples(*EXAMPLES))
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...", shell_complete=completion.paths)
@click.pass_context
def test_rule(ctx: click.Context, folders: tuple[str, ...]) -> None:
    """Run the rule in each FOLDER over its cases: the findings must stand where `# expect:` comments say.

    A rule's folder holds its Python (`__init__.py`, or one other file) and its cases, a folder each below `pass/` and `fail/`.

    Exit status: 0 all cases are as marked, 1 some are not, 2 a rule or its cases cannot be run.
    """
    from agentslint.testing import problems
    from agentslint.testing.rule_cases import is_of_run
    from agentslint.testing.rule_folder import rules_with_cases

    status = 0
    for folder in folders:
        for tested in rules_with_cases(Path(folder)):
            for case in tested.cases:
                found = problems(case, tested.plugins)
                status = max(status, 2 if any(map(is_of_run, found)) else bool(found))
                emit("".join(f"{problem}\n" for problem in found) or f"{case}: ok\n")
    ctx.exit(status)

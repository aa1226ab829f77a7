from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Applications, Finding, Level, ListedSet, ListedSource, ProblemKind, Rule, SourceProblem, some

Told = tuple[ListedSource, SourceProblem]
_LISTED = 5


class ApplicationSource(Rule):
    """An application that its deployer cannot deploy as it is written.

    ## Why
    Argo CD reports a wrong path, a missing values file or an unknown `$ref` only once the change is merged: the application then keeps
    its old manifests, and its sync status is `Unknown`. An ApplicationSet is worse: one element whose template fails stops the whole
    set. Two Applications of one name in a namespace overwrite each other, and a build variable that Argo CD does not know (`$TAG`, or the
    `$1` of a password) becomes an empty text without a word.

    The rule checks the sources that are in this repository, and at this revision. A path that git has and the work tree has not (a
    sparse checkout) is "not checked".

    ## Fix
    Correct the path, the file or the type. Write `$$` for a dollar sign. Give each Application of a namespace a name of its own.

    ## References
    - https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
    - https://argo-cd.readthedocs.io/en/stable/user-guide/build-environment/
    - https://argo-cd.readthedocs.io/en/stable/user-guide/multiple_sources/
    """

    level = Level.ERROR
    tags = ("argocd",)

    def check_applications(self, applications: Applications) -> Iterator[Finding]:
        for told in _by_place(applications):
            yield self._refused(applications, told)
        yield from self._named_alike(applications)
        for found in applications.sets:
            yield from self._of_set(applications, found)

    def _refused(self, applications: Applications, told: list[Told]) -> Finding:
        row, problem = told[0]
        others = list({other.place: (other.place, other.message) for _, other in told if other.place != problem.place}.values())
        message = f"{_who(row)}: {problem.message}; {_mend(problem)}" if len(told) == 1 else _of_several(told)
        return self.finding(problem.place, message, target=applications.target_of(row), related=others)

    def _named_alike(self, applications: Applications) -> Iterator[Finding]:
        selected = {id(row) for row in applications.selected}
        for first, other in applications.named_alike():
            if selected & {id(first), id(other)} and not applications.are_apart(first, other):
                message = (
                    f"{_who(other)} is defined twice in namespace {other.application.namespace}, here and by {_where(first)}; rename one"
                )
                related = [(first.place, "the other Application of this name")]
                yield self.finding(other.place, message, target=applications.target_of(other), related=related)

    def _of_set(self, applications: Applications, found: ListedSet) -> Iterator[Finding]:
        target = applications.target_of_set(found)
        for fault in found.faults:
            message = f"{found.kind}/{found.name}: {fault.message}; mend it, as Argo CD stops reconciling the whole set"
            yield self.finding(fault.place, message, target=target)
        if not found.made and found.is_known and not found.faults:
            message = f"{found.kind}/{found.name} makes no Application: add an element to a generator, or delete the set"
            yield self.finding(found.place, message, target=target)


_MEND = {
    ProblemKind.PATH: "correct it, or delete the application",
    ProblemKind.FILE: "add it, or correct its name",
    ProblemKind.SOURCE: "correct it, as the deployer refuses the source",
    ProblemKind.VARIABLE: "write $$ for a dollar sign",
    ProblemKind.VALUE: "give it a value in the generator",
}


def _by_place(applications: Applications) -> Iterator[list[Told]]:
    """The problems of the run, one list a finding: those of one kind that a set makes are one, and those at one place."""
    found: dict[object, list[Told]] = {}
    for row in applications.selected:
        for problem in (*((row.problem,) if row.problem else ()), *row.doubts):
            if problem.is_checked_out and problem.kind in _MEND:
                own: object = (problem.place, problem.subject)
                made = row.application
                key = (made.namespace, made.set, made.set_file, problem.kind) if made.set else own
                found.setdefault(key, []).append((row, problem))
    yield from found.values()


def _mend(problem: SourceProblem) -> str:
    return f"add it, correct its name, or set {problem.leave_out}" if problem.leave_out else _MEND[problem.kind]


def _of_several(told: list[Told]) -> str:
    row, problem = told[0]
    subjects = list(dict.fromkeys(each.subject or each.message for _, each in told))
    named = some(subjects, _LISTED)
    said = {
        ProblemKind.PATH: "name paths that are not in the repository",
        ProblemKind.FILE: "name files that are not in the repository",
        ProblemKind.SOURCE: "are refused by the deployer",
        ProblemKind.VARIABLE: "name variables that Argo CD does not know and leaves empty",
        ProblemKind.VALUE: "have templates without a value, for which Argo CD prints <no value>",
    }[problem.kind]
    owner = f"of ApplicationSet/{row.application.set}" if row.application.set else f"defined at {_where(row)}"
    return f"{len(told)} applications {owner} {said}: {named}"


def _who(row: ListedSource) -> str:
    return f"{row.application.kind}/{row.application.name}"


def _where(row: ListedSource) -> str:
    if row.application.set:
        return f"ApplicationSet/{row.application.set}"
    location = row.location or row.application.location
    return f"{location.path}:{location.region.start_line}" if location else row.application.id

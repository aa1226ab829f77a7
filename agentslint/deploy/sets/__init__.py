"""Expands ApplicationSets offline, as the controller of Argo CD does: `expand` makes the Applications of one set.

    found = expand(body, surroundings)
    for element in found.elements:      # in the order of Argo CD; those of merge and clusters generators are sorted by name
        element.application             # plain data: metadata and spec as Argo CD would create it; the namespace is the set's
        element.parameters              # the parameters of the generators, nested (Go templates) or flat ("path.basename")
        element.place                   # the authored place of the element: list element, folder, file, cluster
        element.place_of(("path", "basename"))      # of one parameter; for the plain form: ("path.basename",)
        element.made_from(("spec", "source", "path"))   # the template's scalar, and the parameters that it reads
    found.faults                        # errors, each with its place: in Argo CD one of them stops the whole set
    found.not_judged                    # generators and strings that cannot be expanded here, each with its reason
    found.switched_off                  # elements that a selector leaves out
    found.unfilled                      # templates that print "<no value>", since they name a missing key

`body` is the ApplicationSet as plain data, read by YAML 1.1 as sigs.k8s.io/yaml does: `agentslint.yamlread.value` of the authored
node, or `Manifest.body` of a rendered one. All pointers in a `Place` with `file` "" lead into it. Other places name a file of the
repository; an empty pointer is the whole file, a file that ends with "/" a folder, and `inner` leads into the text of a scalar
(`elementsYaml`).

`surroundings` are what the set is read with:

    Surroundings(
        root=Path(repository.root),
        paths=list of all files of the repository that git knows (POSIX, relative); read once, so that one list serves all sets,
        is_ours=lambda url, revision: "" or the reason why this repository at this revision is not the tree here,
        clusters=(Cluster(name="prod", server="https://...", labels={...}, place=Place(".agentslint.toml", ("deploy", "clusters", 0))),),
        helm=Helm(program=Path(...), environ=os.environ, limits=Limits(), group=ProcessGroup(), required=False),
    )

Nothing is started for sets in the plain form, nor where no string holds `{{`; else it is one `helm template` for each pass over a set:
one for its elements and their patches, before that one for each level of a matrix or of `values` with templates, and at most
five more where elements fail. `helm` may be None: what needs it is then not judged.
"""

from __future__ import annotations

from agentslint.deploy.helm_program import Helm
from agentslint.deploy.sets.expand import expand
from agentslint.deploy.sets.expansion import Cluster, Derivation, Element, Expansion, Fault, NotJudged, SetPlace, SwitchedOff, Unfilled
from agentslint.deploy.sets.surroundings import Surroundings

__all__ = [
    "Cluster",
    "Derivation",
    "Element",
    "Expansion",
    "Fault",
    "Helm",
    "NotJudged",
    "SetPlace",
    "Surroundings",
    "SwitchedOff",
    "Unfilled",
    "expand",
]

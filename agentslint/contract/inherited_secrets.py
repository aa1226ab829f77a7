"""Pull secrets that come with another registry: the repository is overridden, the secrets are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.image_blocks import SECRETS, Block, dotted_key, image_blocks
from agentslint.contract.chains import ChainedWorkload, made_by
from agentslint.contract.expected import as_text
from agentslint.facts.target_facts import TargetFacts
from agentslint.images import InvalidReference, Reference
from agentslint.model import Manifest
from agentslint.model.chart_breaches import ForeignSecrets

BlockChain = tuple[Block, ...]


def inherited(rendered: TargetFacts, values: ChartValues, subjects: Iterable[ChainedWorkload]) -> Iterator[ForeignSecrets]:
    """Yield the overridden repositories of one chart of which that is so, as the workloads are rendered now.

    Chains are those of the configuration, else each image block and the block of the same name above it.
    """
    if not any(pod.spec.get("imagePullSecrets") for pod in rendered.pods):
        return
    chains = [subject.chain for subject in subjects] or list(_chains(image_blocks(values)))
    for chain in dict.fromkeys(chains):
        for fallback in chain[1:]:
            override = chain[0]
            registry, other = _registry(values, override), _registry(values, fallback)
            secrets = as_text(values.at((*fallback, SECRETS)))
            if registry and other and registry != other and secrets and _same_author(values, fallback) and not _secrets(values, override):
                pulling = tuple(manifest.resource for manifest in _pulling(rendered, values, override, secrets))
                where = values.location((*override, "repository"))
                if pulling and where:
                    places = (values.location((*fallback, name)) for name in (SECRETS, "repository"))
                    yield ForeignSecrets(where, pulling, registry, dotted_key(override), dotted_key(fallback), secrets, other, *places)
                break


def _chains(blocks: list[Block]) -> Iterator[BlockChain]:
    for block in blocks:
        for above in blocks:
            if above != block and above[-1] == block[-1] and above[:-1] == block[: len(above) - 1]:
                yield block, above


def _registry(values: ChartValues, block: Block) -> str:
    reference = _reference(values, block)
    return reference.registry if reference else ""


def _reference(values: ChartValues, block: Block) -> Reference | None:
    parts = [values.at((*block, name)) for name in ("registry", "repository")]
    try:
        return Reference.parse("/".join(part for part in parts if isinstance(part, str) and part)) if parts[1] else None
    except InvalidReference:
        return None


def _secrets(values: ChartValues, block: Block) -> str:
    return as_text(values.at((*block, SECRETS)))


def _same_author(values: ChartValues, block: Block) -> bool:
    """Secrets that the target sets beside the chart's default repository are not meant for that repository."""
    written = [values.holder((*block, name)) is not None for name in ("repository", SECRETS)]
    return written[0] == written[1]


def _pulling(rendered: TargetFacts, values: ChartValues, block: Block, secrets: str) -> Iterator[Manifest]:
    """The manifests that run the block's repository, in a pod with these very secrets."""
    reference = _reference(values, block)
    made = {manifest.index for manifest in made_by(rendered, values.entry)}
    pods = {(pod.manifest.index, pod.pointer): as_text(pod.spec.get("imagePullSecrets")) for pod in rendered.pods}
    found = {
        use.manifest.index: use.manifest
        for use in rendered.image_uses
        if use.pulled and use.manifest.index in made and use.pod is not None
        if reference and use.reference and use.reference.name == reference.name
        if pods.get((use.manifest.index, use.pod)) == secrets
    }
    yield from found.values()

"""The failure of a target whose program ended badly. Only a failure imports it: its expressions take a sixth of all imports."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from agentslint.authorship.lines import target_failure
from agentslint.model import Certainty, Location, RenderFailure, Target
from agentslint.render.failures.cause import cause, signal_name
from agentslint.render.failures.explain import explain, relative_paths, whole, without_secrets
from agentslint.render.network import wants_network
from agentslint.render.options import RenderOptions, is_full, no_space
from agentslint.render.process import Completed
from agentslint.render.pull import OfflineError, PullError
from agentslint.render.sidecar import read_calls, read_output


class FailedProgram(Struct, frozen=True):
    """A program that failed for a target, in a tree at `root`; `calls` are those of helm, `work` is the renderer's folder."""

    target: Target
    done: Completed
    root: Path
    calls: Path
    work: Path
    offline: bool

    def failure(self, options: RenderOptions, breach: str) -> RenderFailure:
        """Return why it failed; `breach` is the limit that it reached, if it did."""
        target, done, root = self.target, self.done, self.root
        said = relative_paths(done.stderr, root, self.work)
        if breach:
            return target_failure(target, breach, f"rendering {options.limits.breach(breach)}", whole(said))
        if is_full(done.stderr):
            return target_failure(target, "tool", no_space(self.work), whole(said))
        if done.status < 0:
            message = f"kustomize was ended by {signal_name(-done.status)}"
            return target_failure(target, "killed", message, whole(said))
        if self.offline and wants_network(said):
            message = without_secrets(f"it needs the network, which is off (--offline): {cause(said)}")
            return target_failure(target, "offline", message, whole(said))
        recorded = read_calls(self.calls)
        if not recorded:
            return explain(target, said, root)
        return explain(target, said, root, recorded[-1], read_output(self.calls, len(recorded) - 1))


def not_provided(
    target: Target, error: PullError, place: Location, reason: str = "chart-pull", certainty: Certainty = Certainty.EXACT
) -> RenderFailure:
    """Return the failure of a target whose chart or base could not be had."""
    reason = "offline" if isinstance(error, OfflineError) else reason
    return RenderFailure(target, reason, without_secrets(str(error)), place, certainty=certainty)

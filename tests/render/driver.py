"""Renders the `app` of a repository in a process of its own, for tests that run several of them or interrupt one.

Usage: driver.py KUSTOMIZE HELM ROOT CACHE [READY], where READY is a file that it makes just before it renders
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from render_tree import the_target

from agentslint.model import Rendering
from agentslint.render import Programs, RenderOptions, open_renderer


def main() -> int:
    kustomize, helm, root, cache, *ready = map(Path, sys.argv[1:])
    renderer = open_renderer(Programs(kustomize, helm, "v4.2.4"), cache=cache, parallel=False, offline=False)
    try:
        target = the_target(root)
        for file in ready:
            file.touch()
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(renderer.render, target, RenderOptions())
            try:
                outcome = future.result()
            except KeyboardInterrupt:
                renderer.close()
                raise
    except KeyboardInterrupt:
        return 130
    finally:
        renderer.close()
    if isinstance(outcome, Rendering):
        sys.stdout.buffer.write(outcome.stream)
        return 0
    print(outcome.message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

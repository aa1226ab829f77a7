"""A renderer that hangs, eats memory, prints without end or is killed: each is told by its name, and nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from render_tree import HELM_APP, MakeRenderer, Program, assert_no_process_of, the_target, write

from agentslint.children import Profile
from agentslint.model import RenderFailure, Rendering
from agentslint.render import KustomizeRenderer, Limits, RenderOptions, process

SMALLEST = 200 << 20
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{before}'] * 9)}]\n" for before, this in zip("abcdef", "bcdefg", strict=True)
)
HANG = "sleep 600 & sleep 600"


def limited(**limits: float) -> RenderOptions:
    return RenderOptions(limits=Limits(**limits))  # type: ignore[arg-type]


def failed(outcome: Rendering | RenderFailure) -> RenderFailure:
    assert isinstance(outcome, RenderFailure)
    return outcome


@pytest.mark.sample(1)
@pytest.mark.parametrize("limit", [SMALLEST, Limits().memory])
def test_an_alias_bomb_in_a_resource_runs_out_of_memory(limit: int, renderer: KustomizeRenderer, tmp_path: Path) -> None:
    bomb = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bomb\ndata:\n{indented(BOMB)}"
    root = write(tmp_path, {"app/kustomization.yaml": "resources: [bomb.yaml]\n", "app/bomb.yaml": bomb})
    assert len(bomb) < 512

    failure = failed(renderer.render(the_target(root), limited(memory=limit)))

    assert failure.reason == "memory"
    assert failure.message == f"rendering needed more than {limit >> 20} MiB of memory and was ended (render.memory)"
    assert (failure.location.path, failure.location.region.start_line) == ("app/kustomization.yaml", 1)


def indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def test_a_chart_that_eats_memory_is_not_told_as_a_missing_helm(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    glutton = '{{ $text := repeat 100000000 "x" }}a: {{ printf "%s%s%s%s" $text $text $text $text | upper | quote }}\n'
    root = write(tmp_path, {**HELM_APP, "charts/web/templates/glutton.yaml": glutton})

    failure = failed(renderer.render(the_target(root), limited(memory=SMALLEST)))

    assert failure.reason == "memory"
    assert "is '" in failure.details  # what kustomize makes of it


def test_a_chart_that_speaks_of_memory_has_not_run_out_of_it(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    root = write(tmp_path, {**HELM_APP, "charts/web/templates/check.yaml": '{{ fail "limits: out of memory without memory.limit" }}'})

    failure = failed(renderer.render(the_target(root), RenderOptions()))

    assert (failure.reason, failure.message) == ("kustomize", "limits: out of memory without memory.limit")


def test_the_smallest_limit_is_enough_for_an_ordinary_application(renderer: KustomizeRenderer) -> None:
    examples = Path(__file__).parents[2] / "examples"

    assert isinstance(renderer.render(the_target(examples.resolve(), "argocd/applications/agents"), limited(memory=SMALLEST)), Rendering)


def test_settings_for_speed_do_not_take_the_memory_that_a_large_target_needs(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    """6 MB of resource definitions: kustomize itself needs 230 MB for them, with GOGC=400 alone more than 420 MB."""
    fields = "".join(
        f"          p{number}:\n            description: {'some words of text ' * 6}\n            type: string\n" for number in range(1400)
    )
    head = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: c{}.example.com\nspec:\n  schema:\n"
    large = "---\n".join(f"{head.format(number)}        properties:\n{fields}" for number in range(24))
    root = write(tmp_path, {"app/kustomization.yaml": "resources: [large.yaml]\n", "app/large.yaml": large})

    assert isinstance(renderer.render(the_target(root), limited(memory=420 << 20)), Rendering)


def test_a_renderer_that_hangs_is_ended_with_all_that_it_started(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(kustomize=program("kustomize", HANG))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), limited(timeout=0.3)))

    assert failure.reason == "timeout"
    assert failure.message == "rendering took longer than 0.3 s and was ended (render.timeout)"
    assert_no_process_of(renderer.folder)


def test_a_helm_that_hangs_is_ended_with_its_kustomize(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(helm=program("helm", f"touch {tmp_path}/started; {HANG}"))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), limited(timeout=2)))

    assert (tmp_path / "started").exists()
    assert failure.reason == "timeout"
    assert_no_process_of(renderer.folder)


def test_a_renderer_that_leaves_a_process_behind_is_cleaned_up_after(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(kustomize=program("kustomize", "sleep 600 >/dev/null 2>&1 & echo done"))

    outcome = renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions())

    assert isinstance(outcome, Rendering)
    assert_no_process_of(renderer.folder)


def test_output_without_end_is_cut_off(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(kustomize=program("kustomize", "exec yes"))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), limited(output=1 << 20)))

    assert failure.reason == "output"
    assert failure.message == "rendering printed more than 1 MiB and was ended (render.output)"


def test_a_helm_that_prints_without_end_does_not_fill_the_disk(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(helm=program("helm", "exec yes"))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), limited(output=1 << 20)))

    assert failure.reason == "output"
    assert sum(path.stat().st_size for path in renderer.folder.rglob("*") if path.is_file()) < 3 << 20


@pytest.mark.parametrize("text", ["yes", "tr '\\0' ' ' </dev/zero", "tr '\\0' '\\n' </dev/zero"])
def test_error_text_without_end_is_kept_in_part(text: str, make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(
        kustomize=program("kustomize", f"(echo begin; {text} | head -c 900000; echo end; yes | head -c 4000000) >&2; exit 1")
    )

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions()))

    assert len(failure.details) <= 1 << 17
    noisy = [str(renderer.programs.kustomize)]
    done = process.run(
        noisy,
        profile=Profile.FREE,
        environ=dict(os.environ),
        cwd=tmp_path,
        limits=Limits(),
        group=process.ProcessGroup(),
    )
    assert len(done.stderr) <= 1 << 20
    assert len(failure.message) <= 400


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_a_renderer_that_a_signal_ends_says_which(name: str, make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(kustomize=program("kustomize", f"kill -{name.removeprefix('SIG')} $$"))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions()))

    assert (failure.reason, failure.message) == ("killed", f"kustomize was ended by {name}")


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV"])
def test_a_helm_that_a_signal_ends_says_which(name: str, make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(helm=program("helm", f"kill -{name.removeprefix('SIG')} $$"))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions()))

    assert failure.message == f"helm was ended by {name}"
    assert (failure.location.path, failure.location.region.start_line) == ("app/kustomization.yaml", 5)


def test_a_renderer_that_panics_says_why_and_not_where_in_its_source(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    why = "panic: runtime error: invalid memory address"
    where = "[signal SIGSEGV: segmentation violation code=0x1]\n\ngoroutine 1 [running]:\nmain.main()"
    renderer = make_renderer(kustomize=program("kustomize", f"printf '%s\n' '{why}\n{where}' >&2; exit 2"))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions()))

    assert (failure.reason, failure.message) == ("kustomize", why)


def test_garbage_comes_through_as_it_is_for_those_who_read_the_stream(
    make_renderer: MakeRenderer, program: Program, tmp_path: Path
) -> None:
    renderer = make_renderer(kustomize=program("kustomize", r"printf '\377\376 garbage\0'"))

    outcome = renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions())

    assert isinstance(outcome, Rendering)
    assert outcome.stream == b"\xff\xfe garbage\0"


def test_words_that_are_no_utf8_are_still_words(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(kustomize=program("kustomize", r"printf 'Error: caf\351 is closed\n' >&2; exit 1"))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions()))

    assert failure.message == "caf\ufffd is closed"


def test_a_failure_without_a_word(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(kustomize=program("kustomize", "exit 3"))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions()))

    assert failure.message == "the renderer failed without a message"


def test_a_program_that_cannot_be_run(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    plain = program("kustomize", "")
    plain.chmod(0o644)
    target = the_target(write(tmp_path / "repo", HELM_APP))

    failure = failed(make_renderer(kustomize=plain).render(target, RenderOptions()))

    assert (failure.reason, failure.message) == ("tool", f"the renderer could not be run: Permission denied: {plain}")


def test_a_helm_that_cannot_be_run(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    plain = program("helm", "")
    plain.chmod(0o644)

    failure = failed(make_renderer(helm=plain).render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions()))

    assert failure.message == "helm could not be started: Permission denied"


def test_missing_programs_are_told_with_what_to_do(make_renderer: MakeRenderer, tmp_path: Path) -> None:
    renderer = make_renderer(helm=None)
    renderer.programs.complaint = "helm: not found; `agentslint tools install` provides it"

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions()))

    assert (failure.reason, failure.message) == ("tool", renderer.programs.complaint)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system without prlimit: memory is looked at from outside."""
    monkeypatch.setattr(process, "WATCHED", True)


@pytest.mark.usefixtures("watched")
def test_memory_is_watched_where_the_kernel_sets_no_limit(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    bomb = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bomb\ndata:\n{indented(BOMB)}"
    root = write(tmp_path, {"app/kustomization.yaml": "resources: [bomb.yaml]\n", "app/bomb.yaml": bomb})

    failure = failed(renderer.render(the_target(root), limited(memory=SMALLEST)))

    assert failure.reason == "memory"
    assert_no_process_of(renderer.folder)


@pytest.mark.usefixtures("watched")
def test_the_memory_of_helm_counts_where_it_is_watched(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    eats = f"exec {os.path.realpath('/proc/self/exe')} -c \"import time; x = b'x' * (300 << 20); time.sleep(60)\""
    renderer = make_renderer(helm=program("helm", eats))

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), limited(memory=SMALLEST)))

    assert failure.reason == "memory"
    assert_no_process_of(renderer.folder)


@pytest.mark.usefixtures("watched")
def test_what_is_watched_renders_and_times_out_as_elsewhere(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    target = the_target(write(tmp_path / "repo", HELM_APP))

    assert isinstance(make_renderer().render(target, RenderOptions()), Rendering)
    assert failed(make_renderer(kustomize=program("kustomize", HANG)).render(target, limited(timeout=0.3))).reason == "timeout"


def test_a_stricter_limit_of_the_shell_stays(helm: Path, program: Program, tmp_path: Path) -> None:
    """Raising it would be refused, and must not end the run."""
    told = program("kustomize", "ulimit -d")
    root = write(tmp_path / "repo", HELM_APP)
    words = [sys.executable, str(Path(__file__).with_name("driver.py")), str(told), str(helm), str(root), str(tmp_path / "cache")]

    done = subprocess.run(["sh", "-c", 'ulimit -d 1048576; exec "$@"', "sh", *words], capture_output=True, text=True)

    assert done.stdout == "1048576\n", done.stderr


def test_stopping_ends_what_runs_and_what_would_start(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(kustomize=program("kustomize", HANG))
    renderer.group.stop()

    failure = failed(renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions()))

    assert failure.message == f"kustomize was ended by {signal.SIGKILL.name}"
    assert_no_process_of(renderer.folder)


def test_a_program_that_starts_after_a_signal_leaves_no_folder(make_renderer: MakeRenderer, program: Program, tmp_path: Path) -> None:
    renderer = make_renderer(kustomize=program("kustomize", 'mkdir -p "$TMPDIR/made"'))
    run_folder = renderer.folder.parent
    renderer.stop()

    # A worker that is under way does this: the folder has to wait for it, since a program makes a folder that is gone again.
    renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), limited())
    assert run_folder.is_dir()

    renderer.close()
    assert not run_folder.exists()

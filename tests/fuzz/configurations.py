"""Configurations, valid and broken; None is none at all."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.texts import ODD, chance, content

VALID = (
    "",
    'select = ["require-digest", "image-lockstep"]\n',
    'ignore-rules = ["require-digest"]\n',
    'exclude = ["base/", "*.tmp.yaml"]\n',
    'fail-on = "error"\n',
    'baseline = "app/values.yaml"\n',
    '[render]\ntimeout = 30\nkube-version = "1.31"\napi-versions = ["monitoring.coreos.com/v1"]\n',
    '[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsNone"]\n',
    '[[render.for]]\ntargets = ["app"]\nkube-version = "1.2"\n',
    '[[environments]]\nname = "p"\npaths = ["app"]\n[rules.require-digest]\nenvironments = ["p"]\nlevel = "error"\n',
    '[[groups]]\nname = "g"\nimages = ["*"]\norder = [{ workloads = ["*/api"] }, { workloads = ["*/web"] }]\napi-paths = ["app/*"]\n',
    '[[groups]]\nname = "g"\nremotes = ["github.com/acme/*"]\nimages = ["nginx*"]\naccept-unknown = "a test"\n',
    '[[contracts]]\ntarget = "app"\nworkload = "Deployment/*"\nchain = ["image", "global.image"]\n',
    '[[contracts]]\nchart = "web"\nworkload = "*"\nchain = ["a.b", "image"]\nfields = ["tag"]\n',
    '[[ignore]]\nrule = "*"\nreason = "a test"\nuntil = 2031-01-31\n',
    '[[image-fields]]\nkind = "Tool"\npath = "spec.image"\n',
    'digest-switch = "imagePolicy.requireDigest"\n',
    "[rules.require-digest]\nallow = [{ match = '*', reason = 'a test' }]\n",
)  # fmt: skip
BROKEN = (
    "select = [",
    'selct = ["a"]\n',
    'select = ["no-such-rule"]\n',
    "exclude = 1\n",
    "[render]\ntimeout = -1\n",
    "[render]\nmemory = 1e400\n",
    '[render]\nbuild-options = ["-o", "x"]\n',
    '[render]\nbuild-options = ["--no-such-option"]\n',
    '[render]\nkube-version = "x"\n',
    '[[groups]]\nname = ""\nimages = []\n',
    '[[contracts]]\nworkload = "x"\nchain = ["a..b"]\nchart = "web"\n',
    "[[ignore]]\nrule = '*'\nreason = ''\n",
    '[[image-fields]]\nkind = "Tool"\npath = "..[]"\n',
    'baseline = "none.json"\n',
    'plugins = ["none.py"]\n',
    '[rules.require-digest]\nlevel = "loud"\n',
)


@st.composite
def configurations(draw: st.DrawFn) -> bytes | None:
    """The bytes of .agentslint.toml."""
    if not draw(chance(0.5)):
        return None
    text = draw(st.sampled_from(VALID))
    if draw(chance(0.2)):
        text = draw(st.sampled_from(BROKEN))
    elif draw(chance(0.2)):
        text += draw(st.sampled_from(VALID))
    elif draw(chance(0.1)):
        text += f"x = {draw(ODD)}\n"
    return draw(content(text, 0.05))

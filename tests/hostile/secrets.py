"""Secrets in reports: every place in which a snippet, a message or a path may show one."""

from __future__ import annotations

import json

from tests.hostile.attack import Build, Manner, attack, family
from tests.hostile.scene import FLOATING, QUIET, SECRET, Scene, pod

GENERATED = {
    "literal": "secretGenerator:\n- name: s\n  literals: [token={secret}]\n",
    "literal_without_equals": "secretGenerator:\n- name: s\n  literals: ['{secret}']\n",
    "literal_of_equals_alone": "secretGenerator:\n- name: s\n  literals: ['={secret}']\n",
    "flow": "{{secretGenerator: [{{name: s, literals: ['token={secret}']}}], resources: [web.yaml], "
        "images: [{{name: nginx, newTag: latest}}]}}\n",
    "flow_over_lines": "{{\n  secretGenerator: [{{name: s,\n    literals: ['token={secret}']}}],\n"
        "  images: [{{name: nginx, newTag: latest}}],\n  resources: [web.yaml]}}\n",
    "flow_entries": "resources: [web.yaml]\nimages: [{{name: nginx, newTag: latest}}]\nsecretGenerator: [{{name: s, "
        "literals: ['token={secret}']}}]\n",
    "upper_case": "resources: [web.yaml]\nSECRETGENERATOR: [{{name: s, literals: ['{secret}']}}]\n",
    "escaped_key": 'resources: [web.yaml]\n"secret\\x47enerator": [{{name: s, literals: [\'{secret}\']}}]\n',
    "complex_key": "resources: [web.yaml]\n? secretGenerator\n: - name: s\n    literals: ['{secret}']\n",
    "envs": "secretGenerator:\n- name: s\n  envs: [vars]\n",
    "twice": "secretGenerator:\n- name: s\n  literals: ['a={secret}', 'a={secret}']\n",
    "wrong_type": "secretGenerator:\n- name: s\n  literals: {{token: {secret}}}\n",
    "unknown_field": "secretGenerator:\n- name: s\n  literal: ['{secret}']\n",
    "wrong_kind": "secretGenerator: '{secret}'\n",
    "plugin_in_place": "generators:\n- |-\n  apiVersion: builtin\n  kind: SecretGenerator\n  metadata: {{name: s}}\n"
        "  literals: ['{secret}']\n",
    "patch_of_a_secret": "resources: [web.yaml]\npatches:\n- patch: |-\n    apiVersion: v1\n    kind: Secret\n"
        "    metadata: {{name: none}}\n    stringData: {{token: {secret}}}\n",
    "json_patch_of_a_secret": "resources: [web.yaml]\npatches:\n- target: {{kind: Secret}}\n"
        "  patch: '[{{\"op\": \"add\", \"path\": \"/stringData/a\", \"value\": \"{secret}\"]'\n",
}  # fmt: skip


def _kustomization(text: str) -> Build:
    def build(scene: Scene) -> None:
        """A kustomization makes a Secret; what is wrong with it or beside it is shown without the value."""
        scene.write(
            {
                "app/kustomization.yaml": text.format(secret=SECRET),
                "app/web.yaml": pod(FLOATING),
                "app/vars": f"bad line {SECRET}\n={SECRET}\n",
            }
        )

    return build


def _json(scene: Scene) -> None:
    """The same kustomization as JSON on one line."""
    made = [{"name": "s", "literals": [f"token={SECRET}"]}]
    text = json.dumps({"secretGenerator": made, "images": [{"name": "nginx", "newTag": "latest"}], "resources": ["web.yaml"]})
    scene.write({"app/kustomization.yaml": text, "app/web.yaml": pod("nginx")})


family(
    [("json", _json), *((name, _kustomization(text)) for name, text in GENERATED.items())], Manner.FOLDER, Manner.DIFF, Manner.OFFLINE
)  # fmt: skip

URLS = {
    "user": "resources: ['https://user:{secret}@127.0.0.1:9/a.yaml']\n",
    "user_alone": "resources: ['https://{secret}@127.0.0.1:9/a.yaml']\n",
    "query": "resources: ['https://127.0.0.1:9/a.yaml?token={secret}']\n",
    "query_of_git": "resources: ['git::https://127.0.0.1:9/r.git?ref=main&access_token={secret}']\n",
    "chart": "helmCharts: [{{name: a, version: 1.0.0, repo: 'https://user:{secret}@127.0.0.1:9'}}]\n",
    "chart_query": "helmCharts: [{{name: a, version: 1.0.0, repo: 'https://127.0.0.1:9/?private_token={secret}'}}]\n",
    "component": "components: ['https://user:{secret}@127.0.0.1:9/r.git?ref=main']\nresources: [web.yaml]\n",
    "remote_shell": "resources: ['ssh://git:{secret}@127.0.0.1:9/r.git?ref=main']\n",
    "beside_a_finding": "resources: [web.yaml]\nimages: [{{name: nginx, newTag: latest}}] # https://user:{secret}@127.0.0.1/\n",
    "patch": "resources: [web.yaml]\npatches: [{{path: 'https://user:{secret}@127.0.0.1:9/p.yaml'}}]\n",
    "port_that_is_none": "resources: ['https://user:{secret}@127.0.0.1:x/a.yaml']\n",
    "upper_case": "resources: ['HTTPS://user:{secret}@127.0.0.1:9/a.yaml']\n",
}


def _url(text: str) -> Build:
    def build(scene: Scene) -> None:
        """A URL holds a password or a token; where it fails, it is shown without."""
        scene.write({"app/kustomization.yaml": text.format(secret=SECRET), "app/web.yaml": pod("nginx")})

    return build


family([(f"url_{name}", _url(text)) for name, text in URLS.items()], Manner.FOLDER, Manner.OFFLINE)

BROKEN = {
    "indentation": "stringData:\n  password: {secret}\n password: {secret}\n",
    "tabulator": "stringData:\n\tpassword: {secret}\n",
    "text_for_a_mapping": "stringData: {secret}\n",
    "numbers": "data: {{a: [{secret}], b: {{c: {secret}}}}}\n",
    "open_quote": 'stringData: {{a: "{secret}\n',
    "anchor": "stringData: {{a: *{secret}}}\n",
    "tag": "stringData: {{a: !<{secret}> b}}\n",
    "no_base64": "data: {{image: '{secret}!'}}\n",
    "image": "stringData: {{image: 'nginx:{secret}'}}\n",
}


def _broken(text: str) -> Build:
    def build(scene: Scene) -> None:
        """A Secret is broken: the complaint does not quote it."""
        secret = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{text.format(secret=SECRET)}"
        scene.write(
            {"app/kustomization.yaml": "resources: [s.yaml]\n", "app/s.yaml": secret, "plain/s.yaml": secret, "plain/web.yaml": QUIET}
        )

    return build


family([(f"broken_{name}", _broken(text)) for name, text in BROKEN.items()], Manner.ROOT, Manner.DIFF)


@attack(Manner.FOLDER)
def environment_of_a_template(scene: Scene) -> None:
    """A template asks for variables of the environment."""
    scene.chart(template=pod('nginx:{{ env "GITHUB_TOKEN" }}{{ expandenv "$GITHUB_TOKEN" }}'))


@attack(Manner.FOLDER)
def environment_of_a_generator(scene: Scene) -> None:
    """A generator takes variables of the environment by name alone, as docker does."""
    scene.kustomization("configMapGenerator:\n- name: e\n  envs: [vars]\n", vars="GITHUB_TOKEN\nAWS_SECRET_ACCESS_KEY\n", web__yaml=pod())


@attack(Manner.FOLDER)
def images_from_the_environment(scene: Scene) -> None:
    """A ConfigMap that an environment fills decides an image."""
    text = (
        "resources: [web.yaml]\nconfigMapGenerator:\n- name: e\n  envs: [vars]\nreplacements:\n"
        "- source: {kind: ConfigMap, fieldPath: data.GITHUB_TOKEN}\n"
    )
    text += "  targets: [{select: {kind: Pod}, fieldPaths: ['spec.containers.0.image']}]\n"
    scene.kustomization(text, vars="GITHUB_TOKEN\n", web__yaml=pod())

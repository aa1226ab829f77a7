"""The file that `agentslint config init` writes."""

STARTER = """\
# agentslint: https://github.com/agentslint/agentslint/tree/main/docs/configuration.md
# Everything here is optional; each line that is commented out shows an example.

# exclude = ["argocd/archive/"]
# fail-on = "warning"

# [[environments]]
# name = "production"
# paths = ["argocd/applications/*"]

# [rules.require-digest]
# environments = ["production"]
# allow = [{ match = "docker.io/library/*", reason = "mirrored and scanned nightly" }]

# [[groups]]
# name = "agents"
# images = ["ghcr.io/acme/agents*"]
# source = "../agents"                  # a clone of the code whose commits the tags name
# order = [{ workloads = ["*/agents-controllers"] }, { workloads = ["*/agents"] }]   # who is promoted first

# [[ignore]]
# rule = "require-digest"
# resource = "Deployment/alloy"
# reason = "the vendor publishes no digest"
# until = "2027-01-31"

# [[assert]]                            # a condition of your own in CEL; needs agentslint-gitops[cel]
# name = "two-replicas"
# match = { kinds = ["Deployment"] }
# that = "object.spec.replicas >= 2"
# message = "{object.spec.replicas} replicas; run two"

# [render]
# build-options = ["--load-restrictor", "LoadRestrictionsNone"]
# kube-version = "1.34"
"""

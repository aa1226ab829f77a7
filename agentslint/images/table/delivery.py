"""Workflows, rollouts, pipelines, serverless and packages: Argo, Tekton, Knative, KEDA, Crossplane, runners."""

from __future__ import annotations

from agentslint.images.table.entries import container, containers, image, manifests, parameters, pods, resource, under

_ARGO = "https://argo-workflows.readthedocs.io/en/latest/fields/"
_ROLLOUTS = "https://argo-rollouts.readthedocs.io/en/stable/features/"
_EVENTS = "https://argoproj.github.io/argo-events/"
_TEKTON = "https://tekton.dev/docs/pipelines/pipeline-api/"
_KNATIVE = "https://knative.dev/docs/serving/reference/serving-api/"
_CROSSPLANE = "https://docs.crossplane.io/latest/packages/"

_TEMPLATE = [
    *containers("initContainers"),
    *container("container script"),
    *containers("containerSet.containers sidecars"),
    *parameters("inputs.parameters"),
]
_WORKFLOW = [
    *(entry._replace(pod="spec") for entry in under("spec.templates[] spec.templateDefaults", _TEMPLATE)),
    *container("spec.executorPlugins[].spec.sidecar.container", pod="spec"),
    *parameters("spec.arguments.parameters"),
]
_CRON_WORKFLOW = [
    entry._replace(path=entry.path.replace("spec.", "spec.workflowSpec.", 1), pod="spec.workflowSpec" if entry.pod else "")
    for entry in _WORKFLOW
]
_STEPS = [*containers("steps sidecars"), *container("stepTemplate"), *parameters("params")]
_INLINE_TASKS = under("tasks[].taskSpec finally[].taskSpec", _STEPS)

ROWS = (
    *resource("argoproj.io", "Workflow WorkflowTemplate ClusterWorkflowTemplate", _ARGO, _WORKFLOW),
    *resource("argoproj.io", "CronWorkflow", _ARGO, _CRON_WORKFLOW),
    *resource("argoproj.io", "Rollout", f"{_ROLLOUTS}specification/", pods("spec.template.spec")),
    *resource("argoproj.io", "Experiment", f"{_ROLLOUTS}experiment/", pods("spec.templates[].template.spec")),
    *resource(
        "argoproj.io",
        "AnalysisTemplate ClusterAnalysisTemplate AnalysisRun",
        f"{_ROLLOUTS}analysis/",
        pods("spec.metrics[].provider.job.spec.template.spec"),
    ),
    *resource(
        "argoproj.io", "EventSource", f"{_EVENTS}eventsources/specification/", container("spec.template.container", pod="spec.template")
    ),
    *resource(
        "argoproj.io",
        "Sensor",
        f"{_EVENTS}sensors/triggers/k8s-object-trigger/",
        container("spec.template.container", pod="spec.template"),
        manifests("spec.triggers[].template.k8s.source.resource spec.triggers[].template.argoWorkflow.source.resource"),
    ),
    *resource("tekton.dev", "Task ClusterTask", _TEKTON, under("spec", _STEPS)),
    *resource("tekton.dev", "StepAction", _TEKTON, container("spec"), parameters("spec.params")),
    *resource("tekton.dev", "Pipeline", _TEKTON, under("spec", _INLINE_TASKS), parameters("spec.params")),
    *resource("tekton.dev", "TaskRun", _TEKTON, under("spec.taskSpec", _STEPS), parameters("spec.params")),
    *resource("tekton.dev", "PipelineRun", _TEKTON, under("spec.pipelineSpec", _INLINE_TASKS), parameters("spec.params")),
    *resource(
        "triggers.tekton.dev",
        "TriggerTemplate",
        "https://tekton.dev/docs/triggers/triggertemplates/",
        manifests("spec.resourcetemplates[]"),
        parameters("spec.params"),
    ),
    *resource("serving.knative.dev", "Service Configuration", _KNATIVE, pods("spec.template.spec")),
    *resource("serving.knative.dev", "Revision", _KNATIVE, pods("spec")),
    *resource("caching.internal.knative.dev", "Image", "https://github.com/knative/caching", image("spec.image", pod="spec")),
    *resource(
        "sources.knative.dev",
        "ContainerSource",
        "https://knative.dev/docs/eventing/custom-event-source/containersource/",
        pods("spec.template.spec"),
    ),
    *resource("keda.sh", "ScaledJob", "https://keda.sh/docs/latest/reference/scaledjob-spec/", pods("spec.jobTargetRef.template.spec")),
    *resource("pkg.crossplane.io", "Provider", f"{_CROSSPLANE}providers/", image("spec.package")),
    *resource("pkg.crossplane.io", "Function", f"{_CROSSPLANE}functions/", image("spec.package")),
    *resource("pkg.crossplane.io", "Configuration", f"{_CROSSPLANE}configurations/", image("spec.package")),
    *resource(
        "pkg.crossplane.io",
        "DeploymentRuntimeConfig",
        f"{_CROSSPLANE}providers/#runtime-configuration",
        pods("spec.deploymentTemplate.spec.template.spec"),
    ),
    *resource(
        "actions.github.com",
        "AutoscalingRunnerSet",
        "https://docs.github.com/en/actions/tutorials/use-actions-runner-controller/deploy-runner-scale-sets",
        pods("spec.template.spec spec.listenerTemplate.spec"),
    ),
    *resource(
        "actions.summerwind.dev",
        "RunnerDeployment RunnerReplicaSet",
        "https://github.com/actions/actions-runner-controller/blob/master/docs/about-arc.md",
        image("spec.template.spec.image", pod="spec.template.spec"),
        pods("spec.template.spec"),
        containers("spec.template.spec.sidecarContainers", pod="spec.template.spec"),
    ),
    *resource(
        "upgrade.cattle.io",
        "Plan",
        "https://github.com/rancher/system-upgrade-controller",
        container("spec.prepare spec.upgrade", pod="spec"),
    ),
    *resource("helm.cattle.io", "HelmChart", "https://docs.k3s.io/add-ons/helm", image("spec.jobImage")),
    *resource(
        "operators.coreos.com",
        "CatalogSource",
        "https://olm.operatorframework.io/docs/concepts/crds/catalogsource/",
        image("spec.image"),
    ),
    *resource(
        "operators.coreos.com",
        "ClusterServiceVersion",
        "https://olm.operatorframework.io/docs/concepts/crds/clusterserviceversion/",
        pods("spec.install.spec.deployments[].spec.template.spec"),
        image("spec.relatedImages[].image"),
    ),
)

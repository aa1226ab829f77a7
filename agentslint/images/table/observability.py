"""Metrics, logs, traces and dashboards."""

from __future__ import annotations

from agentslint.images.table.entries import container, containers, image, long_image, parts, pods, resource, under

_PROMETHEUS = "https://prometheus-operator.dev/docs/api-reference/api/"
_PROMETHEUS_CHOOSES = "the Prometheus operator chooses the image by the version"
_OTEL = "https://github.com/open-telemetry/opentelemetry-operator/tree/main/docs/api"
_OTEL_CHOOSES = "the OpenTelemetry operator chooses the image"
_VICTORIA = "https://docs.victoriametrics.com/operator/api/"
_LOGGING = "https://kube-logging.dev/docs/configuration/crds/v1beta1/"
_FLUENT = "https://github.com/fluent/fluent-operator"
_JAEGER = "https://www.jaegertracing.io/docs/1.76/deployment/operator/"
_FLUENTBIT = "image bufferVolumeImage configHotReload.image"
_FLUENTD = "image bufferVolumeImage configReloaderImage volumeModImage scaling.drain.image scaling.drain.pauseImage"
_SYSLOG_NG = "syslogNGImage configReloadImage metricsExporterImage bufferVolumeMetricsImage"

ROWS = (
    *resource(
        "monitoring.coreos.com",
        "Prometheus PrometheusAgent Alertmanager",
        _PROMETHEUS,
        image("spec.image", _PROMETHEUS_CHOOSES, unless="spec.baseImage", pod="spec"),
        pods("spec"),
    ),
    *resource(
        "monitoring.coreos.com",
        "Prometheus",
        _PROMETHEUS,
        image("spec.thanos.image", _PROMETHEUS_CHOOSES, unless="spec.thanos.baseImage", pod="spec"),
    ),
    *resource("monitoring.coreos.com", "ThanosRuler", _PROMETHEUS, image("spec.image", _PROMETHEUS_CHOOSES, pod="spec"), pods("spec")),
    *resource(
        "grafana.integreatly.org",
        "Grafana",
        "https://grafana.github.io/grafana-operator/docs/api/",
        pods("spec.deployment.spec.template.spec"),
        long_image("spec.version"),
    ),
    *resource(
        "monitoring.grafana.com",
        "GrafanaAgent",
        "https://grafana.com/docs/agent/latest/operator/api/",
        image("spec.image", pod="spec"),
        pods("spec"),
    ),
    *resource(
        "opentelemetry.io",
        "OpenTelemetryCollector TargetAllocator",
        _OTEL,
        image("spec.image", _OTEL_CHOOSES),
        containers("spec.initContainers spec.additionalContainers"),
    ),
    *resource("opentelemetry.io", "OpenTelemetryCollector", _OTEL, image("spec.targetAllocator.image")),
    *resource("opentelemetry.io", "OpAMPBridge", _OTEL, image("spec.image", _OTEL_CHOOSES)),
    *resource(
        "opentelemetry.io",
        "Instrumentation",
        _OTEL,
        image(
            "spec.java.image spec.nodejs.image spec.python.image spec.dotnet.image spec.go.image spec.apacheHttpd.image spec.nginx.image"
        ),
        image("spec.java.extensions[].image"),
    ),
    *resource(
        "jaegertracing.io",
        "Jaeger",
        _JAEGER,
        image("spec.allInOne.image spec.agent.image spec.collector.image spec.ingester.image spec.query.image"),
        image("spec.storage.dependencies.image spec.storage.esIndexCleaner.image spec.storage.esRollover.image"),
        image("spec.storage.cassandraCreateSchema.image spec.storage.grpcPlugin.image spec.storage.elasticsearch.image"),
    ),
    *resource(
        "operator.victoriametrics.com",
        "VMAgent VMAlert VMAlertmanager VMAuth VMSingle VLSingle VLAgent VTSingle VMAnomaly",
        _VICTORIA,
        parts("spec.image", "the VictoriaMetrics operator chooses the image", pod="spec"),
        containers("spec.initContainers spec.containers", pod="spec"),
    ),
    *resource(
        "operator.victoriametrics.com",
        "VMAgent VMAlertmanager VMAuth",
        _VICTORIA,
        image("spec.configReloaderImage", pod="spec"),
    ),
    *resource("operator.victoriametrics.com", "VMSingle", _VICTORIA, parts("spec.vmBackup.image", pod="spec")),
    *resource(
        "operator.victoriametrics.com",
        "VMCluster",
        _VICTORIA,
        parts("spec.vmselect.image spec.vminsert.image spec.vmstorage.image spec.vmstorage.vmBackup.image", pod="spec"),
    ),
    *resource(
        "operator.victoriametrics.com",
        "VLCluster",
        _VICTORIA,
        parts("spec.vlselect.image spec.vlinsert.image spec.vlstorage.image", pod="spec"),
    ),
    *resource(
        "operator.victoriametrics.com",
        "VTCluster",
        _VICTORIA,
        parts("spec.select.image spec.insert.image spec.storage.image", pod="spec"),
    ),
    *resource(
        "logging.banzaicloud.io",
        "Logging",
        f"{_LOGGING}logging_types/",
        under("spec.fluentd", parts(_FLUENTD)),
        under("spec.fluentbit", parts(_FLUENTBIT)),
        under("spec.syslogNG", parts(_SYSLOG_NG)),
        containers("spec.fluentd.sidecarContainers"),
        pods("spec.syslogNG.statefulSet.spec.template.spec spec.nodeAgents[].nodeAgentFluentbit.daemonSet.spec.template.spec"),
    ),
    *resource("logging.banzaicloud.io", "FluentbitAgent", _LOGGING, under("spec", parts(_FLUENTBIT))),
    *resource("logging.banzaicloud.io", "FluentdConfig", _LOGGING, under("spec", parts(_FLUENTD)), containers("spec.sidecarContainers")),
    *resource(
        "logging.banzaicloud.io",
        "SyslogNGConfig",
        _LOGGING,
        under("spec", parts(_SYSLOG_NG)),
        pods("spec.statefulSet.spec.template.spec"),
    ),
    *resource(
        "fluentbit.fluent.io",
        "FluentBit Collector",
        _FLUENT,
        image("spec.image", pod="spec"),
    ),
    *resource("fluentbit.fluent.io", "FluentBit", _FLUENT, containers("spec.initContainers", pod="spec")),
    *resource(
        "fluentd.fluent.io",
        "Fluentd",
        _FLUENT,
        image("spec.image", pod="spec"),
    ),
    *resource(
        "datadoghq.com",
        "DatadogAgent",
        "https://github.com/DataDog/datadog-operator/blob/main/docs/configuration.v2alpha1.md",
        long_image("spec.override.*.image.name spec.global.fips.image.name"),
    ),
    *resource(
        "dynatrace.com",
        "DynaKube",
        "https://docs.dynatrace.com/docs/ingest-from/setup-on-k8s/reference/dynakube-parameters",
        image("spec.activeGate.image spec.oneAgent.classicFullStack.image spec.oneAgent.cloudNativeFullStack.image"),
        image("spec.oneAgent.hostMonitoring.image spec.oneAgent.cloudNativeFullStack.codeModulesImage"),
        image("spec.oneAgent.applicationMonitoring.codeModulesImage"),
        parts("spec.templates.logMonitoring.imageRef spec.templates.otelCollector.imageRef"),
        parts("spec.templates.extensionExecutionController.imageRef spec.templates.kspmNodeConfigurationCollector.imageRef"),
    ),
    *resource(
        "k6.io",
        "TestRun K6",
        "https://grafana.com/docs/k6/latest/set-up/set-up-distributed-k6/",
        container("spec.runner spec.initializer spec.starter"),
    ),
)

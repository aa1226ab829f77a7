"""Brokers and streams: Strimzi, RabbitMQ, EMQX, Confluent, Redpanda."""

from __future__ import annotations

from agentslint.images.table.entries import containers, image, parts, pods, resource

_STRIMZI = "https://strimzi.io/docs/operators/latest/configuring.html"
_BY_VERSION = "the Strimzi operator chooses the image by the Kafka version"
_BY_OPERATOR = "the Strimzi operator chooses the image"
_EMQX = "https://docs.emqx.com/en/emqx-operator/latest/reference/v2beta1-reference.html"
_CONFLUENT = "https://docs.confluent.io/operator/current/co-api.html"

ROWS = (
    *resource(
        "kafka.strimzi.io",
        "Kafka",
        _STRIMZI,
        image("spec.kafka.image", _BY_VERSION),
        image("spec.zookeeper.image spec.cruiseControl.image spec.kafkaExporter.image", _BY_OPERATOR),
        image("spec.entityOperator.topicOperator.image spec.entityOperator.userOperator.image", _BY_OPERATOR),
        image(
            "spec.kafka.brokerRackInitImage spec.entityOperator.tlsSidecar.image spec.cruiseControl.tlsSidecar.image spec.jmxTrans.image"
        ),
    ),
    *resource(
        "kafka.strimzi.io",
        "KafkaConnect",
        _STRIMZI,
        image("spec.image", _BY_VERSION, unless="spec.build"),
        image("spec.clientRackInitImage"),
    ),
    *resource(
        "kafka.strimzi.io",
        "KafkaMirrorMaker2",
        _STRIMZI,
        image("spec.image", _BY_VERSION),
        image("spec.clientRackInitImage"),
    ),
    *resource("kafka.strimzi.io", "KafkaMirrorMaker", _STRIMZI, image("spec.image", _BY_VERSION)),
    *resource("kafka.strimzi.io", "KafkaBridge", _STRIMZI, image("spec.image", _BY_OPERATOR), image("spec.clientRackInitImage")),
    *resource(
        "rabbitmq.com",
        "RabbitmqCluster",
        "https://www.rabbitmq.com/kubernetes/operator/using-operator",
        image("spec.image", "the RabbitMQ Cluster Operator chooses the image", pod="spec"),
        image("spec.secretBackend.vault.defaultUserUpdaterImage", pod="spec"),
        pods("spec.override.statefulSet.spec.template.spec"),
    ),
    *resource(
        "apps.emqx.io",
        "EMQX",
        _EMQX,
        image("spec.image", pod="spec"),
        containers("spec.coreTemplate.spec.initContainers spec.coreTemplate.spec.extraContainers", pod="spec"),
        containers("spec.replicantTemplate.spec.initContainers spec.replicantTemplate.spec.extraContainers", pod="spec"),
    ),
    *resource(
        "platform.confluent.io",
        "Kafka Zookeeper KRaftController Connect SchemaRegistry KsqlDB ControlCenter KafkaRestProxy",
        _CONFLUENT,
        image("spec.image.application spec.image.init"),
    ),
    *resource("platform.confluent.io", "Kafka KRaftController", _CONFLUENT, image("spec.services.observer.image")),
    *resource(
        "platform.confluent.io",
        "ControlCenter",
        _CONFLUENT,
        image("spec.services.alertmanager.image spec.services.prometheus.image"),
    ),
    *resource(
        "cluster.redpanda.com",
        "Redpanda",
        "https://docs.redpanda.com/current/reference/k-crd/",
        parts("spec.clusterSpec.image spec.clusterSpec.statefulset.initContainerImage spec.clusterSpec.statefulset.sideCars.image"),
        parts("spec.clusterSpec.statefulset.sideCars.controllers.image spec.clusterSpec.connectors.image"),
        pods("spec.clusterSpec.statefulset.podTemplate.spec"),
        pods("spec.clusterSpec.post_install_job.podTemplate.spec spec.clusterSpec.post_upgrade_job.podTemplate.spec"),
    ),
)

"""Machine learning and batch: KServe, Kubeflow, Ray, Spark, Flink, JobSet, Volcano."""

from __future__ import annotations

from agentslint.images.table.entries import container, containers, image, pods, resource, under

_KSERVE = "https://kserve.github.io/website/docs/reference/crd-api"
_TRAINING = "https://www.kubeflow.org/docs/components/trainer/legacy-v1/"
_TRAINER = "https://www.kubeflow.org/docs/components/trainer/"
_RAY = "https://ray-project.github.io/kuberay/reference/api/"
_SPARK = "https://github.com/kubeflow/spark-operator/blob/master/docs/api-docs.md"
_MODEL_SERVERS = "model huggingface lightgbm onnx paddle pmml pytorch sklearn tensorflow triton xgboost"

_RAY_CLUSTER = [
    *pods("headGroupSpec.template.spec workerGroupSpecs[].template.spec"),
    *image("autoscalerOptions.image historyServerOptions.collectorOptions.image"),
]
_SPARK_APPLICATION = [
    *image("image driver.image executor.image"),
    *containers("driver.initContainers driver.sidecars executor.initContainers executor.sidecars"),
]
_REPLICATED_JOBS = "replicatedJobs[].template.spec.template.spec"

ROWS = (
    *resource(
        "serving.kserve.io",
        "InferenceService",
        _KSERVE,
        pods("spec.predictor spec.transformer spec.explainer spec.predictor.workerSpec"),
        under("spec.predictor", container(_MODEL_SERVERS)),
        container("spec.explainer.art"),
    ),
    *resource("serving.kserve.io", "ServingRuntime ClusterServingRuntime", _KSERVE, pods("spec spec.workerSpec")),
    *resource(
        "serving.kserve.io",
        "LLMInferenceService LLMInferenceServiceConfig",
        _KSERVE,
        pods("spec.template spec.worker spec.prefill.template spec.prefill.worker spec.router.scheduler.template"),
    ),
    *resource("serving.kserve.io", "ClusterStorageContainer", _KSERVE, container("spec.container")),
    *resource("kubeflow.org", "TFJob", _TRAINING, pods("spec.tfReplicaSpecs.*.template.spec")),
    *resource("kubeflow.org", "PyTorchJob", _TRAINING, pods("spec.pytorchReplicaSpecs.*.template.spec")),
    *resource("kubeflow.org", "XGBoostJob", _TRAINING, pods("spec.xgbReplicaSpecs.*.template.spec")),
    *resource("kubeflow.org", "PaddleJob", _TRAINING, pods("spec.paddleReplicaSpecs.*.template.spec")),
    *resource("kubeflow.org", "JAXJob", _TRAINING, pods("spec.jaxReplicaSpecs.*.template.spec")),
    *resource("kubeflow.org", "MPIJob", _TRAINING, pods("spec.mpiReplicaSpecs.*.template.spec")),
    *resource("kubeflow.org", "Notebook", "https://www.kubeflow.org/docs/components/notebooks/", pods("spec.template.spec")),
    *resource(
        "trainer.kubeflow.org", "TrainingRuntime ClusterTrainingRuntime", _TRAINER, under("spec.template.spec", pods(_REPLICATED_JOBS))
    ),
    *resource("trainer.kubeflow.org", "TrainJob", _TRAINER, image("spec.trainer.image")),
    *resource(
        "jobset.x-k8s.io", "JobSet", "https://jobset.sigs.k8s.io/docs/reference/jobset.v1alpha2/", under("spec", pods(_REPLICATED_JOBS))
    ),
    *resource(
        "leaderworkerset.x-k8s.io",
        "LeaderWorkerSet",
        "https://lws.sigs.k8s.io/docs/reference/leaderworkerset.v1/",
        pods("spec.leaderWorkerTemplate.leaderTemplate.spec spec.leaderWorkerTemplate.workerTemplate.spec"),
    ),
    *resource(
        "kueue.x-k8s.io", "Workload", "https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta1/", pods("spec.podSets[].template.spec")
    ),
    *resource("ray.io", "RayCluster", _RAY, under("spec", _RAY_CLUSTER)),
    *resource("ray.io", "RayJob", _RAY, under("spec.rayClusterSpec", _RAY_CLUSTER), pods("spec.submitterPodTemplate.spec")),
    *resource("ray.io", "RayService", _RAY, under("spec.rayClusterConfig", _RAY_CLUSTER)),
    *resource(
        "ray.io",
        "RayCronJob",
        _RAY,
        under("spec.jobTemplate.rayClusterSpec", _RAY_CLUSTER),
        pods("spec.jobTemplate.submitterPodTemplate.spec"),
    ),
    *resource("sparkoperator.k8s.io", "SparkApplication", _SPARK, under("spec", _SPARK_APPLICATION)),
    *resource("sparkoperator.k8s.io", "ScheduledSparkApplication", _SPARK, under("spec.template", _SPARK_APPLICATION)),
    *resource(
        "flink.apache.org",
        "FlinkDeployment",
        "https://nightlies.apache.org/flink/flink-kubernetes-operator-docs-stable/docs/custom-resource/reference/",
        image("spec.image"),
        pods("spec.podTemplate.spec spec.jobManager.podTemplate.spec spec.taskManager.podTemplate.spec"),
    ),
    *resource("batch.volcano.sh", "Job", "https://volcano.sh/en/docs/vcjob/", pods("spec.tasks[].template.spec")),
    *resource(
        "machinelearning.seldon.io",
        "SeldonDeployment",
        "https://docs.seldon.ai/seldon-core-1/reference/seldon-deployment-crd",
        pods("spec.predictors[].componentSpecs[].spec"),
    ),
)

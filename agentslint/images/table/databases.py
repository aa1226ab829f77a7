"""Databases, caches and search engines that operators run."""

from __future__ import annotations

from agentslint.images.table.entries import containers, image, parts, pods, resource, under

_CNPG = "https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/"
_PGO = "https://access.crunchydata.com/documentation/postgres-operator/5.8/references/crd/5.1.x/postgrescluster"
_PERCONA = "https://docs.percona.com/percona-operator-for-"
_MARIADB = "https://github.com/mariadb-operator/mariadb-operator/blob/main/docs/api_reference.md"
_OPSTREE = "https://github.com/OT-CONTAINER-KIT/redis-operator"
_TIDB = "https://docs.pingcap.com/tidb-in-kubernetes/stable/configure-a-tidb-cluster/"
_ECK = "https://www.elastic.co/docs/reference/cloud-on-k8s/api-reference/main"
_ECK_CHOOSES = "the ECK operator chooses the image by spec.version"
_PGO_CHOOSES = "the Postgres Operator's own settings choose the image"

_REDIS = [
    *image("spec.kubernetesConfig.image"),
    *image("spec.redisExporter.image spec.initContainer.image"),
    *containers("spec.sidecars"),
]
_REDIS_FAILOVER = [
    *image("image", "the Redis operator chooses the image"),
    *image("exporter.image"),
    *containers("initContainers extraContainers"),
]
_MEMBERS = "sidecars arbiter.sidecars hidden.sidecars nonvoting.sidecars"
_TIDB_COMPONENT = [*image("image"), *containers("initContainers additionalContainers")]

ROWS = (
    *resource(
        "postgresql.cnpg.io",
        "Cluster",
        _CNPG,
        image("spec.imageName", "the CloudNativePG operator chooses the PostgreSQL image", unless="spec.imageCatalogRef", pod="spec"),
        image("spec.postgresql.extensions[].image.reference", pod="spec"),
    ),
    *resource("postgresql.cnpg.io", "ImageCatalog ClusterImageCatalog", _CNPG, image("spec.images[].image spec.componentImages[].image")),
    *resource("postgresql.cnpg.io", "ImageCatalog ClusterImageCatalog", _CNPG, image("spec.images[].extensions[].image.reference")),
    *resource("postgresql.cnpg.io", "Pooler", _CNPG, pods("spec.template.spec")),
    *resource(
        "acid.zalan.do",
        "postgresql",
        "https://postgres-operator.readthedocs.io/en/latest/reference/cluster_manifest/",
        image("spec.dockerImage", "the Postgres operator chooses the Spilo image"),
        image("spec.connectionPooler.dockerImage"),
        containers("spec.sidecars spec.initContainers spec.init_containers"),
    ),
    *resource(
        "postgres-operator.crunchydata.com",
        "PostgresCluster",
        _PGO,
        image("spec.image", _PGO_CHOOSES, pod="spec"),
        image("spec.backups.pgbackrest.image spec.proxy.pgBouncer.image", _PGO_CHOOSES, pod="spec"),
        image("spec.monitoring.pgmonitor.exporter.image spec.userInterface.pgAdmin.image", _PGO_CHOOSES, pod="spec"),
        image("spec.instrumentation.image", pod="spec"),
        containers("spec.instances[].containers spec.proxy.pgBouncer.containers", pod="spec"),
    ),
    *resource("postgres-operator.crunchydata.com", "PGAdmin PGUpgrade", _PGO, image("spec.image", _PGO_CHOOSES, pod="spec")),
    *resource(
        "pg*.percona.com",
        "PerconaPGCluster",
        f"{_PERCONA}postgresql/2.0/operator.html",
        image("spec.image spec.backups.pgbackrest.image spec.proxy.pgBouncer.image spec.pmm.image", pod="spec"),
        containers("spec.instances[].sidecars spec.proxy.pgBouncer.sidecars", pod="spec"),
    ),
    *resource(
        "pxc.percona.com",
        "PerconaXtraDBCluster",
        f"{_PERCONA}mysql/pxc/operator.html",
        image("spec.pxc.image spec.haproxy.image spec.proxysql.image spec.backup.image spec.pmm.image spec.logcollector.image"),
        image("spec.initContainer.image spec.initImage"),
        containers("spec.pxc.sidecars spec.haproxy.sidecars spec.proxysql.sidecars"),
    ),
    *resource(
        "ps.percona.com",
        "PerconaServerMySQL",
        f"{_PERCONA}mysql/ps/operator.html",
        image("spec.mysql.image spec.proxy.haproxy.image spec.proxy.router.image spec.orchestrator.image spec.backup.image"),
        image("spec.pmm.image spec.toolkit.image spec.initImage spec.mysql.initImage spec.backup.initImage spec.orchestrator.initImage"),
        image("spec.proxy.haproxy.initImage spec.proxy.router.initImage"),
        containers("spec.mysql.sidecars"),
    ),
    *resource(
        "psmdb.percona.com",
        "PerconaServerMongoDB",
        f"{_PERCONA}mongodb/operator.html",
        image("spec.image spec.backup.image spec.pmm.image spec.logcollector.image spec.initImage", pod="spec"),
        under("spec.replsets[] spec.sharding.configsvrReplSet", containers(_MEMBERS)),
        containers("spec.sharding.mongos.sidecars", pod="spec"),
    ),
    *resource(
        "k8s.mariadb.com",
        "MariaDB",
        _MARIADB,
        image("spec.image", "the MariaDB operator chooses the image", pod="spec"),
        image("spec.galera.agent.image spec.galera.initContainer.image spec.replication.agent.image spec.replication.initContainer.image"),
        image("spec.metrics.exporter.image"),
        containers("spec.initContainers spec.sidecarContainers", pod="spec"),
    ),
    *resource(
        "k8s.mariadb.com",
        "MaxScale",
        _MARIADB,
        image("spec.image", "the MariaDB operator chooses the image", pod="spec"),
        image("spec.metrics.exporter.image"),
    ),
    *resource(
        "mysql.presslabs.org",
        "MysqlCluster",
        "https://github.com/bitpoke/mysql-operator",
        image("spec.image"),
        containers("spec.podSpec.containers spec.podSpec.initContainers", pod="spec.podSpec"),
    ),
    *resource(
        "mysql.oracle.com",
        "InnoDBCluster",
        "https://dev.mysql.com/doc/mysql-operator/en/mysql-operator-properties.html",
        pods("spec.podSpec spec.router.podSpec"),
        image("spec.logs.collector.image spec.metrics.image", pod="spec"),
    ),
    *resource(
        "mongodbcommunity.mongodb.com",
        "MongoDBCommunity",
        "https://github.com/mongodb/mongodb-kubernetes",
        pods("spec.statefulSet.spec.template.spec"),
    ),
    *resource("redis.redis.opstreelabs.in", "Redis RedisCluster RedisReplication RedisSentinel", _OPSTREE, _REDIS),
    *resource(
        "databases.spotahome.com",
        "RedisFailover",
        "https://github.com/spotahome/redis-operator",
        under("spec.redis spec.sentinel", _REDIS_FAILOVER),
    ),
    *resource(
        "dragonflydb.io",
        "Dragonfly",
        "https://www.dragonflydb.io/docs/managing-dragonfly/operator/dragonfly-configuration",
        image("spec.image", "the Dragonfly operator chooses the image", pod="spec"),
        containers("spec.initContainers spec.additionalContainers", pod="spec"),
    ),
    *resource(
        "clickhouse.altinity.com",
        "ClickHouseInstallation ClickHouseInstallationTemplate",
        "https://github.com/Altinity/clickhouse-operator/blob/master/docs/custom_resource_explained.md",
        pods("spec.templates.podTemplates[].spec"),
    ),
    *resource(
        "clickhouse-keeper.altinity.com",
        "ClickHouseKeeperInstallation",
        "https://github.com/Altinity/clickhouse-operator/blob/master/docs/custom_resource_explained.md",
        pods("spec.templates.podTemplates[].spec"),
    ),
    *resource(
        "clickhouse.com",
        "ClickHouseCluster KeeperCluster",
        "https://clickhouse.com/docs/clickhouse-operator/reference/api-reference",
        parts("spec.containerTemplate.image"),
    ),
    *resource(
        "druid.apache.org",
        "Druid",
        "https://github.com/datainfrahq/druid-operator",
        image("spec.image spec.nodes.*.image", pod="spec"),
        containers("spec.additionalContainer spec.nodes.*.additionalContainer", pod="spec"),
    ),
    *resource(
        "pingcap.com",
        "TidbCluster",
        _TIDB,
        under("spec.pd spec.tikv spec.tidb spec.tiflash spec.ticdc spec.pump spec.tiproxy spec.discovery", _TIDB_COMPONENT),
        image("spec.helper.image spec.tidb.slowLogTailer.image"),
    ),
    *resource(
        "scylla.scylladb.com",
        "ScyllaCluster",
        "https://operator.docs.scylladb.com/stable/reference/api/groups/scylla.scylladb.com/scyllaclusters.html",
        parts("spec", pod="spec"),
    ),
    *resource(
        "authzed.com",
        "SpiceDBCluster",
        "https://authzed.com/docs/spicedb/ops/operator",
        image("spec.config.image"),
    ),
    *resource(
        "*.k8s.elastic.co",
        "Elasticsearch Kibana ApmServer Beat Agent EnterpriseSearch ElasticMapsServer Logstash",
        _ECK,
        image("spec.image", _ECK_CHOOSES),
    ),
    *resource("elasticsearch.k8s.elastic.co", "Elasticsearch", _ECK, pods("spec.nodeSets[].podTemplate.spec")),
    *resource(
        "*.k8s.elastic.co",
        "Kibana ApmServer EnterpriseSearch ElasticMapsServer Logstash",
        _ECK,
        pods("spec.podTemplate.spec"),
    ),
    *resource("*.k8s.elastic.co", "Beat Agent", _ECK, pods("spec.deployment.podTemplate.spec spec.daemonSet.podTemplate.spec")),
)

# SPDX-License-Identifier: Apache-2.0
"""The field numbers that the daemon was built with are those of every line of Spark that is supported."""

import re
from importlib.metadata import version

import pytest

# pyspark.sql.connect.proto registers its messages here when it is imported.
from google.protobuf import descriptor_pool
from google.protobuf.descriptor_pb2 import FileDescriptorProto

import spark_protos

LINES = spark_protos.lines()
RELATION, COMMAND = "spark.connect.Relation", "spark.connect.Command"
# Fields that the oldest line doesn't have, and the line that brought them. The daemon may see them missing.
SINCE = {
    ("spark.connect.ReleaseSessionRequest", "session_id"): "4.0",
    ("spark.connect.ReleaseSessionRequest", "user_context"): "4.0",
    ("spark.connect.ReleaseSessionRequest", "client_type"): "4.0",
    ("spark.connect.CloneSessionRequest", "client_type"): "4.1",
    ("spark.connect.ExecutePlanResponse", "execution_progress"): "4.0",
    ("spark.connect.ExecutePlanResponse.ExecutionProgress", "stages"): "4.0",
    ("spark.connect.ExecutePlanResponse.ExecutionProgress.StageInfo", "num_tasks"): "4.0",
    ("spark.connect.ExecutePlanResponse.ExecutionProgress.StageInfo", "num_completed_tasks"): "4.0",
    ("spark.connect.AnalyzePlanRequest", "json_to_ddl"): "4.0",
    ("spark.connect.AnalyzePlanRequest", "client_observed_server_side_session_id"): "4.0",
    ("spark.connect.ExecutePlanRequest", "client_observed_server_side_session_id"): "4.0",
    (RELATION, "as_of_join"): "4.0",
    (RELATION, "common_inline_user_defined_data_source"): "4.0",
    (RELATION, "with_relations"): "4.0",
    (RELATION, "transpose"): "4.0",
    (RELATION, "unresolved_table_valued_function"): "4.0",
    (RELATION, "lateral_join"): "4.0",
    (RELATION, "ml_relation"): "4.0",
    (RELATION, "chunked_cached_local_relation"): "4.1",
    (RELATION, "relation_changes"): "4.2",
    (RELATION, "nearest_by_join"): "4.2",
    (RELATION, "zip"): "4.3",
    (COMMAND, "streaming_query_listener_bus_command"): "4.0",
    (COMMAND, "register_data_source"): "4.0",
    (COMMAND, "create_resource_profile_command"): "4.0",
    (COMMAND, "checkpoint_command"): "4.0",
    (COMMAND, "remove_cached_remote_relation_command"): "4.0",
    (COMMAND, "merge_into_table_command"): "4.0",
    (COMMAND, "ml_command"): "4.0",
    (COMMAND, "execute_external_command"): "4.0",
    (COMMAND, "pipeline_command"): "4.1",
}
# What a plan may say outermost that has no name to show.
NO_KINDS = {(RELATION, "extension"), (RELATION, "unknown"), (COMMAND, "extension")}


def of_line(line: str) -> dict[str, dict[str, list]]:
    return LINES[line]["messages"]


def test_the_tables_are_read_whole():
    assert len(spark_protos.FIELDS) == spark_protos.TABLES.count('{"spark.connect.')
    assert list(LINES) == ["3.5", "4.0", "4.1", "4.2", "4.3"]


def test_the_newest_line_is_that_of_the_installed_pyspark():
    import pyspark.sql.connect.proto  # noqa: F401

    files = []
    for name in ("base", "relations", "commands", "common"):
        files.append(FileDescriptorProto())
        descriptor_pool.Default().FindFileByName(f"spark/connect/{name}.proto").CopyToProto(files[-1])
    line = re.match(r"\d+\.\d+", version("pyspark"))[0]
    assert spark_protos.messages_of(files) == of_line(line)


@pytest.mark.parametrize("line", LINES)
def test_every_field_has_its_number_or_is_known_not_to_be_there_yet(line):
    order = list(LINES)
    wrong = []
    for message, field, number in spark_protos.FIELDS:
        expected = number if order.index(line) >= order.index(SINCE.get((message, field), order[0])) else None
        found = of_line(line).get(message, {}).get(field, [None])[0]
        if found != expected:
            wrong.append(f"{message}.{field} is {found}, not {expected}")
    assert not wrong


@pytest.mark.parametrize("line", LINES)
def test_no_number_means_another_field_or_type_than_in_the_newest_line(line):
    newest = of_line(list(LINES)[-1])
    wrong = []
    for message, field, number in spark_protos.FIELDS:
        for name, (there, kind) in of_line(line).get(message, {}).items():
            if there == number and (name, kind) != (field, newest[message][field][1]):
                wrong.append(f"{message} {number} is {kind} {name}, not {newest[message][field][1]} {field}")
    assert not wrong


@pytest.mark.parametrize("line", LINES)
def test_every_kind_of_plan_has_a_name(line):
    named = {(message, field) for message, field, _ in spark_protos.FIELDS}
    kinds = {(message, field) for message in (RELATION, COMMAND) for field in of_line(line)[message]}
    assert kinds - named == NO_KINDS


@pytest.mark.parametrize("line", LINES)
def test_says_where_it_comes_from(line):
    assert LINES[line]["pyspark"].startswith(f"{line}.")
    assert re.fullmatch("[0-9a-f]{64}", LINES[line]["sha256"])

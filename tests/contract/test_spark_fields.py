# SPDX-License-Identifier: Apache-2.0
"""The field numbers of Spark Connect that the daemon was built with are those of the installed pyspark."""

import re
from pathlib import Path

import pytest

# pyspark.sql.connect.proto registers its messages here when it is imported.
from google.protobuf import descriptor_pool

HEADERS = Path(__file__).resolve().parents[2] / "daemon/modules/h2/include/firesteel/h2"
TABLES = "".join((HEADERS / name).read_text() for name in ("spark_fields.hpp", "spark_plans.hpp"))
FIELDS = re.findall(r'\{"([\w.]+)", "(\w+)", (\d+)\}[;,]', TABLES)


def test_the_table_is_read_whole():
    assert len(FIELDS) == TABLES.count('{"spark.connect.')


@pytest.mark.parametrize(("message", "field", "number"), FIELDS)
def test_field_has_the_number_that_pyspark_uses(message, field, number):
    import pyspark.sql.connect.proto  # noqa: F401

    descriptor = descriptor_pool.Default().FindMessageTypeByName(message)
    assert descriptor.fields_by_name[field].number == int(number)

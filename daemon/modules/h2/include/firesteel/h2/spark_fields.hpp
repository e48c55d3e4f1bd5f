// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "firesteel/h2/protobuf.hpp"

/// The parts of spark/connect/base.proto that we speak, of Spark 4.3.0. One line per field, so that it can be checked
/// against the descriptors of an installed pyspark; field numbers never change, fields are only added.
namespace firesteel::spark::fields {

using Field = h2::ProtoField;

// clang-format off
inline constexpr Field user_context_user_id{"spark.connect.UserContext", "user_id", 1};

inline constexpr Field analyze_session_id{"spark.connect.AnalyzePlanRequest", "session_id", 1};
inline constexpr Field analyze_user_context{"spark.connect.AnalyzePlanRequest", "user_context", 2};
inline constexpr Field analyze_client_type{"spark.connect.AnalyzePlanRequest", "client_type", 3};
inline constexpr Field analyze_spark_version{"spark.connect.AnalyzePlanRequest", "spark_version", 10};
inline constexpr Field analyzed_spark_version{"spark.connect.AnalyzePlanResponse", "spark_version", 8};
inline constexpr Field spark_version_version{"spark.connect.AnalyzePlanResponse.SparkVersion", "version", 1};

inline constexpr Field config_session_id{"spark.connect.ConfigRequest", "session_id", 1};
inline constexpr Field config_user_context{"spark.connect.ConfigRequest", "user_context", 2};
inline constexpr Field config_operation{"spark.connect.ConfigRequest", "operation", 3};
inline constexpr Field config_client_type{"spark.connect.ConfigRequest", "client_type", 4};
inline constexpr Field operation_get_option{"spark.connect.ConfigRequest.Operation", "get_option", 4};
inline constexpr Field get_option_keys{"spark.connect.ConfigRequest.GetOption", "keys", 1};
inline constexpr Field configured_pairs{"spark.connect.ConfigResponse", "pairs", 2};
inline constexpr Field pair_key{"spark.connect.KeyValue", "key", 1};
inline constexpr Field pair_value{"spark.connect.KeyValue", "value", 2};

inline constexpr Field release_session_id{"spark.connect.ReleaseSessionRequest", "session_id", 1};
inline constexpr Field release_user_context{"spark.connect.ReleaseSessionRequest", "user_context", 2};
inline constexpr Field release_client_type{"spark.connect.ReleaseSessionRequest", "client_type", 3};
// clang-format on

}  // namespace firesteel::spark::fields

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "firesteel/h2/protobuf.hpp"

/// The parts of spark/connect/base.proto that we speak, of Spark 4.3.0. One line per field, so that it can be checked
/// against the descriptors of every supported line of Spark (tests/contract/test_spark_fields.py says which fields
/// older lines lack); field numbers never change, fields are only added.
namespace firesteel::spark::fields {

using Field = h2::ProtoField;

// clang-format off
inline constexpr Field user_context_user_id{"spark.connect.UserContext", "user_id", 1};

inline constexpr Field analyze_session_id{"spark.connect.AnalyzePlanRequest", "session_id", 1};
inline constexpr Field analyze_user_context{"spark.connect.AnalyzePlanRequest", "user_context", 2};
inline constexpr Field analyze_client_type{"spark.connect.AnalyzePlanRequest", "client_type", 3};
inline constexpr Field analyze_observed_session{"spark.connect.AnalyzePlanRequest", "client_observed_server_side_session_id", 17};
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

inline constexpr Field execute_session_id{"spark.connect.ExecutePlanRequest", "session_id", 1};
inline constexpr Field execute_user_context{"spark.connect.ExecutePlanRequest", "user_context", 2};
inline constexpr Field execute_plan{"spark.connect.ExecutePlanRequest", "plan", 3};
inline constexpr Field execute_client_type{"spark.connect.ExecutePlanRequest", "client_type", 4};
inline constexpr Field execute_request_options{"spark.connect.ExecutePlanRequest", "request_options", 5};
inline constexpr Field execute_observed_session{"spark.connect.ExecutePlanRequest", "client_observed_server_side_session_id", 8};
inline constexpr Field execute_operation_id{"spark.connect.ExecutePlanRequest", "operation_id", 6};
inline constexpr Field options_reattach{"spark.connect.ExecutePlanRequest.RequestOption", "reattach_options", 1};
inline constexpr Field reattach_reattachable{"spark.connect.ReattachOptions", "reattachable", 1};

inline constexpr Field executed_arrow_batch{"spark.connect.ExecutePlanResponse", "arrow_batch", 2};
inline constexpr Field executed_result_complete{"spark.connect.ExecutePlanResponse", "result_complete", 14};
inline constexpr Field executed_progress{"spark.connect.ExecutePlanResponse", "execution_progress", 18};
inline constexpr Field batch_row_count{"spark.connect.ExecutePlanResponse.ArrowBatch", "row_count", 1};
inline constexpr Field progress_stages{"spark.connect.ExecutePlanResponse.ExecutionProgress", "stages", 1};
inline constexpr Field stage_num_tasks{"spark.connect.ExecutePlanResponse.ExecutionProgress.StageInfo", "num_tasks", 2};
inline constexpr Field stage_num_completed_tasks{"spark.connect.ExecutePlanResponse.ExecutionProgress.StageInfo", "num_completed_tasks", 3};

inline constexpr Field reattach_operation_id{"spark.connect.ReattachExecuteRequest", "operation_id", 3};
inline constexpr Field reattach_client_type{"spark.connect.ReattachExecuteRequest", "client_type", 4};
inline constexpr Field release_execute_operation_id{"spark.connect.ReleaseExecuteRequest", "operation_id", 3};
inline constexpr Field release_execute_client_type{"spark.connect.ReleaseExecuteRequest", "client_type", 4};
inline constexpr Field release_execute_release_all{"spark.connect.ReleaseExecuteRequest", "release_all", 5};

inline constexpr Field interrupt_session_id{"spark.connect.InterruptRequest", "session_id", 1};
inline constexpr Field interrupt_user_context{"spark.connect.InterruptRequest", "user_context", 2};
inline constexpr Field interrupt_client_type{"spark.connect.InterruptRequest", "client_type", 3};
inline constexpr Field interrupt_type{"spark.connect.InterruptRequest", "interrupt_type", 4};
inline constexpr Field interrupt_operation_id{"spark.connect.InterruptRequest", "operation_id", 6};
inline constexpr Field interrupted_ids{"spark.connect.InterruptResponse", "interrupted_ids", 2};

inline constexpr Field artifacts_client_type{"spark.connect.AddArtifactsRequest", "client_type", 6};
inline constexpr Field clone_client_type{"spark.connect.CloneSessionRequest", "client_type", 3};

inline constexpr Field plan_root{"spark.connect.Plan", "root", 1};
inline constexpr Field plan_command{"spark.connect.Plan", "command", 2};
inline constexpr Field relation_common{"spark.connect.Relation", "common", 1};
// clang-format on

}  // namespace firesteel::spark::fields

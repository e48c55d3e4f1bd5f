// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/grpc_status.hpp"

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

namespace firesteel::h2 {

TEST(GrpcStatus, IsNamedAsInTheSpecification) {
  EXPECT_EQ(status_name(0), "OK");
  EXPECT_EQ(status_name(14), "UNAVAILABLE");
  EXPECT_EQ(status_name(16), "UNAUTHENTICATED");
  EXPECT_EQ(status_name(17), "UNKNOWN");
  EXPECT_EQ(status_name(-1), "UNKNOWN");
  EXPECT_EQ(to_string(GrpcStatus{12, {}}), "UNIMPLEMENTED");
  EXPECT_EQ(to_string(GrpcStatus{7, "no"}), "PERMISSION_DENIED: no");
}

TEST(GrpcStatus, CodesThatAreNoneAreUnknown) {
  EXPECT_EQ(parse_status_code("0"), 0);
  EXPECT_EQ(parse_status_code("16"), 16);
  for (const char* text : {"", "17", "-1", "1x", " 1", "99999999999999999999"})
    EXPECT_EQ(parse_status_code(text), 2) << text;
}

TEST(StatusMessage, IsPercentDecoded) {
  EXPECT_EQ(decode_status_message("a%20b%C3%a9%25"), "a b\xc3\xa9%");
  EXPECT_EQ(decode_status_message("100%"), "100%");
  EXPECT_EQ(decode_status_message("%4"), "%4");
  EXPECT_EQ(decode_status_message("%zz%41"), "%zzA");
}

TEST(StatusMessage, IsPlainTextWhateverThePeerSends) {
  EXPECT_EQ(decode_status_message("a%0Ab%1B[31m%7F"), "a b [31m ");
  EXPECT_EQ(decode_status_message("x%FFy%C3"), "x\xef\xbf\xbdy\xef\xbf\xbd");
  EXPECT_EQ(to_plain_text("\xf0\x9f\x94\xa5"), "\xf0\x9f\x94\xa5");
  EXPECT_EQ(to_plain_text("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd") << "overlong";
  EXPECT_EQ(to_plain_text("\xed\xa0\x80").find('\xed'), std::string::npos) << "surrogate";
  EXPECT_EQ(to_plain_text("\xf4\x90\x80\x80").find('\xf4'), std::string::npos) << "beyond Unicode";
}

TEST(StatusMessage, IsCutBetweenCharacters) {
  std::string text;
  while (text.size() < 2 * max_status_message) text += "a\xc3\xa9";
  const std::string shown = to_plain_text(text);
  EXPECT_LE(shown.size(), max_status_message);
  EXPECT_GE(shown.size(), max_status_message - 2);
  EXPECT_EQ(shown.find("\xef\xbf\xbd"), std::string::npos);
}

TEST(StatusFromHttp, FollowsTheMapping) {
  EXPECT_EQ(status_from_http(200).code, GrpcStatus::unknown);
  EXPECT_EQ(status_from_http(0).code, GrpcStatus::unknown);
  EXPECT_EQ(status_from_http(401).code, GrpcStatus::unauthenticated);
  EXPECT_EQ(status_from_http(404).code, GrpcStatus::unimplemented);
  EXPECT_EQ(status_from_http(503).code, GrpcStatus::unavailable);
  EXPECT_EQ(status_from_http(503).message, "HTTP status 503 instead of a gRPC reply");
}

TEST(StatusFromReset, FollowsTheMapping) {
  EXPECT_EQ(status_from_reset(NGHTTP2_REFUSED_STREAM).code, GrpcStatus::unavailable);
  EXPECT_EQ(status_from_reset(NGHTTP2_CANCEL).code, GrpcStatus::cancelled);
  EXPECT_EQ(status_from_reset(NGHTTP2_NO_ERROR).code, GrpcStatus::internal);
  EXPECT_EQ(status_from_reset(NGHTTP2_PROTOCOL_ERROR).message, "the stream was reset (PROTOCOL_ERROR)");
}

}  // namespace firesteel::h2

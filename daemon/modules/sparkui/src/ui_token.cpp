// SPDX-License-Identifier: Apache-2.0
#include "firesteel/sparkui/ui_token.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

namespace firesteel::sparkui {

namespace {

using Bytes = std::vector<unsigned char>;

std::string base64url(std::span<const unsigned char> bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a NUL
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  while (out.ends_with('=')) out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  const std::size_t padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  Bytes out(padded.size() / 4 * 3);
  const int size = EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(padded.data()),
                                   static_cast<int>(padded.size()));
  if (size < 0 || padding == 3) return std::nullopt;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

}  // namespace

Result<std::string> ui_token(std::string_view key) {
  const auto secret = from_base64url(key);
  if (!secret || secret->empty())
    return Error{.code = Errc::internal, .message = "The Spark UI's key is no base64url."};
  std::string token = base64url(bytes_of(R"({"alg":"HS256"})")) + "." + base64url(bytes_of("{}"));
  std::array<unsigned char, 32> signature{};
  unsigned size = 0;
  const auto text = bytes_of(token);
  if (!HMAC(EVP_sha256(), secret->data(), static_cast<int>(secret->size()), text.data(), text.size(), signature.data(),
            &size))
    return Error{.code = Errc::internal, .message = "OpenSSL can't sign the Spark UI's token."};
  return token + "." + base64url({signature.data(), size});
}

}  // namespace firesteel::sparkui

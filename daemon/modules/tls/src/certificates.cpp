// SPDX-License-Identifier: Apache-2.0
#include "certificates.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

#include "firesteel/io/files.hpp"

namespace firesteel::tls {

namespace {

constexpr std::size_t largest_file = 8 * 1024 * 1024;
constexpr std::size_t longest_name = 128;
constexpr int most_names = 8;

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, longest_name)) out += c >= ' ' && c <= '~' ? c : '?';
  return out;
}

std::string_view view(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string address_from(std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  if (bytes.size() != 4 && bytes.size() != 16) return "?";
  return ::inet_ntop(family, bytes.data(), text.data(), text.size()) ? text.data() : "?";
}

std::string common_name(const X509_NAME* name, int field) {
  const int at = X509_NAME_get_index_by_NID(name, field, -1);
  return at < 0 ? std::string() : plain(view(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))));
}

}  // namespace

Result<std::vector<Owned<X509>>> read_certificates(const std::filesystem::path& file, std::string_view meaning) {
  const auto text = io::read_file(file, largest_file);
  if (!text) return Error{.code = Errc::bad_request, .message = text.error().message};
  const Owned<BIO> source(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  std::vector<Owned<X509>> out;
  ERR_clear_error();
  while (X509* one = PEM_read_bio_X509_AUX(source.get(), nullptr, nullptr, nullptr)) out.emplace_back(one);
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string reason = take_reason();
  if (!out.empty() && at_end) return out;
  return Error{.code = Errc::bad_request,
               .message = at_end ? fmt::format("There is no certificate in {}.", file.string())
                                 : fmt::format("A certificate in {} is damaged ({}).", file.string(), reason),
               .advice = fmt::format("The file must hold {} in PEM format (-----BEGIN CERTIFICATE-----).", meaning)};
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> out;
  auto* const all = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(all) && i < most_names; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all, i);
    if (name->type == GEN_DNS) out.push_back(plain(view(name->d.dNSName)));
    if (name->type == GEN_IPADD) out.push_back(address_from(view(name->d.iPAddress)));
  }
  GENERAL_NAMES_free(all);
  return out;
}

std::string issuer_of(const X509* certificate) {
  const X509_NAME* issuer = X509_get_issuer_name(certificate);
  std::string name = common_name(issuer, NID_commonName);
  if (name.empty()) name = common_name(issuer, NID_organizationName);
  return name.empty() ? "no name" : name;
}

std::string day_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "a day that can't be read";
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string take_reason() {
  const unsigned long error = ERR_peek_last_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  std::string out = reason ? reason : "no reason given";
  ERR_clear_error();
  return out;
}

}  // namespace firesteel::tls

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace firesteel::tls::test {

/// A directory that goes with the test.
class Directory {
 public:
  Directory() {
    std::string name = std::filesystem::temp_directory_path() / "firesteel-tls-XXXXXX";
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct Made {
  std::shared_ptr<EVP_PKEY> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  std::shared_ptr<X509> certificate{X509_new(), X509_free};

  void write_certificate(const std::filesystem::path& file) const {
    FILE* out = std::fopen(file.c_str(), "w");
    PEM_write_X509(out, certificate.get());
    std::fclose(out);
  }
  void write_key(const std::filesystem::path& file, mode_t mode = 0600) const {
    FILE* out = std::fopen(file.c_str(), "w");
    PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    ::chmod(file.c_str(), mode);
  }
};

/// A certificate for `names` ("DNS:localhost,IP:127.0.0.1") that begins `from` and ends `to` days from now, signed by
/// `authority`; null: by itself, and it may sign others.
inline Made make_certificate(const std::string& names, const Made* authority = nullptr, int from = -1, int to = 2) {
  Made out;
  X509* const made = out.certificate.get();
  X509_set_version(made, X509_VERSION_3);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made), from * 86400L);
  X509_gmtime_adj(X509_getm_notAfter(made), to * 86400L);
  X509_set_pubkey(made, out.key.get());
  const std::string subject = authority ? "server" : "Test Authority";
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
  X509* const issuer = authority ? authority->certificate.get() : made;
  X509_set_issuer_name(made, X509_get_subject_name(issuer));
  const auto extend = [&](int kind, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(made, extension, -1);
    X509_EXTENSION_free(extension);
  };
  if (!authority) extend(NID_basic_constraints, "critical,CA:TRUE");
  if (!names.empty()) extend(NID_subject_alt_name, names);
  X509_sign(made, authority ? authority->key.get() : out.key.get(), EVP_sha256());
  return out;
}

/// An authority and a certificate of its for localhost and 127.0.0.1, as files.
struct Files {
  Directory directory;
  Made authority = make_certificate("");
  std::filesystem::path trusted = directory / "ca.pem";
  std::filesystem::path certificate = directory / "server.pem";
  std::filesystem::path key = directory / "server.key";

  explicit Files(const std::string& names = "DNS:localhost,IP:127.0.0.1", int from = -1, int to = 2) {
    authority.write_certificate(trusted);
    write(make_certificate(names, &authority, from, to));
  }
  void write(const Made& made) const {
    made.write_certificate(certificate);
    made.write_key(key);
  }
};

}  // namespace firesteel::tls::test

// SPDX-License-Identifier: Apache-2.0
#include "firesteel/tls/identity.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "context_base.hpp"
#include "firesteel/io/files.hpp"
#include "firesteel/io/unique_fd.hpp"

/// What the server's side shows of itself.
namespace firesteel::tls {

namespace fs = std::filesystem;

namespace {

constexpr off_t largest_key = 64 * 1024;
constexpr auto look_interval = std::chrono::seconds(1);

Error bad(std::string message, std::string advice) {
  return {.code = Errc::bad_request, .message = std::move(message), .advice = std::move(advice)};
}

/// Text that is wiped when it isn't needed any more.
struct Secret {
  std::string text;
  ~Secret() { OPENSSL_cleanse(text.data(), text.size()); }
};

Result<void> read_secret(const fs::path& file, Secret& secret) {
  const auto failed = [&](int error) {
    return bad(fmt::format("Can't read the key {}: {}.", file.string(), std::strerror(error)),
               "Name the file with the certificate's private key.");
  };
  const io::UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return failed(errno);
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0) return failed(errno);
  if (!S_ISREG(about.st_mode) || about.st_size > largest_key)
    return bad(fmt::format("{} is no file with a key.", file.string()),
               "Name the file with the certificate's private key.");
  if ((about.st_mode & 077) != 0)
    return bad(fmt::format("The key {} can be read or changed by others than its owner (its mode is {:04o}).",
                           file.string(), about.st_mode & 07777),
               fmt::format("Close it: chmod 600 {}; if others may have read it, have a new one made.", file.string()));
  secret.text.resize(static_cast<std::size_t>(about.st_size));
  std::size_t size = 0;
  while (size < secret.text.size()) {
    const ssize_t got = ::read(fd.get(), secret.text.data() + size, secret.text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return {};
}

Result<Owned<EVP_PKEY>> read_key(const fs::path& file) {
  Secret secret;
  if (auto read = read_secret(file, secret); !read) return read.error();
  const Owned<BIO> source(BIO_new_mem_buf(secret.text.data(), static_cast<int>(secret.text.size())));
  bool has_passphrase = false;
  const auto nobody_to_ask = [](char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
  };
  ERR_clear_error();
  Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(source.get(), nullptr, nobody_to_ask, &has_passphrase));
  ERR_clear_error();
  if (key) return key;
  if (has_passphrase)
    return bad(fmt::format("The key {} needs a passphrase, which nobody is there to type.", file.string()),
               fmt::format("Take it off: openssl pkey -in {} -out NEW-FILE.", file.string()));
  return bad(fmt::format("There is no private key in {}.", file.string()),
             "The file must hold the certificate's private key in PEM format (-----BEGIN PRIVATE KEY-----).");
}

int choose_http2(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                 unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, size, http2_protocol, sizeof http2_protocol, offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Result<std::shared_ptr<const Context>> Context::for_server(const fs::path& certificate, const fs::path& key_file) {
  auto chain = read_certificates(certificate, "the server's certificate, and after it those that vouch for it,");
  if (!chain) return chain.error();
  auto key = read_key(key_file);
  if (!key) return key.error();
  X509* const own = chain->front().get();
  if (X509_check_private_key(own, key->get()) != 1) {
    ERR_clear_error();
    return bad(fmt::format("The key {} doesn't belong to the first certificate in {}.", key_file.string(),
                           certificate.string()),
               "Name the two files that were made together; the server's own certificate comes first in its file.");
  }
  if (X509_cmp_current_time(X509_get0_notAfter(own)) < 0)
    return bad(
        fmt::format("The certificate in {} expired on {}.", certificate.string(), day_of(X509_get0_notAfter(own))),
        "Have it renewed; no client would trust it.");
  Owned<SSL_CTX> context = new_context(TLS_server_method());
  bool taken =
      SSL_CTX_use_certificate(context.get(), own) == 1 && SSL_CTX_use_PrivateKey(context.get(), key->get()) == 1;
  for (std::size_t i = 1; taken && i < chain->size(); ++i)
    taken = SSL_CTX_add1_chain_cert(context.get(), (*chain)[i].get()) == 1;
  if (!taken)
    return bad(fmt::format("The certificate in {} can't be used: {}.", certificate.string(), take_reason()),
               "Have one made with an RSA key of 2048 bits or more, or an elliptic one (P-256).");
  SSL_CTX_set_alpn_select_cb(context.get(), choose_http2, nullptr);
  return std::shared_ptr<const Context>(new Context(context.release()));
}

Result<void> Identity::load() {
  stamp_ = stamp();
  auto made = Context::for_server(certificate_, key_);
  if (!made) return made.error();
  context_ = std::move(*made);
  return {};
}

ContextPtr Identity::current(TimePoint now) {
  if (now - looked_ < look_interval) return context_;
  looked_ = now;
  if (stamp() == stamp_) return context_;
  if (const auto loaded = load(); loaded)
    spdlog::info("gateway: the certificate in {} has changed, and was read again", certificate_.string());
  else
    spdlog::warn("gateway: the certificate before goes on to be used: {} {}", loaded.error().message,
                 loaded.error().advice);
  return context_;
}

std::string Identity::stamp() const {
  std::string out;
  for (const auto& file : {certificate_, key_}) {
    struct stat about {};
    if (::stat(file.c_str(), &about) == 0)
      out += fmt::format("{}.{}.{}.{}.{} ", about.st_ino, about.st_size, about.st_mode, about.st_mtim.tv_sec,
                         about.st_mtim.tv_nsec);
  }
  return out;
}

}  // namespace firesteel::tls

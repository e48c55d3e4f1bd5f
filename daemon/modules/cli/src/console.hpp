// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace firesteel::cli {

/// Where a command's words go.
class Console {
 public:
  virtual ~Console() = default;

  /// To stdout, at once. False when nobody reads any more: the caller then ends without a word.
  virtual bool out(std::string_view text) = 0;
  /// To stderr, at once.
  virtual void err(std::string_view text) = 0;

  virtual bool out_is_terminal() const = 0;
  virtual bool err_is_terminal() const = 0;
  /// Whether stdout (stderr) shows colours: a terminal, without NO_COLOR and not TERM=dumb.
  virtual bool out_has_colours() const = 0;
  virtual bool err_has_colours() const = 0;
  /// Columns of the terminal behind stderr.
  virtual std::size_t err_width() const = 0;
};

/// The process's own stdout and stderr.
class StandardConsole final : public Console {
 public:
  bool out(std::string_view text) override;
  void err(std::string_view text) override;
  bool out_is_terminal() const override;
  bool err_is_terminal() const override;
  bool out_has_colours() const override;
  bool err_has_colours() const override;
  std::size_t err_width() const override;
};

}  // namespace firesteel::cli

// SPDX-License-Identifier: Apache-2.0
#include "log_text.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "firesteel/io/yield.hpp"
#include "firesteel/logs/marked_lines.hpp"

namespace firesteel::api {

namespace asio = boost::asio;

namespace {

constexpr WindowLimits limits{.lines = 2000, .bytes = 96 * 1024, .line_bytes = 64 * 1024};

}  // namespace

LogText::LogText(std::shared_ptr<KeptLog> log)
    : log_(std::move(log)),
      masker_(log_->masker()),
      generation_(log_->index().generation()),
      size_(log_->index().size()) {}

asio::awaitable<std::string> LogText::next() {
  if (ended_) co_return std::string();
  // Others have their turn between two pieces.
  co_await io::yield();
  LogIndex& index = log_->index();
  for (bool all = false; !all && index.end_offset() < size_;) {
    all = index.advance().value();
    co_await io::yield();
  }
  if (index.generation() != generation_) throw std::runtime_error("the log was begun anew while it was sent");
  co_return piece();
}

std::string LogText::piece() {
  const LogIndex& index = log_->index();
  std::string out;
  if (index.first_line() > next_) {
    out = fmt::format("{}{} lines before this one are not kept any more.\n", mark_of(LogSource::launch),
                      index.first_line() - next_);
    next_ = index.first_line();
  }
  const LogWindow window = index.read(next_, limits, *masker_).value();
  for (const WindowLine& line : window.lines) {
    if (line.offset >= size_) break;
    out += line.shown.text;
    if (line.shown.cut > 0) out += fmt::format(" … ({} more bytes)", line.shown.cut);
    if (line.finished) out += '\n';
    ended_ = !line.finished;
  }
  next_ = window.next.line;
  ended_ = ended_ || window.lines.empty() || window.next.offset >= size_;
  return out;
}

}  // namespace firesteel::api

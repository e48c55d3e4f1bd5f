// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/properties.hpp"

#include <fmt/format.h>

#include <boost/locale/utf.hpp>
#include <charconv>
#include <iterator>
#include <optional>

#include "firesteel/core/utf8.hpp"

namespace firesteel {
namespace {

namespace utf = boost::locale::utf;
using CodePoint = utf::code_point;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

/// One logical line after another: without comments and blank lines, with continued lines joined.
class LogicalLines {
 public:
  explicit LogicalLines(std::string_view content) : rest_(content) {}

  std::optional<std::string> next() {
    std::string line;
    bool continued = false;
    while (!rest_.empty() || continued) {
      std::string_view natural = take_natural();
      while (!natural.empty() && is_blank(natural.front())) natural.remove_prefix(1);
      if (!continued && (natural.empty() || natural.front() == '#' || natural.front() == '!')) continue;
      const std::size_t last = natural.find_last_not_of('\\');
      const std::size_t slashes = natural.size() - (last == natural.npos ? 0 : last + 1);
      continued = slashes % 2 == 1;
      if (continued) natural.remove_suffix(1);
      line += natural;
      if (!continued || rest_.empty()) return line;
    }
    return std::nullopt;
  }

 private:
  std::string_view take_natural() {
    const std::size_t end = rest_.find_first_of("\r\n");
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(line.size());
    if (rest_.starts_with("\r\n"))
      rest_.remove_prefix(2);
    else if (!rest_.empty())
      rest_.remove_prefix(1);
    return line;
  }

  std::string_view rest_;
};

std::optional<unsigned> hex4(std::string_view text) {
  unsigned value = 0;
  if (text.size() < 4) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, value, 16);
  if (error != std::errc() || end != text.data() + 4) return std::nullopt;
  return value;
}

void append_utf8(std::string& out, CodePoint point) {
  utf::utf_traits<char>::encode(utf::is_valid_codepoint(point) ? point : CodePoint(0xFFFD), std::back_inserter(out));
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    const std::string_view digits = text.substr(i + 1);
    if (const auto unit = c == 'u' ? hex4(digits) : std::nullopt) {
      i += 4;
      const auto low = digits.substr(4, 2) == "\\u" ? hex4(digits.substr(6)) : std::nullopt;
      if (*unit >= 0xD800 && *unit < 0xDC00 && low && *low >= 0xDC00 && *low < 0xE000) {
        i += 6;
        append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
      } else {
        append_utf8(out, *unit);
      }
      continue;
    }
    out += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 'f' ? '\f' : c;
  }
  return out;
}

/// Where the key of a logical line ends: at the first '=', ':' or blank that no backslash precedes.
std::size_t end_of_key(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (line[i] == '=' || line[i] == ':' || is_blank(line[i]))
      return i;
  }
  return line.size();
}

/// As Spark does with what it reads from a file.
std::string trimmed(const std::string& text) {
  const auto kept = [](char c) { return static_cast<unsigned char>(c) > ' ' || c == '\r' || c == '\n'; };
  std::size_t first = 0;
  std::size_t last = text.size();
  while (first < last && !kept(text[first])) ++first;
  while (last > first && !kept(text[last - 1])) --last;
  return text.substr(first, last - first);
}

}  // namespace

std::string escape_property(std::string_view text) {
  std::string out;
  const auto unit = [&](unsigned value) { fmt::format_to(std::back_inserter(out), "\\u{:04X}", value); };
  for (const char *at = text.data(), *end = at + text.size(); at != end;) {
    const CodePoint point = utf::utf_traits<char>::decode(at, end);
    // Everything that the format gives a meaning goes as \uXXXX: one rule for keys and values, first character or not.
    if (point > ' ' && point < 0x7f &&
        std::string_view("\\=:#!").find(static_cast<char>(point)) == std::string_view::npos)
      out += static_cast<char>(point);
    else if (point < 0x10000)
      unit(point);
    else if (point <= 0x10FFFF) {
      unit(0xD800 + ((point - 0x10000) >> 10));
      unit(0xDC00 + ((point - 0x10000) & 0x3FF));
    } else {
      unit(0xFFFD);
    }
  }
  return out;
}

std::string to_properties(const Options& options) {
  std::string out;
  for (const auto& [name, value] : options) out += escape_property(name) + "=" + escape_property(value) + "\n";
  return out;
}

Options parse_properties(std::string_view content) {
  Options out;
  const std::string text = to_valid_utf8(content);
  LogicalLines lines(text);
  while (const auto line = lines.next()) {
    const std::size_t key_end = end_of_key(*line);
    std::string_view value = std::string_view(*line).substr(key_end);
    const auto skip_blanks = [&] {
      while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
    };
    skip_blanks();
    if (!value.empty() && (value.front() == '=' || value.front() == ':')) value.remove_prefix(1);
    skip_blanks();
    out[unescape(std::string_view(*line).substr(0, key_end))] = trimmed(unescape(value));
  }
  return out;
}

}  // namespace firesteel

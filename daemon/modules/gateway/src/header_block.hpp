// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nghttp2/nghttp2.h>

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel::gateway {

/// The header fields of one message, in order, in one piece of memory.
class HeaderBlock {
 public:
  void add(std::string_view name, std::string_view value);
  /// Leaves none; keeps its memory.
  void clear();
  /// The value of the first field of that name; empty when there is none.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const { return get(name).data() != nullptr; }
  /// As RFC 9113 counts a field section: names, values and 32 bytes for each field.
  std::size_t list_size() const;
  bool empty() const { return fields_.empty(); }

  /// As nghttp2 takes them, which copies; valid until the next change.
  using Fields = boost::container::small_vector<nghttp2_nv, 16>;
  Fields fields() const {
    return fields([](std::string_view) { return true; });
  }
  /// Those of which `is_wanted(name)`.
  template <class Predicate>
  Fields fields(Predicate is_wanted) const {
    Fields out;
    for (const Field& field : fields_)
      if (is_wanted(name_of(field))) out.push_back(as_field(name_of(field), value_of(field)));
    return out;
  }
  /// One for nghttp2, of texts that must stay. What authorizes isn't kept in either side's table.
  static nghttp2_nv as_field(std::string_view name, std::string_view value);

 private:
  struct Field {
    std::uint32_t at, name_size, value_size;
  };
  std::string_view name_of(const Field& field) const { return {text_.data() + field.at, field.name_size}; }
  std::string_view value_of(const Field& field) const {
    return {text_.data() + field.at + field.name_size, field.value_size};
  }

  /// Room for what most calls have, so that a message costs one allocation.
  static constexpr std::size_t usual_fields = 16, usual_text = 496;
  /// Whether it has memory, and no more of it than most calls need.
  bool is_usual() const;
  friend class SpareHeaders;

  std::string text_;
  std::vector<Field> fields_;
};

/// Blocks that nobody needs any more, for the next messages: many calls at once have so many.
class SpareHeaders {
 public:
  /// An empty one.
  HeaderBlock get();
  void put_back(HeaderBlock block);
  /// Keeps none.
  void clear() { blocks_ = {}; }

  static constexpr std::size_t most = 128;

 private:
  std::vector<HeaderBlock> blocks_;
};

}  // namespace firesteel::gateway

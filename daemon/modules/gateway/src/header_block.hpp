// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nghttp2/nghttp2.h>

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
  /// The value of the first field of that name; empty when there is none.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const { return get(name).data() != nullptr; }
  /// Takes away every field that `is_unwanted(name)`.
  template <class Predicate>
  void remove_if(Predicate is_unwanted) {
    std::erase_if(fields_, [&](const Field& field) { return is_unwanted(name_of(field)); });
  }

  /// As RFC 9113 counts a field section: names, values and 32 bytes for each field.
  std::size_t list_size() const;
  bool empty() const { return fields_.empty(); }

  /// For nghttp2, which copies; valid until the next change.
  std::vector<nghttp2_nv> fields() const;

 private:
  struct Field {
    std::uint32_t at, name_size, value_size;
  };
  std::string_view name_of(const Field& field) const { return {text_.data() + field.at, field.name_size}; }
  std::string_view value_of(const Field& field) const {
    return {text_.data() + field.at + field.name_size, field.value_size};
  }

  std::string text_;
  std::vector<Field> fields_;
};

}  // namespace firesteel::gateway

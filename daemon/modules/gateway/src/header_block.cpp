// SPDX-License-Identifier: Apache-2.0
#include "header_block.hpp"

namespace firesteel::gateway {

void HeaderBlock::add(std::string_view name, std::string_view value) {
  fields_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(value.size())});
  text_.append(name);
  text_.append(value);
}

std::string_view HeaderBlock::get(std::string_view name) const {
  for (const Field& field : fields_)
    if (name_of(field) == name) return value_of(field);
  return {};
}

std::size_t HeaderBlock::list_size() const {
  std::size_t size = 0;
  for (const Field& field : fields_) size += field.name_size + field.value_size + 32U;
  return size;
}

std::vector<nghttp2_nv> HeaderBlock::fields() const {
  std::vector<nghttp2_nv> out;
  out.reserve(fields_.size());
  for (const Field& field : fields_) {
    const std::string_view name = name_of(field);
    // nghttp2 only reads through these pointers; its struct has no const for historical reasons.
    auto* start = reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data()));
    const bool secret = name == "authorization";
    out.push_back({start, start + field.name_size, field.name_size, field.value_size,
                   static_cast<std::uint8_t>(secret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE)});
  }
  return out;
}

}  // namespace firesteel::gateway

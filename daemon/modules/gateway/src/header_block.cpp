// SPDX-License-Identifier: Apache-2.0
#include "header_block.hpp"

#include <utility>

namespace firesteel::gateway {

void HeaderBlock::add(std::string_view name, std::string_view value) {
  if (fields_.empty()) {
    fields_.reserve(usual_fields);
    text_.reserve(usual_text);
  }
  fields_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(value.size())});
  text_.append(name);
  text_.append(value);
}

void HeaderBlock::clear() {
  fields_.clear();
  text_.clear();
}

bool HeaderBlock::is_usual() const {
  return fields_.capacity() == usual_fields && text_.capacity() >= usual_text && text_.capacity() < 2 * usual_text;
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

nghttp2_nv HeaderBlock::as_field(std::string_view name, std::string_view value) {
  // nghttp2 only reads through these pointers; its struct has no const for historical reasons.
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  };
  const bool secret = name == "authorization";
  return {bytes(name), bytes(value), name.size(), value.size(),
          static_cast<std::uint8_t>(secret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE)};
}

HeaderBlock SpareHeaders::get() {
  if (blocks_.empty()) return {};
  HeaderBlock block = std::move(blocks_.back());
  blocks_.pop_back();
  return block;
}

void SpareHeaders::put_back(HeaderBlock block) {
  if (!block.is_usual() || blocks_.size() >= most) return;
  block.clear();
  blocks_.push_back(std::move(block));
}

}  // namespace firesteel::gateway

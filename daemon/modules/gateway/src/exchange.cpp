// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include <algorithm>
#include <utility>

namespace firesteel::gateway {

void Flow::set_source(Link* link, std::int32_t stream) {
  source_ = link;
  source_stream_ = stream;
}

void Flow::push(Slice slice, ReadPool& pool) {
  bytes_ += slice.size;
  if (source_ && pool.bytes() < ReadPool::sharing_limit)
    source_->consumed_link(slice.size);
  else
    owed_ += slice.size;
  slices_.push(std::move(slice));
}

void Flow::end(HeaderBlock trailers) {
  ended_ = true;
  trailers_ = std::move(trailers);
}

void Flow::drop() {
  slices_.clear();
  if (source_) source_->consumed_link(owed_);
  bytes_ = 0;
  owed_ = 0;
}

nghttp2_data_provider Flow::provider() {
  nghttp2_data_provider out{};
  out.source.ptr = this;
  out.read_callback = &Flow::on_read;
  return out;
}

ssize_t Flow::on_read(nghttp2_session* session, std::int32_t stream, std::uint8_t*, std::size_t size,
                      std::uint32_t* flags, nghttp2_data_source* source, void*) {
  Flow& flow = *static_cast<Flow*>(source->ptr);
  const std::size_t part = std::min(size, flow.bytes_);
  if (part == 0 && !flow.ended_) return NGHTTP2_ERR_DEFERRED;
  if (part > 0) *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (!flow.ended_ || part < flow.bytes_) return static_cast<ssize_t>(part);
  *flags |= NGHTTP2_DATA_FLAG_EOF;
  if (flow.trailers_.empty()) return static_cast<ssize_t>(part);
  *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
  const auto fields = flow.trailers_.fields();
  if (nghttp2_submit_trailer(session, stream, fields.data(), fields.size()) != 0)
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  return static_cast<ssize_t>(part);
}

void Flow::take(std::size_t size, OutputQueue& output) {
  passed_on(size);
  while (size > 0) {
    Slice& front = slices_.front();
    const bool whole = front.size <= size;
    Slice part = front.split(size);
    if (whole) slices_.pop();
    size -= part.size;
    output.add(std::move(part));
  }
}

void Flow::passed_on(std::size_t size) {
  bytes_ -= size;
  const std::size_t paid = std::min(owed_, size);
  owed_ -= paid;
  if (!source_) return;
  source_->consumed_link(paid);
  if (!ended_) source_->consumed_stream(source_stream_, size);  // else nobody sends any more
}

}  // namespace firesteel::gateway

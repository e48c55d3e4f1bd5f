// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "context.hpp"
#include "document.hpp"

namespace firesteel::catalogue {

/// A field of a map: its name here, which may also be written in camelCase, and what else it may be called.
struct Field {
  std::string name{};
  std::vector<std::string> others{};
};

/// Reads a map by the fields that it may have. Says once which keys are unknown or given twice.
class Fields {
 public:
  /// `map` and `known` have to live as long as this. Unknown keys are errors, or warnings where `lenient`.
  Fields(Context& context, const Node& map, Place place, const std::vector<Field>& known, bool lenient);

  const Place& place() const { return place_; }

  /// The field's value and where it is; nothing when it is absent, null, or broken (which has been said).
  std::optional<std::pair<const Node*, Place>> find(std::string_view name) const;

  /// A text; empty when it is absent or of another kind, which is an error.
  std::string text(std::string_view name) const;
  /// As above, but it must be there and not be empty.
  std::optional<std::string> required_text(std::string_view name, std::string_view advice) const;
  /// true or false.
  bool flag(std::string_view name) const;
  /// A list of texts; those that are none are errors and left out.
  std::vector<std::pair<std::string, Place>> texts(std::string_view name) const;

 private:
  struct Found {
    std::string_view name;
    const Member* member;
  };

  Context& context_;
  Place place_;
  std::vector<Found> found_{};
};

/// A scalar's text; an error when it isn't one.
std::optional<std::string> read_text(Context& context, const Node& node, const Place& place);

/// Calls `each` with key, value and place of every member of a map; an error when it isn't one.
void each_member(Context& context, const Node& node, const Place& place,
                 const std::function<void(const Member&, const Place&)>& each);
/// Calls `each` with every item of a list; an error when it isn't one.
void each_item(Context& context, const Node& node, const Place& place,
               const std::function<void(const Node&, const Place&)>& each);

}  // namespace firesteel::catalogue

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel::catalogue {

struct Member;

/// What stands in a YAML or JSON file, with the lines where it stands (the first is 1).
struct Node {
  enum class Kind {
    null,
    scalar,
    list,
    map,
    broken,  ///< a fault of the document has named it already
  };
  Kind kind = Kind::null;
  int line = 0;
  std::string text{};             ///< of a scalar
  bool quoted = false;            ///< of a scalar: text, whatever it looks like
  std::vector<Node> items{};      ///< of a list
  std::vector<Member> members{};  ///< of a map, in the file's order; of equal keys only the last

  const Node* find(std::string_view key) const;
};

struct Member {
  std::string key{};
  int line = 0;
  Node value{};
};

/// A fault of the file itself, whatever it is meant to say.
struct Fault {
  int line = 0;
  std::string message{};
  std::string advice{};
};

struct Document {
  std::optional<Node> root{};  ///< nothing when the file can't be read at all
  std::vector<Fault> faults{};
};

/// How deep lists and maps may be in each other, and how many values there may be.
inline constexpr std::size_t max_depth = 32;
inline constexpr std::size_t max_nodes = 200'000;

/// Reads YAML, and JSON as the YAML that it almost is. Aliases are refused and never followed; so are complex keys,
/// foreign tags and everything above the bounds. Faults of one value leave the others.
Document parse_document(std::string_view text);

}  // namespace firesteel::catalogue

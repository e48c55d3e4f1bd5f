// SPDX-License-Identifier: Apache-2.0
#include "document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "firesteel/core/utf8.hpp"
#include "json_escapes.hpp"
#include "shown.hpp"

namespace firesteel::catalogue {
namespace {

/// Ends the parsing: thrown through yaml-cpp, which cleans up after itself.
struct Refused {
  Fault fault;
};

int line_of(const YAML::Mark& mark) { return mark.line + 1; }

/// Those that say what YAML sees anyway; "?" and "!" are yaml-cpp's own for plain and quoted text.
bool is_usual_tag(std::string_view tag) {
  constexpr std::string_view core = "tag:yaml.org,2002:";
  constexpr std::array names{"str", "int", "float", "bool", "null", "map", "seq"};
  if (tag.empty() || tag == "?" || tag == "!") return true;
  return tag.starts_with(core) && std::find(names.begin(), names.end(), tag.substr(core.size())) != names.end();
}

/// Whether the quoted text that begins at `start` ends anywhere. yaml-cpp takes the end of the file for its end.
bool is_closed(std::string_view text, std::size_t start) {
  if (start >= text.size() || (text[start] != '"' && text[start] != '\'')) return true;
  const char quote = text[start];
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    if (text[i] == quote && quote == '\'' && i + 1 < text.size() && text[i + 1] == quote)
      ++i;
    else if (text[i] == quote)
      return true;
    else if (text[i] == '\\' && quote == '"')
      ++i;
  }
  return false;
}

/// Makes the tree. Each open list or map is a frame; what ends goes into the frame below it.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(std::vector<Fault>& faults) : faults_(faults) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    leaf({.kind = Node::Kind::null, .line = line_of(mark)});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fault(mark, "An alias (*name) stands here; Firesteel reads none.", "Write the value out instead of the alias.");
    leaf({.kind = Node::Kind::broken, .line = line_of(mark)});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    check_tag(mark, tag);
    if (tag == "!") last_quoted = {static_cast<std::size_t>(mark.pos), line_of(mark)};
    if (value.find('\0') != std::string::npos) {
      fault(mark, "The text holds a character with the code 0.", "Take the \\0, \\x00 or \\u0000 out of it.");
      return leaf({.kind = Node::Kind::broken, .line = line_of(mark)});
    }
    leaf({.kind = Node::Kind::scalar, .line = line_of(mark), .text = value, .quoted = tag != "?"});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(mark, tag, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

  std::optional<Node> root{};
  std::pair<std::size_t, int> last_quoted{std::string::npos, 0};  ///< where the last quoted text begins, and its line

 private:
  struct Frame {
    Node node{};
    bool has_key = false;  ///< of a map: the key is read, its value comes
    Member member{};
    std::unordered_map<std::string, std::size_t> seen{};  ///< of a map: where each key is
  };

  void fault(const YAML::Mark& mark, std::string message, std::string advice) {
    faults_.push_back({line_of(mark), std::move(message), std::move(advice)});
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!is_usual_tag(tag))
      fault(mark, fmt::format("The tag '{}' means nothing here.", shown(tag)), "Leave the tag out.");
  }

  void count(int line) {
    if (++nodes_ > max_nodes)
      throw Refused{{line, fmt::format("There are more than {} values in the file.", max_nodes),
                     "Leave out what the catalogue doesn't need."}};
  }

  void open(const YAML::Mark& mark, const std::string& tag, Node::Kind kind) {
    check_tag(mark, tag);
    count(line_of(mark));
    if (frames_.size() >= max_depth)
      throw Refused{{line_of(mark), fmt::format("Lists and maps are more than {} deep in each other.", max_depth),
                     "A catalogue needs less; look for brackets that are not closed."}};
    frames_.push_back({.node = {.kind = kind, .line = line_of(mark)}});
  }

  void close() {
    Node node = std::move(frames_.back().node);
    frames_.pop_back();
    add(std::move(node));
  }

  void leaf(Node node) {
    count(node.line);
    add(std::move(node));
  }

  void add(Node node) {
    if (frames_.empty()) {
      root = std::move(node);
    } else if (Frame& frame = frames_.back(); frame.node.kind == Node::Kind::list) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      begin_member(frame, std::move(node));
    } else {
      frame.has_key = false;
      frame.member.value = std::move(node);
      if (frame.member.line > 0) end_member(frame);
    }
  }

  /// A line of 0 marks a member that is dropped, as its key is none.
  void begin_member(Frame& frame, Node key) {
    frame.has_key = true;
    frame.member = {.key = std::move(key.text), .line = key.line};
    if (key.kind == Node::Kind::scalar) return;
    if (key.kind != Node::Kind::broken)
      faults_.push_back({key.line, "The key here is not a text.", "Keys are single words: put others into quotes."});
    frame.member.line = 0;
  }

  void end_member(Frame& frame) {
    std::vector<Member>& members = frame.node.members;
    const auto [at, is_new] = frame.seen.emplace(frame.member.key, members.size());
    if (is_new) {
      members.push_back(std::move(frame.member));
      return;
    }
    faults_.push_back({frame.member.line,
                       fmt::format("The key '{}' stands here a second time, after line {}; the last one is used.",
                                   shown(frame.member.key), members[at->second].line),
                       "Keep one of them."});
    members[at->second] = std::move(frame.member);
  }

  std::vector<Fault>& faults_;
  std::vector<Frame> frames_{};
  std::size_t nodes_ = 0;
};

std::optional<Fault> unreadable_bytes(std::string_view text) {
  int line = 0;
  while (!text.empty()) {
    ++line;
    const std::string_view here = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(here.size() + 1, text.size()));
    if (!is_valid_utf8(here)) return Fault{line, "The file is not UTF-8 text.", "Save it as UTF-8."};
    const auto control = std::find_if(here.begin(), here.end(), [](char c) {
      return (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\r') || c == 0x7f;
    });
    if (control != here.end())
      return Fault{line, fmt::format("The file holds a control character (code {}).", static_cast<int>(*control)),
                   "A catalogue is plain text: take it out."};
  }
  return std::nullopt;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto at = std::find_if(members.begin(), members.end(), [&](const Member& each) { return each.key == key; });
  return at == members.end() ? nullptr : &at->value;
}

Document parse_document(std::string_view text) {
  Document document;
  if (auto fault = unreadable_bytes(text)) {
    document.faults.push_back(std::move(*fault));
    return document;
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const std::string source = is_json(text) ? join_surrogates(text) : std::string(text);
  std::istringstream stream(source);
  Builder builder(document.faults);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    document.root = std::move(builder.root);
    if (!document.root) document.root = Node{.line = 1};
    if (const auto [start, line] = builder.last_quoted; !is_closed(source, start)) {
      document.root.reset();
      document.faults.push_back({line, "A quote begins here and doesn't end.", "Close it."});
      return document;
    }
    std::vector<Fault> ignored;
    Builder second(ignored);
    if (parser.HandleNextDocument(second) && second.root)
      document.faults.push_back({second.root->line, "A second document begins in the file; only the first is read.",
                                 "Take out the line with '---' or what comes after it."});
  } catch (const Refused& refused) {
    document.faults.push_back(refused.fault);
  } catch (const YAML::Exception& error) {
    document.faults.push_back(
        {error.mark.is_null() ? 0 : line_of(error.mark),
         fmt::format("The file is neither YAML nor JSON: {}.", shown(error.msg)),
         "Look at this line and the one before: a bracket, a quote, a colon or the indentation."});
  }
  return document;
}

}  // namespace firesteel::catalogue

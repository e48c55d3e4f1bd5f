// SPDX-License-Identifier: Apache-2.0
#include "document.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

#include "json_escapes.hpp"

namespace firesteel::catalogue {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::string repeated(const std::string& part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

Node good(std::string_view text) {
  Document document = parse_document(text);
  for (const Fault& fault : document.faults) ADD_FAILURE() << fault.line << ": " << fault.message;
  return std::move(document.root).value_or(Node{});
}

Fault only_fault(std::string_view text) {
  const Document document = parse_document(text);
  EXPECT_THAT(document.faults, SizeIs(1));
  return document.faults.empty() ? Fault{} : document.faults.front();
}

TEST(Document, KnowsTheLinesOfKeysAndValues) {
  const Node root = good("# head\na:\n  b: 1\n  c:\n    - x\n    - 'y'\n");
  ASSERT_EQ(root.kind, Node::Kind::map);
  ASSERT_THAT(root.members, SizeIs(1));
  EXPECT_EQ(root.members[0].line, 2);
  const Node& a = root.members[0].value;
  EXPECT_EQ(a.find("b")->line, 3);
  EXPECT_EQ(a.members[1].line, 4);
  ASSERT_THAT(a.find("c")->items, SizeIs(2));
  EXPECT_EQ(a.find("c")->items[1].line, 6);
  EXPECT_FALSE(a.find("c")->items[0].quoted);
  EXPECT_TRUE(a.find("c")->items[1].quoted);
}

TEST(Document, ReadsJsonWithItsEscapesAndTabs) {
  const Node root = good(
      "{\n\t\"a\":\"\\u00e9\\/\\\\ud83d\\n\\\"\",\n\t\"b\":\"\\ud83d\\ude00\\uD83D\",\n\t\"c\":[1,true,null,{}]\n}\n");
  EXPECT_EQ(root.find("a")->text, "é/\\ud83d\n\"");
  EXPECT_EQ(root.find("b")->text, "😀\xef\xbf\xbd");
  EXPECT_EQ(root.find("b")->line, 3);
  ASSERT_THAT(root.find("c")->items, SizeIs(4));
  EXPECT_EQ(root.find("c")->items[2].kind, Node::Kind::null);
  EXPECT_EQ(root.find("c")->items[3].kind, Node::Kind::map);
}

TEST(Document, KeepsLineNumbersWithCarriageReturnsAndAByteOrderMark) {
  EXPECT_EQ(good("\xef\xbb\xbf{\r\n\"a\": 1,\r\n\"b\": 2}\r\n").find("b")->line, 3);
}

TEST(Document, LeavesYamlsOwnBackslashesAlone) {
  EXPECT_EQ(good("a: '\\ud83d\\ude00'\n").find("a")->text, "\\ud83d\\ude00");
  EXPECT_EQ(join_surrogates(R"({"a": "\\\ud83d\ude00"})"), R"({"a": "\\\U0001f600"})");
}

TEST(Document, AnEmptyFileIsNull) {
  EXPECT_EQ(good("").kind, Node::Kind::null);
  EXPECT_EQ(good("# nothing\n").kind, Node::Kind::null);
}

TEST(Document, NamesASecondKeyAndUsesTheLast) {
  const Document document = parse_document("a: 1\nb: 2\na: 3\n");
  ASSERT_THAT(document.faults, SizeIs(1));
  EXPECT_EQ(document.faults[0].line, 3);
  EXPECT_THAT(document.faults[0].message, HasSubstr("after line 1"));
  EXPECT_THAT(document.root->members, SizeIs(2));
  EXPECT_EQ(document.root->find("a")->text, "3");
}

TEST(Document, RefusesAliasesAndKeepsTheRest) {
  const Document document = parse_document("a: &x [1]\nb: *x\nc: 3\n");
  ASSERT_THAT(document.faults, SizeIs(1));
  EXPECT_EQ(document.faults[0].line, 2);
  EXPECT_EQ(document.root->find("b")->kind, Node::Kind::broken);
  EXPECT_EQ(document.root->find("c")->text, "3");
}

TEST(Document, ABillionLaughsStayFew) {
  std::string bomb = "a0: &a0 [lol, lol]\n";
  for (int i = 1; i < 60; ++i)
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
  EXPECT_THAT(parse_document(bomb).faults, SizeIs(59 * 9));
}

TEST(Document, IsBoundInDepth) {
  const std::string deepest = repeated("[", max_depth) + repeated("]", max_depth);
  good(deepest);
  EXPECT_THAT(only_fault("[" + deepest + "]").message, HasSubstr("deep in each other"));
  for (const std::string part : {"[", "{a: ", "- ", "? ", "{\"a\":["}) {
    const Document document = parse_document(repeated(part, 100'000));
    EXPECT_FALSE(document.root.has_value()) << part;
    EXPECT_THAT(document.faults, SizeIs(1)) << part;
  }
}

TEST(Document, IsBoundInNumber) {
  EXPECT_THAT(only_fault("[" + repeated("1,", max_nodes) + "]").message, HasSubstr("values in the file"));
}

TEST(Document, RefusesWhatIsNoText) {
  EXPECT_EQ(only_fault("a: 1\nb: \xff\n").line, 2);
  EXPECT_THAT(only_fault("a: 1\nb: \xff\n").message, HasSubstr("not UTF-8"));
  // yaml-cpp takes this character for the end of the file and would drop the rest without a word.
  EXPECT_THAT(only_fault("a: 1\n\x04\nb: 2\n").message, HasSubstr("control character (code 4)"));
  EXPECT_EQ(only_fault(std::string("a\0b", 3)).line, 1);
}

TEST(Document, AnEscapedZeroBreaksOnlyItsValue) {
  const Document document = parse_document("{\"a\": \"x\\u0000y\", \"b\": \"c\"}");
  EXPECT_THAT(document.faults, SizeIs(1));
  EXPECT_EQ(document.root->find("a")->kind, Node::Kind::broken);
  EXPECT_EQ(document.root->find("b")->text, "c");
}

TEST(Document, NamesComplexKeysForeignTagsAndSecondDocuments) {
  EXPECT_THAT(only_fault("? [a, b]\n: 1\nc: 2\n").message, HasSubstr("not a text"));
  EXPECT_EQ(parse_document("? [a, b]\n: 1\nc: 2\n").root->find("c")->text, "2");
  EXPECT_THAT(only_fault("a: !!python/object:os.system x\n").message, HasSubstr("python/object"));
  good("a: !!str 1\n");
  EXPECT_THAT(only_fault("a: !mine x\n").message, HasSubstr("!mine"));
  EXPECT_EQ(only_fault("a: 1\n---\nb: 2\n").line, 3);
}

TEST(Document, ASyntaxErrorHasItsLine) {
  for (const std::string text : {"a: 1\nb: [1, 2\n", "a: 1\n\tb: 2\n", "{\n\"a\": }\n]"}) {
    const Document document = parse_document(text);
    ASSERT_THAT(document.faults, SizeIs(1)) << text;
    EXPECT_GT(document.faults[0].line, 0) << text;
    EXPECT_THAT(document.faults[0].message, HasSubstr("neither YAML nor JSON")) << text;
  }
}

TEST(Document, AQuoteMustEnd) {
  for (const std::string text : {"a: 1\nb: \"x\n", "a: 1\n'b", "a: é\nb: 'it''s\n", "a: 1\nb: \"\\\"\nc: d\n"}) {
    EXPECT_EQ(only_fault(text).line, 2) << text;
    EXPECT_FALSE(parse_document(text).root.has_value()) << text;
  }
  good("\xef\xbb\xbf'a': \"\\\\\"\n");
  good("a: |\n  it's \"\nb: it's\n");
}

TEST(Document, NoBeginningOfAFileBreaksIt) {
  const std::string text =
      "a: &x {b: [1, 'two', \"thr\\u00e9e\"], ? k : v}\nc: |\n  text\n  more\nd: >-\n  folded\n!t e: *x\n---\nf: %g\n";
  for (std::size_t length = 0; length <= text.size(); ++length) parse_document(text.substr(0, length));
}

}  // namespace
}  // namespace firesteel::catalogue

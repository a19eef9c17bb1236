#include "checker/history/writer.h"
#include "tests/sim/for_each_seed.h"
#include "tests/unit/checker_history/reading.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

namespace verdikt::checker::history {
namespace {

constexpr std::string_view send_json =
    R"({"index":1,"time":2000,"process":0,"type":"ok","f":"send","value":[["send",0,[0,"a"]]]})"
    "\n";
constexpr std::string_view send_edn =
    R"({:index 1, :time 2000, :process 0, :type :ok, :f :send, :value [[:send 0 [0 "a"]]]})"
    "\n";

std::string as_ndjson(const std::vector<operation>& operations) {
    std::string text;
    for (const operation& one : operations) append_ndjson(text, one);
    return text;
}

std::string as_edn(const std::vector<operation>& operations) {
    std::string text;
    for (const operation& one : operations) append_edn(text, one);
    return text;
}

std::string error_of(std::string_view text) {
    const auto all = read_all(text);
    return all ? "read" : all.error();
}

TEST(histories, are_the_same_in_json_and_edn) {
    const auto json = read_all(send_json);
    const auto edn = read_all(send_edn);
    ASSERT_TRUE(json && edn);
    EXPECT_EQ(json->operations, edn->operations);
    EXPECT_EQ(as_ndjson(edn->operations), send_json);
    EXPECT_EQ(as_edn(json->operations), send_edn);
}

TEST(histories, have_times_whose_difference_is_a_number) {
    const auto with_time = [](std::string_view time) {
        return error_of(fmt::format(R"({{"time":{},"process":0,"type":"ok"}})"
                                    "\n",
                                    time));
    };
    EXPECT_EQ(with_time("1700000000000000000"), "read");
    EXPECT_EQ(with_time("-1"), "read");
    constexpr std::string_view refused = "1: 'time' is not a time that a run can have";
    EXPECT_EQ(with_time("9223372036854775807"), refused);
    EXPECT_EQ(with_time("-9223372036854775808"), refused);
}

TEST(histories, keep_polls_errors_the_nemesis_and_unknown_fields) {
    constexpr std::string_view json =
        R"({"index":0,"time":5,"process":3,"type":"info","f":"poll","value":[["poll",{"0":[[0,":k"]],"x":[]}]],)"
        R"("error":["timeout","after 3 s"],"rebalance-log":[{"keys":[0]}],"poll-ms":1.5})"
        "\n"
        R"({"index":1,"time":6,"process":"nemesis","type":"info","f":"kill","value":null})"
        "\n";
    constexpr std::string_view edn =
        R"({:index 0, :time 5, :process 3, :type :info, :f :poll, :value [[:poll {0 [[0 :k]], :x []}]], )"
        R"(:error ["timeout" "after 3 s"], :rebalance-log [{:keys [0]}], :poll-ms 1.5})"
        "\n"
        R"({:index 1, :time 6, :process :nemesis, :type :info, :f :kill, :value nil})"
        "\n";
    const auto all = read_all(json);
    ASSERT_TRUE(all) << all.error();
    EXPECT_EQ(as_ndjson(all->operations), json);
    EXPECT_EQ(as_edn(all->operations), edn);
    EXPECT_EQ(read_all(edn)->operations, all->operations);
    EXPECT_EQ(all->operations[1].process, nemesis_process);
    EXPECT_EQ(all->operations[0].more.view().find("poll-ms")->real(), 1.5);
}

TEST(histories, are_read_from_one_array_or_vector_too) {
    const std::string one(send_json.substr(0, send_json.size() - 1));
    const auto array = read_all("[" + one + ",\n" + one + "]\n");
    ASSERT_TRUE(array) << array.error();
    EXPECT_EQ(array->operations.size(), 2U);
    const auto list = read_all("(" + std::string(send_edn) + std::string(send_edn) + ")");
    ASSERT_TRUE(list) << list.error();
    EXPECT_EQ(list->operations, array->operations);
    EXPECT_TRUE(read_all("")->operations.empty());
    EXPECT_TRUE(read_all("[]")->operations.empty());
}

TEST(histories, are_numbered_where_they_are_not) {
    const auto all = read_all(R"({:process 0 :type :invoke} {:process 0, :type :ok :index nil})");
    ASSERT_TRUE(all) << all.error();
    EXPECT_EQ(all->operations[1].index, 1);
}

TEST(histories, in_edn_may_hold_whatever_clojure_prints) {
    const auto all = read_all(R"(; a comment
        #jepsen.history.Op{:process 0, :type :info, :f txn, :value (\a \newline #{1} 2N 1/2 -3.5e1 +7)
          #_ignored #_{:a 1} :exception #error {:cause "x\u00e9\ud83d\ude00\n"}
          :at #inst "2026-01-01", ^{:m 1} :b ##Inf :pattern #"a" })");
    ASSERT_TRUE(all) << all.error();
    std::string text = as_edn(all->operations);
    EXPECT_THAT(text, testing::HasSubstr(R"(:value ["a" "newline" [1] 2 0.5 -35.0 7])"));
    EXPECT_THAT(text, testing::HasSubstr("{:cause \"xé😀\\n\"}"));
    EXPECT_THAT(text, testing::HasSubstr(R"(:at "2026-01-01", :b nil, :pattern "a")"));
}

TEST(histories, whose_recorder_was_killed_lose_their_last_line_only) {
    for (const std::string_view whole : {send_json, send_edn}) {
        for (std::size_t cut = 1; cut + 1 < whole.size(); ++cut) {
            const auto all = read_all(std::string(whole) + std::string(whole.substr(0, cut)));
            ASSERT_TRUE(all) << cut << " " << all.error();
            EXPECT_EQ(all->operations.size(), 1U) << cut;
            EXPECT_TRUE(all->cut_short) << cut;
        }
    }
}

TEST(histories, that_are_malformed_say_where_and_why) {
    const std::string good(send_json);
    EXPECT_THAT(error_of(good + "{\"a\":}\n" + good), testing::StartsWith("2: "));
    EXPECT_EQ(error_of("{\"process\":0}\n"), "1: an operation without 'type'");
    EXPECT_EQ(error_of("{\"type\":\"ok\"}\n"), "1: an operation without 'process'");
    EXPECT_EQ(error_of("{\"type\":\"odd\",\"process\":0}\n"),
              "1: 'type' is not invoke, ok, fail or info");
    EXPECT_EQ(error_of("{\"type\":\"ok\",\"process\":-4}\n"),
              "1: 'process' is not a number from 0, nor a name");
    EXPECT_EQ(error_of("{\"type\":\"ok\",\"process\":0,\"time\":\"x\"}\n"),
              "1: 'time' is not an integer");
    EXPECT_EQ(error_of("{\"type\":\"ok\",\"type\":\"ok\",\"process\":0}\n"), "1: a field twice");
    EXPECT_EQ(error_of("[1]"), "1: an operation that is no map");
    EXPECT_EQ(error_of("{:a}\n{}"), "1: a map with a key and no value");
    EXPECT_EQ(error_of("{:process 0 :type :ok :value ]}\n"),
              "1: a closing bracket that nothing opened");
    EXPECT_EQ(error_of(std::string(100, '(') + std::string(100, ')')), "1: nested too deeply");
    EXPECT_EQ(error_of("{:process 0 :type :ok :value \"\xff\"}\n"), "1: a text that is not UTF-8");
    EXPECT_EQ(error_of("[{\"type\":\"ok\"\n"), "1: the text ends within an operation");
}

/// Any operation that both forms can hold without loss.
class any_operation {
  public:
    explicit any_operation(std::uint64_t seed) : random_(seed) {}

    operation draw(std::int64_t index) {
        operation one;
        one.index = index;
        one.time = static_cast<std::int64_t>(random_() >> 4);
        one.process = pick(5) == 0 ? nemesis_process : static_cast<std::int64_t>(pick(100));
        one.type = static_cast<op_type>(pick(4));
        one.f = pick(4) == 0 ? text() : keyword();
        draw_value(one.value);
        if (pick(3) == 0) add(one.error, 0);
        if (pick(3) == 0) {
            one.more.open_map();
            one.more.add_keyword("more-" + keyword());
            add(one.more, 0);
            one.more.close();
        }
        return one;
    }

  private:
    std::size_t pick(std::size_t below) { return random_() % below; }

    std::string keyword() {
        constexpr std::array<std::string_view, 5> names{"send", "a-b", "x/y", "?", "k1"};
        return std::string(names[pick(names.size())]);
    }

    std::string text() {
        constexpr std::array<std::string_view, 8> pieces{
            "a", ":", "\"", "\\", "\n", "\x01", "ü", " "};
        std::string letters;
        for (std::size_t count = pick(5); count > 0; --count)
            letters += pieces[pick(pieces.size())];
        return letters;
    }

    void draw_value(datum& into) {
        if (pick(4) == 0) return add(into, 2);
        into.open_vector();
        for (std::size_t count = pick(4); count > 0; --count) {
            into.open_vector();
            into.add_keyword(keyword());
            for (std::size_t size = pick(3); size > 0; --size) add(into, 1);
            into.close();
        }
        into.close();
    }

    double real() {
        const double drawn = std::bit_cast<double>(random_());
        return std::isfinite(drawn) ? drawn : 1.0;
    }

    void add(datum& into, int depth) {
        switch (pick(depth > 3 ? 6 : 8)) {
            case 0:
                return into.add_nil();
            case 1:
                return into.add_boolean(pick(2) == 0);
            case 2:
                return into.add_integer(static_cast<std::int64_t>(random_()));
            case 3:
                return into.add_real(real());
            case 4:
                return into.add_text(text());
            case 5:
                return into.add_keyword(keyword());
            case 6:
                into.open_map();
                for (std::size_t count = pick(3); count > 0; --count) {
                    pick(2) == 0 ? into.add_keyword(keyword())
                                 : into.add_integer(static_cast<std::int64_t>(pick(9)) - 4);
                    add(into, depth + 1);
                }
                return into.close();
            default:
                // A scalar first: a vector of vectors that begin with texts would be
                // micro-operations.
                into.open_vector();
                into.add_nil();
                for (std::size_t count = pick(3); count > 0; --count) into.add_integer(1);
                return into.close();
        }
    }

    std::mt19937_64 random_;
};

TEST(histories, of_any_content_survive_both_forms_and_any_pace_of_reading) {
    runtime::sim::for_each_seed(300, [](std::uint64_t seed) {
        any_operation any(seed);
        std::vector<operation> operations;
        for (std::int64_t index = 0; index < 10; ++index) operations.push_back(any.draw(index));
        for (const std::string& text : {as_ndjson(operations), as_edn(operations)}) {
            const auto all = read_all(text, 1 + seed % 100);
            ASSERT_TRUE(all) << all.error() << "\n" << text;
            EXPECT_EQ(as_ndjson(all->operations), as_ndjson(operations));
            EXPECT_EQ(all->operations, operations) << text;
            EXPECT_FALSE(all->cut_short);
        }
    });
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(histories, of_the_corpus_are_the_same_in_json_and_edn) {
    if (!std::filesystem::exists(SHARED_CORPUS)) GTEST_SKIP() << "no corpus at " SHARED_CORPUS;
    std::size_t compared = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(SHARED_CORPUS)) {
        if (entry.path().extension() != ".edn") continue;
        std::filesystem::path other = entry.path();
        const auto edn = read_all(text_of(entry.path()));
        const auto json = read_all(text_of(other.replace_extension(".json")));
        ASSERT_TRUE(edn) << entry.path() << edn.error();
        ASSERT_TRUE(json) << other << json.error();
        ASSERT_EQ(edn->operations.size(), json->operations.size()) << entry.path();
        // JSON has no keywords but as acts, so texts are compared by their letters.
        for (std::size_t at = 0; at < edn->operations.size(); ++at) {
            std::string left;
            std::string right;
            append_ndjson(left, edn->operations[at]);
            append_ndjson(right, json->operations[at]);
            std::erase(left, ':');
            std::erase(right, ':');
            EXPECT_EQ(left, right) << entry.path();
        }
        ++compared;
    }
    EXPECT_GT(compared, 0U);
}

}  // namespace
}  // namespace verdikt::checker::history

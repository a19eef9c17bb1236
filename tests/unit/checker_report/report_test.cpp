/// The page as a whole: well-formed, escaped, small, and without scripts.
#include "checker/report/report.h"

#include "checker/report/log_slices.h"
#include "checker/report/markup.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace verdikt::checker::report {

namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view hostile = "</script><img src=x onerror='alert(1)'>\"&\x01\xff\u202e";

/// The first tag that is not closed, or closed out of order; empty if there is none.
std::string unbalanced(std::string_view page) {
    std::vector<std::string> open;
    std::size_t at = page.find('>') + 1;
    while ((at = page.find('<', at)) != std::string_view::npos) {
        const std::size_t end = page.find('>', at);
        if (end == std::string_view::npos) return "<";
        const std::string_view tag = page.substr(at + 1, end - at - 1);
        const std::string name(tag.substr(tag.starts_with('/') ? 1 : 0, tag.find(' ')));
        at = end;
        if (tag.ends_with('/')) continue;
        if (!tag.starts_with('/')) {
            open.push_back(name);
        } else if (open.empty() || open.back() != name) {
            return name;
        } else {
            open.pop_back();
        }
    }
    return open.empty() ? std::string() : open.back();
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char one : text) {
        if (one == '"' || one == '\\') out += '\\';
        if (static_cast<unsigned char>(one) < 0x20) {
            out += "\\u0001";
        } else if (static_cast<unsigned char>(one) != 0xff) {
            out += one;
        }
    }
    return out + "\"";
}

std::string small_history(std::string_view value) {
    std::string lines;
    for (int at = 0; at < 20; ++at) {
        lines += fmt::format(
            R"({{"index":{0},"time":{2},"process":{4},"type":"invoke","f":"send","value":[["send",0,{5}]]}}
{{"index":{1},"time":{3},"process":{4},"type":"ok","f":"send","value":[["send",0,[{4},{5}]]]}}
)",
            2 * at,
            2 * at + 1,
            at * 100'000'000,
            at * 100'000'000 + 3'000'000,
            at,
            at == 7 ? quoted(value) : fmt::format("{}", at));
    }
    lines +=
        R"({"index":40,"time":2100000000,"process":30,"type":"invoke","f":"poll","value":[["poll"]]}
{"index":41,"time":2200000000,"process":30,"type":"ok","f":"poll","value":[["poll",{"0":[[5,5],[6,6],[8,8],[9,9]]}]]}
)";
    return lines;
}

run losing_run(std::string_view text) {
    run what;
    what.test = text;
    what.says = verdict::violation;
    what.seed = 7;
    what.began_at = 1'700'000'000'000'000'000;
    what.command = fmt::format("verdikt test --seed 7 {}", text);
    what.settings = {{"acks", "1"}, {std::string(text), std::string(text)}};
    what.reasons = {std::string(text)};
    what.faults = {{.kind = "kill",
                    .family = "process",
                    .what = std::string(text),
                    .targets = "node 2",
                    .from = 500'000'000,
                    .to = 900'000'000,
                    .bit = true,
                    .evidence = {{"node 2", true, std::string(text)}}}};
    what.leaders = {{"orders/0", 0, 500'000'000, 2, 4},
                    {"orders/0", 600'000'000, 2'200'000'000, 1, 5}};
    finding lost{.name = "lost-write", .promised_by = "acks=all", .count = 1, .examples = {}};
    lost.examples.push_back({.operations = {15, 41},
                             .what = std::string(text),
                             .places = {{"0", 7}},
                             .cycle = {{15, 41, "wr"}, {41, 15, "realtime"}}});
    judgement said;
    said.says = verdict::violation;
    said.violations = {lost};
    said.allowed = {lost};
    what.opinions = {{"log", said}};
    return what;
}

report made_of(const run& what, const std::string& lines) {
    history::text_source source(lines);
    return make_report(what, source, {});
}

}  // namespace

TEST(a_report, is_well_formed_and_needs_no_script) {
    const report made = made_of(losing_run("orders"), small_history("7"));
    EXPECT_EQ(unbalanced(made.html), "");
    EXPECT_THAT(made.html, Not(HasSubstr("<script")));
    EXPECT_THAT(made.html, Not(HasSubstr("http://")));
    EXPECT_THAT(made.html, Not(HasSubstr("https://")));
}

TEST(a_report, shows_the_guarantee_that_was_broken_and_the_operations_that_prove_it) {
    const report made = made_of(losing_run("orders"), small_history("7"));
    EXPECT_THAT(made.html, HasSubstr("A committed message stays readable."));
    EXPECT_THAT(made.html, HasSubstr("<b>operation 15</b>"));
    EXPECT_THAT(made.html, HasSubstr("<mark>7</mark>"));
    EXPECT_THAT(made.html, HasSubstr("polled partition 0: 5:5 6:6 8:8 9:9"));
    EXPECT_THAT(made.html, HasSubstr("passed over"));
    EXPECT_THAT(made.html, HasSubstr("<span>--seed</span> <span>7</span>"));
}

TEST(a_report, shows_who_led_on_the_timeline_and_under_both_plots) {
    const std::string html = made_of(losing_run("orders"), small_history("7")).html;
    const std::string band = "orders/0: node 1 in epoch 5 · 0.600 s to 2.200 s";
    std::size_t bands = 0;
    for (std::size_t at = 0; (at = html.find(band, at)) != std::string::npos; ++at) ++bands;
    EXPECT_EQ(bands, 3U);
}

TEST(a_report, shows_what_the_checkers_note) {
    run what = losing_run("orders");
    what.opinions[0].said.notes = {"the last line was cut short"};
    EXPECT_THAT(made_of(what, small_history("7")).html,
                HasSubstr("log checker notes: the last line was cut short"));
}

TEST(a_report, escapes_whatever_comes_from_outside) {
    const report made = made_of(losing_run(hostile), small_history(hostile));
    EXPECT_EQ(unbalanced(made.html), "");
    EXPECT_THAT(made.html, Not(HasSubstr("<img")));
    EXPECT_THAT(made.html, Not(HasSubstr("\x01")));
    EXPECT_THAT(made.html, Not(HasSubstr("\u202e")));
    EXPECT_THAT(made.html, HasSubstr("&lt;/script&gt;&lt;img src=x onerror=&#39;alert(1)&#39;"));
}

TEST(a_report, of_a_malformed_history_says_so) {
    const report made = made_of(losing_run("orders"), small_history("7") + "{\"index\":oh}\n{}\n");
    EXPECT_EQ(unbalanced(made.html), "");
    EXPECT_THAT(made.html, HasSubstr("The history is malformed at line 43"));
}

TEST(a_report, stays_small_whatever_is_in_it) {
    run what = losing_run("orders");
    for (int at = 0; at < 5000; ++at) what.faults.push_back(what.faults.front());
    const std::string long_value(3'000'000, 'x');
    EXPECT_LT(made_of(what, small_history(long_value)).html.size(), 5'000'000U);
}

TEST(a_report, slices_the_logs_around_what_is_proven) {
    const std::string history = small_history("7");
    const std::string log =
        "2023-11-14T22:13:20.100Z broker-1 INFO too_early\n"
        "2023-11-14T22:13:22.150Z broker-1 WARN truncated partition=0\n"
        "  a second line of it\n"
        "2023-11-14T22:14:22.150Z broker-1 INFO too_late\n";
    run what = losing_run("orders");
    what.opinions[0].said.violations[0].examples[0].operations = {41};
    history::text_source source(history);
    history::text_source lines(log);
    const node_log node{"node 1", &lines};
    const report made = make_report(what, source, std::span(&node, 1));
    EXPECT_THAT(made.html, HasSubstr("truncated partition=0\n  a second line of it"));
    EXPECT_THAT(made.html, Not(HasSubstr("too_early")));
    EXPECT_THAT(made.html, Not(HasSubstr("too_late")));
}

TEST(escaping, shows_bytes_that_are_no_utf8_as_numbers) {
    EXPECT_EQ(escaped("a\xc3\xa4\xff\xc0\x80"), "aä\\xff\\xc0\\x80");
}

TEST(durations, are_kept_to_within_a_fifth) {
    durations all;
    for (int at = 0; at < 99; ++at) all.add(1'000'000);
    all.add(1'000'000'000);
    EXPECT_NEAR(static_cast<double>(all.quantile(0.5)), 1e6, 2e5);
    EXPECT_NEAR(static_cast<double>(all.quantile(1)), 1e9, 2e8);
}

TEST(rates, lose_nothing_when_slots_become_longer) {
    rates all;
    for (int at = 0; at < 5000; ++at) {
        all.add("send", history::op_type::ok, std::int64_t{at} * 10'000'000, 1'000'000);
    }
    std::uint64_t ok = 0;
    for (const outcome_counts& one : all.slots()) ok += one.ok;
    EXPECT_EQ(ok, 5000U);
    EXPECT_LE(all.slots().size(), rates::slots_max);
    EXPECT_EQ(all.kinds().at("send").took.count(), 5000U);
}

}  // namespace verdikt::checker::report

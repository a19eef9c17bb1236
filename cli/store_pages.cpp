#include "cli/store_pages.h"

#include "checker/report/page.h"
#include "checker/report/words.h"
#include "cli/url.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace verdikt::cli {

namespace {

using checker::report::attributes;
using checker::report::markup;
using checker::report::shortened;

constexpr std::size_t runs_on_page = 100;
constexpr std::size_t name_bytes_max = 120;
constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view text_type = "text/plain; charset=utf-8";

constexpr std::array<std::string_view, 6> verdicts{
    "valid", "violation", "inconclusive", "infra", "crash", "unfinished"};

std::string_view verdict_of(const listed_run& one) {
    return one.summary ? name_of(one.summary->says) : "unfinished";
}

std::string address_of(const listed_run& one) {
    return percent_encoded(fmt::format("/runs/{}/{}/", one.test, one.time));
}

http_answer plain(std::string_view status, std::string_view text) {
    return {.status = status, .type = text_type, .body = fmt::format("{}\n", text)};
}

http_answer page(const std::string& title, const std::function<void(markup&)>& write_body) {
    return {.status = "200 OK",
            .type = html_type,
            .body = checker::report::whole_page(title, write_body)};
}

// The list of all runs.

struct chosen {
    std::string test;
    std::string verdict;
    std::size_t page = 0;

    [[nodiscard]] bool lets_pass(const listed_run& one) const {
        return (test.empty() || test == one.test) &&
               (verdict.empty() || verdict == verdict_of(one));
    }
    [[nodiscard]] std::string address() const {
        return fmt::format(
            "/?test={}&verdict={}&page={}", percent_encoded(test), percent_encoded(verdict), page);
    }
};

chosen chosen_by(const url& where) {
    const auto value = [&where](const char* name) {
        const auto found = where.query.find(name);
        return found == where.query.end() ? std::string() : found->second;
    };
    return {.test = value("test"),
            .verdict = value("verdict"),
            .page = runtime::parse_number<std::size_t>(value("page")).value_or(0)};
}

void write_choice(markup& into, const std::string& text, const chosen& to, bool is_now) {
    if (is_now) {
        into.leaf("b", shortened(text, name_bytes_max));
    } else {
        into.leaf("a", shortened(text, name_bytes_max), {{"href", to.address()}});
    }
}

void write_choices(markup& into, const std::vector<listed_run>& all, const chosen& now) {
    std::set<std::string> tests;
    for (const listed_run& one : all) tests.insert(one.test);
    {
        const auto line = into.open("p", {{"class", "choices"}});
        into.text("Test:");
        write_choice(into, "all", {"", now.verdict}, now.test.empty());
        for (const std::string& one : tests) {
            write_choice(into, one, {one, now.verdict}, now.test == one);
        }
    }
    const auto line = into.open("p", {{"class", "choices"}});
    into.text("Verdict:");
    write_choice(into, "all", {now.test, ""}, now.verdict.empty());
    for (const std::string_view one : verdicts) {
        write_choice(into, std::string(one), {now.test, std::string(one)}, now.verdict == one);
    }
}

std::string faults_in_words(const run_summary& of) {
    if (of.faults == 0) return "none";
    return fmt::format("{} of {} bit, {}",
                       of.faults_bit,
                       of.faults,
                       checker::report::counted(of.kinds_bit, "kind"));
}

std::string operations_in_words(const run_summary& of) {
    using checker::report::grouped;
    return fmt::format(
        "{} ok, {} failed, {} unknown", grouped(of.ok), grouped(of.failed), grouped(of.unknown));
}

void write_cell(markup& into, std::string_view title, const std::string& text) {
    into.leaf("td", text, {{"data-title", std::string(title)}});
}

void write_run(markup& into, const listed_run& one) {
    const auto row = into.open("tr");
    const std::string says(verdict_of(one));
    {
        const auto cell = into.open("td");
        into.leaf("a", says, {{"class", "badge v-" + says}, {"href", address_of(one)}});
    }
    write_cell(into, "test", shortened(one.test, name_bytes_max));
    if (!one.summary) {
        write_cell(into, "began", shortened(one.time, name_bytes_max));
        into.leaf("td", "no results yet, or none that can be read", {{"colspan", "4"}});
        return;
    }
    const run_summary& of = *one.summary;
    write_cell(into,
               "began",
               of.began_at == 0 ? shortened(one.time, name_bytes_max)
                                : checker::report::wall_time(of.began_at));
    write_cell(into, "took", checker::report::duration_in_words(of.length));
    write_cell(into, "operations", operations_in_words(of));
    write_cell(into, "faults", faults_in_words(of));
    write_cell(into, "seed", fmt::format("{}", of.seed));
}

void write_table(markup& into, const std::vector<const listed_run*>& shown, const chosen& now) {
    const std::size_t from = std::min(now.page, shown.size() / runs_on_page) * runs_on_page;
    const std::size_t to = std::min(from + runs_on_page, shown.size());
    {
        const auto table = into.open("table", {{"class", "runs"}});
        {
            const auto row = into.open("tr");
            for (const auto* const title :
                 {"verdict", "test", "began", "took", "operations", "faults", "seed"}) {
                into.leaf("th", title);
            }
        }
        for (std::size_t at = from; at < to; ++at) write_run(into, *shown[at]);
    }
    const auto line = into.open("p", {{"class", "choices"}});
    if (from > 0) write_choice(into, "newer", {now.test, now.verdict, now.page - 1}, false);
    if (to < shown.size())
        write_choice(into, "older", {now.test, now.verdict, now.page + 1}, false);
}

http_answer list_page(store& from, const url& where) {
    const std::vector<listed_run> all = from.runs();
    const chosen now = chosen_by(where);
    std::vector<const listed_run*> shown;
    for (const listed_run& one : all) {
        if (now.lets_pass(one)) shown.push_back(&one);
    }
    return page("Runs · Verdikt", [&](markup& into) {
        const auto section = into.open("section");
        into.leaf("p", "Verdikt · " + shortened(from.root().string(), 300), {{"class", "over"}});
        into.leaf("h1", checker::report::counted(shown.size(), "run"), {{"class", "plain"}});
        write_choices(into, all, now);
        if (shown.empty()) {
            into.leaf("p", all.empty() ? "No test has run yet." : "None of them is so.");
        } else {
            write_table(into, shown, now);
        }
    });
}

// One run.

std::string size_in_words(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    if (bytes < 1'000'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

bool is_history(std::string_view path) {
    return path == "history.ndjson" || path == "history.edn";
}

void write_files(markup& into, const listed_run& one, const std::vector<stored_file>& files) {
    into.leaf("h2", "Files");
    const auto scroll = into.open("div", {{"class", "scroll"}});
    const auto table = into.open("table");
    for (const stored_file& file : files) {
        const auto row = into.open("tr");
        {
            const auto cell = into.open("td");
            into.leaf("a",
                      shortened(file.path, 300),
                      {{"href", address_of(one) + percent_encoded(file.path)}});
            if (is_history(file.path)) into.text(" (the history, to keep)");
        }
        into.leaf("td", size_in_words(file.size), {{"class", "number"}});
    }
}

void write_summary(markup& into, const run_summary& of) {
    using namespace checker::report;
    into.leaf("p", shortened(of.words, 2000), {{"class", "words"}});
    const auto facts = into.open("p", {{"class", "facts"}});
    if (of.began_at != 0) into.text(wall_time(of.began_at) + " · ");
    into.text(fmt::format("{} · {} · faults: {} · seed {}",
                          duration_in_words(of.length),
                          operations_in_words(of),
                          faults_in_words(of),
                          of.seed));
}

http_answer run_page(const store& from, const listed_run& one) {
    const std::vector<stored_file> files = from.files_of(one);
    const bool has_report =
        std::ranges::find(files, "report.html", &stored_file::path) != files.end();
    return page(shortened(one.test, name_bytes_max) + " · Verdikt", [&](markup& into) {
        {
            const std::string says(verdict_of(one));
            const auto head = into.open("header", {{"class", "v-" + says}});
            {
                const auto over = into.open("p", {{"class", "over"}});
                into.leaf("a", "All runs", {{"href", "/"}});
                into.text(fmt::format(" · {} · {}",
                                      shortened(one.test, name_bytes_max),
                                      shortened(one.time, name_bytes_max)));
            }
            into.leaf("h1", says);
            if (one.summary) write_summary(into, *one.summary);
            if (has_report) {
                into.leaf("a",
                          "Read the report",
                          {{"class", "button"}, {"href", address_of(one) + "report.html"}});
            }
        }
        const auto section = into.open("section");
        write_files(into, one, files);
        into.leaf("h2", "Judge it again");
        const auto folder = from.root() / one.test / one.time;
        into.leaf("pre", "verdikt analyze " + folder.string(), {{"class", "command"}});
        if (!one.summary || one.summary->command.empty()) return;
        into.leaf("h2", "Run it again");
        into.leaf("pre", shortened(one.summary->command, 8000), {{"class", "command"}});
    });
}

// Files.

http_answer file_answer(std::filesystem::path file) {
    const std::string name = file.filename().string();
    http_answer made{.status = "200 OK", .type = "application/octet-stream", .file = file};
    made.download = true;
    // Only our own page is shown as a page: any other markup in a store came from somebody else.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> shown{
        {{"report.html", html_type},
         {".json", "application/json"},
         {".log", text_type},
         {".properties", text_type}}};
    for (const auto& [end, type] : shown) {
        const bool is_so = end.starts_with('.') ? name.ends_with(end) : name == end;
        if (!is_so) continue;
        made.type = type;
        made.download = false;
    }
    if (is_history(name)) made.type = text_type;
    return made;
}

http_answer answer_within(store& from, const url& where) {
    if (where.path.empty()) return list_page(from, where);
    if (where.path.size() >= 3 && where.path[0] == "runs") {
        if (where.path.size() == 3) {
            const auto one = from.find(where.path[1], where.path[2]);
            if (one) return run_page(from, *one);
        } else {
            std::filesystem::path within;
            for (std::size_t at = 1; at < where.path.size(); ++at) within /= where.path[at];
            auto file = from.file_at(within);
            if (file) return file_answer(std::move(*file));
        }
    }
    return plain("404 Not Found", "there is nothing here; / lists all runs");
}

}  // namespace

http_answer answer_of(store& from, std::string_view method, std::string_view target) {
    if (method != "GET" && method != "HEAD")
        return plain("405 Method Not Allowed", "only GET and HEAD");
    const auto where = parse_url(target);
    if (!where) return plain("400 Bad Request", "that is no address");
    try {
        return answer_within(from, *where);
    } catch (const std::filesystem::filesystem_error& problem) {
        return plain("500 Internal Server Error", problem.code().message());
    }
}

}  // namespace verdikt::cli

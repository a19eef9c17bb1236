/// `verdikt analyze`: a stored run judged again, by the checkers of today.
#include "checker/report/results_json.h"
#include "cli/judgement_text.h"
#include "cli/report_files.h"
#include "cli/run_folder.h"
#include "cli/run_text.h"
#include "cli/subcommands.h"
#include "cli/text_file.h"
#include "trial/judging.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>

namespace verdikt::cli {

namespace {

namespace fs = std::filesystem;

constexpr int exit_internal = 255;

struct analyze_options {
    std::string run = "latest";
    std::string store = "store";
    std::string format = "text";
};

/// In the store, or wherever it lies. Throws bad_arguments.
fs::path folder_of(const analyze_options& options) {
    for (const fs::path& folder : {fs::path(options.store) / options.run, fs::path(options.run)}) {
        std::error_code failure;
        const fs::path real = fs::canonical(folder, failure);
        if (!failure && fs::is_regular_file(real / "results.json", failure)) return real;
    }
    throw bad_arguments(fmt::format("there is no run '{}': neither it nor {} has a results.json",
                                    options.run,
                                    (fs::path(options.store) / options.run).string()));
}

int analyze(const analyze_options& options) {
    const fs::path folder = folder_of(options);
    const std::string results = (folder / "results.json").string();
    auto what = value_or_refuse(checker::report::read_results(text_of_file(results)), results).what;
    const checker::verdict before = what.says;
    const auto judged = trial::judge_run(
        what, [&folder] { return std::make_unique<file_bytes>(history_in(folder)); });
    if (!judged) {
        throw bad_arguments(fmt::format("{}: {}", results, judged.error()));
    }
    if (const auto written = write_report(folder, what); !written) {
        throw std::runtime_error(written.error());
    }
    if (options.format == "json") {
        fmt::print("{}", text_of_file(results));
    } else {
        fmt::print("{}", run_text(what));
        if (before != what.says) fmt::print("before: {}\n", name_of(before));
        fmt::print("report: {}\n", (folder / "report.html").string());
    }
    std::fflush(stdout);
    return exit_code_of(what.says);
}

int analyze_or_tell(const analyze_options& options) {
    try {
        return analyze(options);
    } catch (const bad_arguments&) {
        throw;
    } catch (const std::exception& problem) {
        fmt::print(stderr, "verdikt analyze: {}\n", problem.what());
    }
    return exit_internal;
}

}  // namespace

action declare_analyze(flags& app) {
    const auto options = std::make_shared<analyze_options>();
    app.add_option("run,--run",
                   options->run,
                   "The folder of a run, or its name in the store: latest, queue/latest, …");
    app.add_option("--store", options->store, "The folder of all runs");
    app.add_option("--format", options->format, "How the end is told").one_of({"text", "json"});
    return [options] { return analyze_or_tell(*options); };
}

}  // namespace verdikt::cli

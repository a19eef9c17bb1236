#include "cli/store.h"

#include "checker/report/results_json.h"
#include "cli/subcommand.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

namespace verdikt::cli {

namespace fs = std::filesystem;

namespace {

/// Larger ones are none of ours.
constexpr std::uint64_t results_bytes_max = std::uint64_t{64} << 20;
constexpr int depth_max = 5;

run_summary summary_of(const checker::report::stored_results& stored) {
    run_summary made{.says = stored.what.says,
                     .words = stored.words,
                     .command = stored.what.command,
                     .began_at = stored.what.began_at,
                     .length = stored.length,
                     .seed = stored.what.seed,
                     .ok = stored.ended.ok,
                     .failed = stored.ended.fail,
                     .unknown = stored.ended.info,
                     .faults = stored.what.faults.size()};
    std::set<std::string_view> kinds;
    for (const checker::report::fault_span& one : stored.what.faults) {
        if (!one.bit) continue;
        ++made.faults_bit;
        kinds.insert(one.kind);
    }
    made.kinds_bit = kinds.size();
    return made;
}

/// Those of that folder that are no links.
std::vector<std::string> folders_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const fs::directory_entry& one : fs::directory_iterator(folder, ignored)) {
        if (one.is_directory(ignored) && !one.is_symlink(ignored)) {
            names.push_back(one.path().filename().string());
        }
    }
    return names;
}

}  // namespace

store::store(const fs::path& root) {
    std::error_code failure;
    root_ = fs::canonical(root, failure);
    if (failure || !fs::is_directory(root_)) {
        throw bad_arguments(fmt::format("--store: there is no folder '{}'; 'verdikt test' makes it",
                                        root.string()));
    }
}

std::vector<listed_run> store::runs() {
    std::vector<listed_run> all;
    for (const std::string& test : folders_in(root_)) {
        for (const std::string& time : folders_in(root_ / test)) {
            all.push_back({test, time, summary_of(root_ / test / time / "results.json")});
        }
    }
    std::ranges::sort(all, [](const listed_run& one, const listed_run& other) {
        return std::pair(other.time, one.test) < std::pair(one.time, other.test);
    });
    return all;
}

std::optional<listed_run> store::find(const std::string& test, const std::string& time) {
    const auto folder = inside(fs::path(test) / time);
    std::error_code ignored;
    if (!folder || !fs::is_directory(*folder, ignored)) return std::nullopt;
    const fs::path name = folder->lexically_relative(root_);
    if (std::ranges::distance(name) != 2) return std::nullopt;
    return listed_run{name.parent_path().string(),
                      name.filename().string(),
                      summary_of(*folder / "results.json")};
}

std::vector<stored_file> store::files_of(const listed_run& run) const {
    const fs::path folder = root_ / run.test / run.time;
    std::vector<stored_file> files;
    std::error_code ignored;
    auto at = fs::recursive_directory_iterator(folder, ignored);
    for (; !ignored && at != fs::end(at); at.increment(ignored)) {
        if (at.depth() >= depth_max) at.disable_recursion_pending();
        if (at->is_symlink(ignored) || !at->is_regular_file(ignored)) continue;
        if (files.size() >= files_listed_max) break;
        files.push_back({at->path().lexically_relative(folder).string(), at->file_size(ignored)});
    }
    std::ranges::sort(files, {}, &stored_file::path);
    return files;
}

std::optional<fs::path> store::file_at(const fs::path& within) const {
    auto path = inside(within);
    std::error_code ignored;
    // Nothing but a file: a pipe or a device would hold us up.
    if (path && !fs::is_regular_file(fs::symlink_status(*path, ignored))) path.reset();
    return path;
}

std::optional<fs::path> store::inside(const fs::path& within) const {
    if (within.empty() || within.is_absolute()) return std::nullopt;
    std::error_code failure;
    fs::path path = fs::canonical(root_ / within, failure);
    if (failure) return std::nullopt;
    const auto [rest, unused] = std::ranges::mismatch(root_, path);
    if (rest != root_.end()) return std::nullopt;
    return path;
}

std::optional<run_summary> store::summary_of(const fs::path& results) {
    std::error_code failure;
    const fs::file_status there = fs::symlink_status(results, failure);
    if (failure || !fs::is_regular_file(there)) return std::nullopt;
    const auto written = fs::last_write_time(results, failure);
    const std::uint64_t size = fs::file_size(results, failure);
    if (failure || size > results_bytes_max) return std::nullopt;
    remembered& here = known_[results];
    if (here.written == written && here.size == size) return here.summary;
    std::ifstream file(results, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    const auto stored = checker::report::read_results(text.view());
    here = {written, size, std::nullopt};
    if (stored) here.summary = cli::summary_of(*stored);
    return here.summary;
}

}  // namespace verdikt::cli

/// The store of runs as it lies on disk: `<test>/<time>/`, with what each run kept.
///
/// Reads only. Whatever it gives away lies in the store, after every link has been followed.
#pragma once

#include "checker/verdict/judgement.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::cli {

/// What a list shows of a run, from its `results.json`.
struct run_summary {
    checker::verdict says = checker::verdict::inconclusive;
    std::string words;
    std::string command;
    std::int64_t began_at = 0;
    std::int64_t length = 0;
    std::uint64_t seed = 0;
    std::uint64_t ok = 0;
    std::uint64_t failed = 0;
    std::uint64_t unknown = 0;
    std::size_t faults = 0;
    std::size_t faults_bit = 0;
    std::size_t kinds_bit = 0;
};

struct listed_run {
    std::string test;
    std::string time;  ///< The name of its folder.
    /// Nothing while it goes on, and if it was killed or its results cannot be read.
    std::optional<run_summary> summary;
};

struct stored_file {
    std::string path;  ///< Within the run.
    std::uint64_t size = 0;
};

class store {
  public:
    static constexpr std::size_t files_listed_max = 2000;

    /// Throws bad_arguments if there is no such folder.
    explicit store(const std::filesystem::path& root);

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }
    /// The newest first. What was read is remembered until its file changes.
    [[nodiscard]] std::vector<listed_run> runs();
    /// `time` may be a link, such as `latest`.
    [[nodiscard]] std::optional<listed_run> find(const std::string& test, const std::string& time);
    /// By path; links are left out.
    [[nodiscard]] std::vector<stored_file> files_of(const listed_run& run) const;
    /// The regular file that is meant, without links on its way; nothing if there is none within
    /// the store.
    [[nodiscard]] std::optional<std::filesystem::path> file_at(
        const std::filesystem::path& within) const;

  private:
    struct remembered {
        std::filesystem::file_time_type written;
        std::uint64_t size = 0;
        std::optional<run_summary> summary;
    };

    [[nodiscard]] std::optional<std::filesystem::path> inside(
        const std::filesystem::path& within) const;
    [[nodiscard]] std::optional<run_summary> summary_of(const std::filesystem::path& results);

    std::filesystem::path root_;
    std::map<std::filesystem::path, remembered> known_;
};

}  // namespace verdikt::cli

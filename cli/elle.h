/// elle-cli, run beside us: a second opinion on histories of lists and registers.
///
/// A program of Java that somebody else wrote (scripts/get-elle fetches it). It gets one file, so
/// much time and so much memory; whatever it does with them, only a line that says so is a verdict.
#pragma once

#include "checker/elle/elle_answer.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>

namespace verdikt::cli {

struct elle_question {
    std::filesystem::path program;
    /// `list-append` or `rw-register`.
    std::string model;
    /// As for --consistency-model.
    std::string consistency_models;
    /// As `checker::elle::elle_history` writes it.
    std::filesystem::path history;
    std::chrono::seconds time_out{600};
    /// Of the Java heap.
    std::uint64_t memory_mb = 4096;
};

struct elle_reply {
    checker::elle::answer says = checker::elle::answer::none;
    /// Why it gave no verdict; empty where it did.
    std::string why;
};

/// `asked` names a program or is empty; then VERDIKT_ELLE does, and then `elle-cli` on the path.
/// Nothing where there is none; the error where one was named that cannot be run.
[[nodiscard]] std::expected<std::optional<std::filesystem::path>, std::string> find_elle(
    const std::string& asked);

/// Writes what Elle printed beside the history. It runs no longer when this returns.
[[nodiscard]] elle_reply ask_elle(const elle_question& question);

}  // namespace verdikt::cli

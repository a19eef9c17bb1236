/// What a history may be about, and who judges it.
#pragma once

#include "checker/history/reader.h"
#include "checker/verdict/judgement.h"

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::cli {

/// What was asked of the system under trial, as flags tell it. The defaults are the safe settings;
/// each model takes what means something to it.
struct asked_settings {
    std::string acks = "all";
    std::string isolation_level = "read_committed";
    std::string sub_via = "recorded";
    std::string final_reads = "recorded";
    bool no_idempotence = false;
    bool no_transactions = false;
    bool auto_commit = false;
    bool unclean_elections = false;
    bool log_append_time = false;
    std::uint64_t sends_min = 1;
    std::uint64_t polls_min = 1;
    std::string consistency_model = "strict-serializable";
    bool writes_follow_reads = false;
    bool sequential_keys = false;
    bool linearizable_keys = false;
};

/// Throws `bad_arguments` where there is no such consistency model, naming the nearest.
void check_consistency_model(const asked_settings& asked);

struct model {
    std::string_view name;
    /// Requires: `check_consistency_model` let the settings pass.
    std::expected<checker::judgement, checker::history::malformed> (*judge)(
        checker::history::operation_reader& history, const asked_settings& asked);
};

[[nodiscard]] std::span<const model> all_models();
[[nodiscard]] std::vector<std::string> model_names();
/// Requires: it is one of those.
[[nodiscard]] const model& model_named(std::string_view name);

}  // namespace verdikt::cli

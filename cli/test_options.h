/// What `verdikt test` is told, and what that means.
#pragma once

#include "cli/flags.h"
#include "trial/trial.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::cli {

struct test_options {
    std::string workload = "queue";
    std::string lab = "auto";
    std::string demo;
    bool safe = false;
    std::string store = "store";
    std::string format = "text";
    std::string schedule_file;
    double time_limit = 60;
    std::int32_t nodes = 3;
    std::vector<std::string> nemesis;
    std::vector<std::string> overrides;
    workloads::load_options load;

    void declare(flags& app);
    /// Carries out what `--demo` stands for. Throws bad_arguments.
    void apply_demo();
    /// Throws bad_arguments.
    [[nodiscard]] trial::trial_options trial() const;
    /// key=value, for every broker. Throws bad_arguments.
    [[nodiscard]] std::vector<std::string> broker_overrides() const;
    /// Runs the same again, in a shell.
    [[nodiscard]] std::string command() const;

  private:
    [[nodiscard]] std::optional<nemesis::schedule> chosen_schedule() const;
};

/// Names of faults, of their families, or beginnings of names as in `partition`. Nothing: all that
/// the lab can do; `none`: none. Throws bad_arguments.
[[nodiscard]] std::optional<std::vector<nemesis::fault_kind>> chosen_faults(
    const std::vector<std::string>& words);

}  // namespace verdikt::cli

/// Elle's opinion beside ours, for `verdikt check`.
#pragma once

#include "checker/verdict/judgement.h"
#include "cli/flags.h"
#include "cli/models.h"

#include <cstdint>
#include <string>

namespace verdikt::cli {

struct elle_options {
    std::string elle;
    bool no_elle = false;
    std::uint64_t time_out_s = 600;
    std::uint64_t memory_mb = 4096;
};

void declare_elle_options(flags& app, elle_options& options);

/// Asks Elle, if it is there, about the same file, which is read again. Requires: `model` is
/// list-append or rw-register. Throws `bad_arguments` where an Elle was named that cannot be run.
void add_elle_opinion(const std::string& file,
                      const std::string& model,
                      const elle_options& options,
                      const asked_settings& asked,
                      checker::judgement& judged);

}  // namespace verdikt::cli

/// All that `verdikt-bench` can measure. To add a subject: write `<subject>_bench.cpp`, declare its
/// function here, and put it into the list.
#pragma once

#include <string_view>

namespace verdikt::bench {

struct settings;

void run_checksum_section(const settings& settings);
void run_codec_section(const settings& settings);
void run_batch_section(const settings& settings);
void run_simulation_section(const settings& settings);

struct section {
    std::string_view name;  ///< For `--only`.
    std::string_view measures;
    void (*run)(const settings& settings);
};

inline constexpr section all_sections[] = {
    {"checksum", "CRC-32C against reading and copying the same memory", run_checksum_section},
    {"codecs", "compression against the bare library call", run_codec_section},
    {"batches",
     "building, reading and validating batches against their checksum",
     run_batch_section},
    {"simulation", "events of the simulated world", run_simulation_section},
};

}  // namespace verdikt::bench

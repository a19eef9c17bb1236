#include "runtime/sim/process_log.h"

#include "runtime/log_level_name.h"
#include "runtime/sim/process.h"
#include "runtime/sim/world.h"

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace verdikt::runtime::sim {

namespace {

std::optional<log_level> printed_from() {
    static const std::optional<log_level> level = []() -> std::optional<log_level> {
        const char* const text = std::getenv("VERDIKT_SIM_LOG");
        if (text == nullptr) return std::nullopt;
        for (const log_level known :
             {log_level::debug, log_level::info, log_level::warning, log_level::error}) {
            if (describe(known) == text) return known;
        }
        return std::nullopt;
    }();
    return level;
}

}  // namespace

bool process_log::enabled(log_level level) const {
    if (!process_.alive()) return false;
    const bool printed = printed_from().has_value() && level >= *printed_from();
    return printed || level >= process_.universe().options().lowest_log_level;
}

void process_log::write_line(log_level level,
                             std::string_view event,
                             std::span<const log_field> fields) {
    world& universe = process_.universe();
    std::string line(event);
    for (const log_field& field : fields) line += fmt::format(" {}={}", field.name, field.value);
    if (level >= universe.options().lowest_log_level) {
        universe.record(effect::log_line, process_.home().index(), line.size(), hash_text(line));
        universe.keep_log_line(process_.home().name(), line);
    }
    if (printed_from().has_value() && level >= *printed_from()) {
        const auto time = std::chrono::duration<double>(universe.now().time_since_epoch());
        fmt::print(stderr,
                   "{:.6f} {} {} {}\n",
                   time.count(),
                   process_.home().name(),
                   describe(level),
                   line);
    }
}

}  // namespace verdikt::runtime::sim

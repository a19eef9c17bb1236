/// Log lines of the real world, one a line: `2026-01-31T12:00:00.000Z node-1 info event key=value
/// …`.
///
/// Lines are handed to a thread of their own, so that whatever stderr is (a pipe that nobody reads,
/// a file on a hung disk) never holds up the loop. When that thread is `lines_waiting_max` behind,
/// the oldest lines are dropped.
#pragma once

#include "runtime/clock.h"
#include "runtime/log.h"

#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace verdikt::runtime::real {

enum class log_format { text, json };

struct log_options {
    log_level level = log_level::info;
    log_format format = log_format::text;
    /// Stays the caller's; must live as long as the world.
    std::FILE* out = stderr;
};

/// What stands in front of every event.
struct log_stamp {
    wall_instant time;
    std::string_view node;
    log_level level;
};

/// Values are quoted, with \" \\ \n and the like escaped, where they are empty or hold a space, a
/// quote, an equals sign or a control character.
[[nodiscard]] std::string format_text_line(const log_stamp& stamp,
                                           std::string_view event,
                                           std::span<const log_field> fields);

/// One JSON object: time, node, level, event, then the fields, all values strings.
[[nodiscard]] std::string format_json_line(const log_stamp& stamp,
                                           std::string_view event,
                                           std::span<const log_field> fields);

[[nodiscard]] std::unique_ptr<log_sink> make_log_sink(std::string node, log_options options);

}  // namespace verdikt::runtime::real

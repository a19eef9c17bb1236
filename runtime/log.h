/// Structured log lines: an event name and named values. The world adds time and node in front.
///
///     log.write(log_level::info, "segment_rolled", {{"partition", name}, {"base_offset", base}});
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace verdikt::runtime {

enum class log_level { debug, info, warning, error };

struct log_field {
    template <typename T>
    log_field(std::string_view field_name, const T& field_value)
        : name(field_name), value(fmt::format("{}", field_value)) {}

    std::string_view name;
    std::string value;
};

class log_sink {
  public:
    virtual ~log_sink() = default;

    /// `event` is snake_case and stable: people search for it.
    void write(log_level level,
               std::string_view event,
               std::initializer_list<log_field> fields = {}) {
        if (enabled(level)) write_line(level, event, {fields.begin(), fields.size()});
    }

    [[nodiscard]] virtual bool enabled(log_level level) const = 0;

  protected:
    virtual void write_line(log_level level,
                            std::string_view event,
                            std::span<const log_field> fields) = 0;
};

}  // namespace verdikt::runtime

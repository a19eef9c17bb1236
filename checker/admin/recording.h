/// A history of changes to topics, partitions and configurations, and of what brokers answered.
///
/// Operations understood, by `f`:
///     create-topic       {topic t, partitions n, configs {name value}}
///     delete-topic       {topic t}
///     create-partitions  {topic t, partitions n}: so many from now on
///     alter-configs      {topic t, configs {name value}}; a value of nil is no longer set
///     describe-topics    {broker b, topics [t …]}, completed as {broker b, topics {t n}}: how many
///                        partitions each has, nil where there is no such topic
///     describe-configs   the same, completed as {broker b, configs {t {name value}}}: what is set
///                        on each, nil where there is no such topic
/// One description is one answer of one broker, which had not been asked for it twice. It may say
/// `final` true: everything had been healed before it began. Others are left alone.
///
/// A *register* is what can have one value at a time: the shape of a topic (its partitions, or that
/// it is absent), or one configuration of it. To create a topic writes all of them.
#pragma once

#include "checker/history/operation.h"
#include "checker/history/reader.h"

#include <cstdint>
#include <expected>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker::admin {

/// The number of a line that never came: behind all others.
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// The shape of a topic that is not there, and a configuration that is not set.
inline constexpr std::string_view absent = "absent";
inline constexpr std::string_view unset = "unset";

struct write {
    std::string value;
    /// Lines of the history, from 0. What was there before has -1 and -1.
    std::int64_t begun = -1;
    std::int64_t ended = never;
    history::op_type type = history::op_type::info;

    /// When it was certain to have happened, if it was.
    [[nodiscard]] std::int64_t acknowledged() const {
        return type == history::op_type::ok ? ended : never;
    }
};

struct written_register {
    std::string topic;
    /// Empty: the shape.
    std::string config;
    /// By `begun`. Those that failed are left out.
    std::vector<write> writes = {};
    std::vector<write> failed = {};
};

struct shown_value {
    std::size_t of = 0;  ///< Which register.
    std::string value;
};

struct answer {
    std::string broker;
    bool about_configs = false;
    bool final = false;
    std::int64_t begun = 0;
    std::int64_t ended = never;
    std::int64_t begun_at = 0;
    std::vector<shown_value> shown = {};
};

class recording {
  public:
    /// Reads all of it. An operation that never ended is `info`.
    [[nodiscard]] static std::expected<recording, history::malformed> read(
        history::operation_reader& from);

    [[nodiscard]] const std::vector<written_register>& registers() const { return registers_; }
    /// Those that succeeded, in the order in which they ended.
    [[nodiscard]] const std::vector<answer>& answers() const { return answers_; }
    /// Everybody who was asked, by name.
    [[nodiscard]] const std::vector<std::string>& brokers() const { return brokers_; }
    [[nodiscard]] std::uint64_t changes() const { return changes_; }
    [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
    /// The first line that came later than that many nanoseconds.
    [[nodiscard]] std::int64_t first_line_after(std::int64_t time) const;
    /// The `index` of the operation on that line.
    [[nodiscard]] std::int64_t index_of(std::int64_t line) const {
        return lines_[static_cast<std::size_t>(line)].index;
    }

  private:
    friend class recorder;

    struct line_mark {
        std::int64_t index;
        std::int64_t time;
    };

    std::vector<written_register> registers_;
    std::vector<answer> answers_;
    std::vector<std::string> brokers_;
    std::vector<line_mark> lines_;
    std::uint64_t changes_ = 0;
    std::uint64_t acknowledged_ = 0;
};

}  // namespace verdikt::checker::admin

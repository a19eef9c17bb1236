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
/// it is absent), or one configuration of it. To create a topic writes all of them. That a register
/// has a certain value is a *claim*; claims are numbered.
///
/// Memory grows with the lines (8 bytes), claims (25), writes (24) and claims of answers (4).
#pragma once

#include "checker/history/line_indexes.h"
#include "checker/history/operation.h"
#include "checker/history/reader.h"
#include "checker/log/message_table.h"

#include <cstdint>
#include <expected>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker::admin {

using log::none;

/// The number of a line that never came: behind all others.
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// The shape of a topic that is not there, and a configuration that is not set.
inline constexpr std::string_view absent = "absent";
inline constexpr std::string_view unset = "unset";

struct write {
    std::uint32_t claim = none;
    history::op_type type = history::op_type::info;
    /// Lines of the history, from 0. What was there before has -1 and -1.
    std::int64_t begun = -1;
    std::int64_t ended = never;

    /// When it was certain to have happened, if it was.
    [[nodiscard]] std::int64_t acknowledged() const {
        return type == history::op_type::ok ? ended : never;
    }
};

struct written_register {
    std::uint32_t topic = 0;
    /// `none`: the shape.
    std::uint32_t config = none;
    /// Of a shape: that the topic is not there.
    std::uint32_t absent = none;
    /// By `begun`. Those that failed are left out.
    std::vector<write> writes = {};
    std::vector<write> failed = {};

    [[nodiscard]] bool is_shape() const { return config == none; }
};

struct answer {
    std::uint32_t broker = 0;
    bool about_configs = false;
    bool final = false;
    std::uint32_t shown = 0;
    std::uint64_t first_shown = 0;
    std::int64_t begun = 0;
    std::int64_t ended = never;
    std::int64_t begun_at = 0;
};

class recording {
  public:
    /// Reads all of it. An operation that never ended is `info`.
    [[nodiscard]] static std::expected<recording, history::malformed> read(
        history::operation_reader& from);

    [[nodiscard]] const std::vector<written_register>& registers() const { return registers_; }
    /// Those that succeeded, in the order in which they ended.
    [[nodiscard]] const std::vector<answer>& answers() const { return answers_; }
    /// The claims that it makes.
    [[nodiscard]] std::span<const std::uint32_t> shown_in(const answer& which) const {
        return std::span(shown_).subspan(which.first_shown, which.shown);
    }
    [[nodiscard]] std::size_t claims() const { return claims_.size(); }
    [[nodiscard]] std::uint32_t register_of(std::uint32_t claim) const {
        return claims_.partition_of(claim);
    }
    /// How many were asked.
    [[nodiscard]] std::size_t brokers() const { return brokers_.size(); }
    [[nodiscard]] std::string broker_text(std::uint32_t broker) const {
        return brokers_.text_of(broker);
    }
    [[nodiscard]] std::string topic_text(std::uint32_t topic) const {
        return topics_.text_of(topic);
    }
    /// Requires: it is no shape.
    [[nodiscard]] std::string config_text(const written_register& of) const {
        return configs_.text_of(of.config);
    }
    [[nodiscard]] std::string value_text(std::uint32_t claim) const {
        return claims_.text_of(claim);
    }
    [[nodiscard]] std::uint64_t changes() const { return changes_; }
    [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
    /// The first line that came later than that many nanoseconds.
    [[nodiscard]] std::int64_t first_line_after(std::int64_t time) const;
    /// The `index` of the operation on that line.
    [[nodiscard]] std::int64_t index_of(std::int64_t line) const {
        return indexes_.of(static_cast<std::uint32_t>(line));
    }

  private:
    friend class recorder;

    std::vector<written_register> registers_;
    std::vector<answer> answers_;
    std::vector<std::uint32_t> shown_;
    log::name_table brokers_;
    log::name_table topics_;
    log::name_table configs_;
    log::message_table claims_;
    history::line_indexes indexes_;
    std::vector<std::int64_t> times_;  ///< By line.
    std::uint64_t changes_ = 0;
    std::uint64_t acknowledged_ = 0;
};

}  // namespace verdikt::checker::admin

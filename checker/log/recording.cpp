#include "checker/log/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

namespace verdikt::checker::log {

namespace {

using history::datum_view;
using history::op_type;
using history::operation;

std::optional<act> act_of(std::string_view f) {
    constexpr std::array<std::pair<std::string_view, act>, 6> known{{
        {"send", act::send},
        {"poll", act::poll},
        {"txn", act::txn},
        {"assign", act::assign},
        {"subscribe", act::subscribe},
        {"list-offsets", act::list_offsets},
    }};
    const auto found = std::ranges::find(known, f, &std::pair<std::string_view, act>::first);
    if (found == known.end()) return std::nullopt;
    return found->second;
}

/// `acks` as Kafka spells it, as a text or a number.
waited_for acks_of(const operation& line) {
    const auto said = line.more.view().find("acks");
    if (!said) return waited_for::unsaid;
    const bool number = said->is_integer();
    if (said->name() == "0" || (number && said->integer() == 0)) return waited_for::nobody;
    if (said->name() == "1" || (number && said->integer() == 1)) return waited_for::leader;
    const bool all = said->name() == "all" || said->name() == "-1";
    return all || (number && said->integer() == -1) ? waited_for::all : waited_for::unsaid;
}

}  // namespace

/// Turns the lines of a history into rows and events.
class recorder {
  public:
    std::expected<void, std::string> take(const operation& line);
    recording finish();

  private:
    /// An operation that has begun, and what it means to send: that is all we know if it never
    /// ends.
    struct open_operation {
        bool open = false;
        row what;
        std::vector<event> sends;
    };

    std::expected<void, std::string> begin(const operation& line, open_operation& at, act what);
    void end(const operation& line, open_operation& at);
    std::expected<void, std::string> add_events(const operation& line, act what);
    std::expected<void, std::string> add_micro_operations(datum_view value);
    std::expected<void, std::string> add_send(datum_view what);
    std::expected<void, std::string> add_poll(datum_view what);
    std::expected<void, std::string> add_ends(datum_view value);
    void add_partitions(std::optional<datum_view> list, event_kind kind);
    void add_rebalanced(const operation& line);
    void add_stamp(datum_view record);
    std::uint32_t process_of(std::int64_t name);

    recording into_;
    std::unordered_map<std::int64_t, std::uint32_t> processes_;
    std::vector<open_operation> open_;
};

std::uint32_t recorder::process_of(std::int64_t name) {
    const auto [found, fresh] =
        processes_.try_emplace(name, static_cast<std::uint32_t>(open_.size()));
    if (fresh) open_.emplace_back();
    return found->second;
}

std::expected<void, std::string> recorder::take(const operation& line) {
    into_.indexes_.add(line.index);
    const auto what = act_of(line.f);
    if (line.process == history::nemesis_process || !what) return {};
    const std::uint32_t process = process_of(line.process);
    open_operation& at = open_[process];
    if (line.type == op_type::invoke) {
        if (at.open) {
            return std::unexpected(
                fmt::format("process {} begins while its operation of index {} is open",
                            line.process,
                            into_.index_of(at.what.begun)));
        }
        at.what = {.begun = into_.indexes_.last(), .process = process};
        return begin(line, at, *what);
    }
    if (!at.open) {
        return std::unexpected(
            fmt::format("process {} ends an operation that it did not begin", line.process));
    }
    if (at.what.what != *what) {
        return std::unexpected(
            fmt::format("process {} ends another operation than it began", line.process));
    }
    at.what.first_event = static_cast<std::uint32_t>(into_.events_.size());
    if (auto done = add_events(line, *what); !done) return done;
    end(line, at);
    return {};
}

std::expected<void, std::string> recorder::begin(const operation& line,
                                                 open_operation& at,
                                                 act what) {
    at.open = true;
    at.what.what = what;
    at.what.acks = acks_of(line);
    at.sends.clear();
    const std::size_t before = into_.events_.size();
    if (auto done = add_events(line, what); !done) return done;
    for (std::size_t position = before; position < into_.events_.size(); ++position) {
        const event& one = into_.events_[position];
        if (one.kind == event_kind::sent) at.sends.push_back(one);
    }
    into_.events_.resize(before);
    return {};
}

void recorder::end(const operation& line, open_operation& at) {
    row& done = at.what;
    // What failed or is unknown may have been recorded without a value; what it meant to send
    // counts.
    if (into_.events_.size() == done.first_event && line.value.view().size() == 0) {
        into_.events_.insert(into_.events_.end(), at.sends.begin(), at.sends.end());
    }
    add_rebalanced(line);
    add_partitions(line.more.view().find("read-to-end"), event_kind::at_end);
    const auto seek = line.more.view().find("seek-to-beginning?");
    done.from_beginning = seek && seek->what() == history::kind::boolean && seek->boolean();
    if (const auto acks = acks_of(line); acks != waited_for::unsaid) done.acks = acks;
    done.ended = into_.indexes_.last();
    done.type = line.type;
    done.events = static_cast<std::uint32_t>(into_.events_.size()) - done.first_event;
    into_.rows_.push_back(done);
    at.open = false;
}

std::expected<void, std::string> recorder::add_events(const operation& line, act what) {
    switch (what) {
        case act::send:
        case act::poll:
        case act::txn:
            return add_micro_operations(line.value.view());
        case act::assign:
        case act::subscribe:
            add_partitions(line.value.view(), event_kind::held);
            return {};
        case act::list_offsets:
            return line.type == op_type::ok ? add_ends(line.value.view())
                                            : std::expected<void, std::string>();
    }
    return {};
}

std::expected<void, std::string> recorder::add_micro_operations(datum_view value) {
    if (!value.is_vector() && !value.is_nil()) {
        return std::unexpected("a value that is no list of sends and polls");
    }
    for (const datum_view one : value) {
        if (one.size() == 0) return std::unexpected("an empty micro-operation");
        const std::string_view name = one[0].name();
        if (name == "send") {
            if (auto done = add_send(one); !done) return done;
        } else if (name == "poll") {
            if (auto done = add_poll(one); !done) return done;
        } else {
            return std::unexpected("a micro-operation that is neither send nor poll");
        }
    }
    return {};
}

// [:send k v], [:send k [offset v]]: told where it lies, or not.
std::expected<void, std::string> recorder::add_send(datum_view what) {
    if (what.size() != 3) return std::unexpected("a send that is not [send k v]");
    const std::uint32_t partition = into_.partitions_.number_of(what[1]);
    datum_view value = what[2];
    event sent{.kind = event_kind::sent};
    if (value.is_vector() && value.size() >= 2) {
        const datum_view offset = value[0];
        if (offset.is_integer()) sent.offset = offset.integer();
        value = value[1];
    }
    sent.subject = into_.messages_.number_of(partition, value);
    into_.events_.push_back(sent);
    return {};
}

// [:poll {k [[offset v] …] …}]; nothing was polled where the map is absent.
std::expected<void, std::string> recorder::add_poll(datum_view what) {
    if (what.size() == 1 || (what.size() == 2 && what[1].is_nil())) return {};
    const datum_view polled = what[1];
    if (!polled.is_map()) return std::unexpected("a poll that is not [poll {k [[offset v] …]}]");
    for (auto at = polled.begin(); at != polled.end(); ++at) {
        const std::uint32_t partition = into_.partitions_.number_of(*at++);
        for (const datum_view record : *at) {
            if (record.size() < 2 || !record[0].is_integer()) {
                return std::unexpected("a polled record that is not [offset v]");
            }
            const datum_view value = *std::next(record.begin());
            into_.events_.push_back({.offset = record[0].integer(),
                                     .subject = into_.messages_.number_of(partition, value),
                                     .kind = event_kind::polled});
            if (record.size() > 2) add_stamp(record);
        }
    }
    return {};
}

void recorder::add_stamp(datum_view record) {
    stamp extra{.event = static_cast<std::uint32_t>(into_.events_.size() - 1)};
    if (record[2].is_integer()) extra.epoch = static_cast<std::int32_t>(record[2].integer());
    if (record.size() > 3 && record[3].is_integer()) extra.timestamp = record[3].integer();
    into_.stamps_.push_back(extra);
}

std::expected<void, std::string> recorder::add_ends(datum_view value) {
    if (!value.is_map()) return std::unexpected("end offsets that are not {k end}");
    for (auto at = value.begin(); at != value.end(); ++at) {
        const std::uint32_t partition = into_.partitions_.number_of(*at++);
        if (!(*at).is_integer()) return std::unexpected("an end offset that is no integer");
        into_.events_.push_back(
            {.offset = (*at).integer(), .subject = partition, .kind = event_kind::end_offset});
    }
    return {};
}

void recorder::add_partitions(std::optional<datum_view> list, event_kind kind) {
    if (!list || !list->is_vector()) return;
    for (const datum_view partition : *list) {
        into_.events_.push_back({.subject = into_.partitions_.number_of(partition), .kind = kind});
    }
}

// [{:keys [k …]} …]
void recorder::add_rebalanced(const operation& line) {
    const auto log = line.more.view().find("rebalance-log");
    if (!log || !log->is_vector()) return;
    for (const datum_view change : *log)
        add_partitions(change.find("keys"), event_kind::rebalanced);
}

recording recorder::finish() {
    // Those that never ended, in the order in which they began.
    std::vector<open_operation*> rest;
    for (open_operation& at : open_) {
        if (at.open) rest.push_back(&at);
    }
    std::ranges::sort(rest, {}, [](const open_operation* at) { return at->what.begun; });
    for (open_operation* at : rest) {
        at->what.first_event = static_cast<std::uint32_t>(into_.events_.size());
        at->what.events = static_cast<std::uint32_t>(at->sends.size());
        into_.events_.insert(into_.events_.end(), at->sends.begin(), at->sends.end());
        into_.rows_.push_back(at->what);
    }
    into_.processes_ = static_cast<std::uint32_t>(open_.size());
    into_.messages_.release_search();
    return std::move(into_);
}

std::expected<recording, history::malformed> recording::read(history::operation_reader& from) {
    recorder all;
    const auto done =
        history::for_each_operation(from, [&all](const operation& line) { return all.take(line); });
    if (!done) return std::unexpected(done.error());
    return all.finish();
}

}  // namespace verdikt::checker::log

#include "checker/availability/availability.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace verdikt::checker::availability {

namespace {

using history::datum_view;
using history::op_type;
using history::operation;

/// What a client does on its own, or notes down.
constexpr std::array needs_no_cluster{
    "assign", "subscribe", "unsubscribe", "crash", "topics", "create", "debug-topic-partitions"};
/// What changes something without micro-operations that say so.
constexpr std::array changes{"create-topic",
                             "create-partitions",
                             "alter-configs",
                             "delete-topic",
                             "delete-records",
                             "commit"};
/// The micro-operations that write to a partition.
constexpr std::array writing_words{"send", "append", "w"};

constexpr std::size_t proof_max = 4;

template <typename List>
bool has(const List& words, std::string_view one) {
    return std::ranges::find(words, one) != words.end();
}

std::string text_of(datum_view key) {
    return key.is_integer() ? fmt::format("{}", key.integer()) : std::string(key.name());
}

/// Gives the key of each write that a value tells.
template <typename Take>
void each_write(datum_view value, Take take) {
    if (!value.is_vector()) return;
    for (const datum_view step : value) {
        if (!step.is_vector() || step.size() < 2) continue;
        if (has(writing_words, step[0].name())) take(text_of(step[1]));
    }
}

bool has_records(datum_view polled) {
    for (const datum_view part : polled) {
        if (part.is_map()) {
            std::size_t at = 0;
            for (const datum_view one : part) {
                if (at++ % 2 == 1 && one.size() > 0) return true;
            }
        } else if (part.is_vector() && has_records(part)) {
            return true;
        }
    }
    return false;
}

answer answer_of(const operation& line) {
    if (line.type != op_type::ok) return answer::refusal;
    if (line.f == "poll" && !has_records(line.value.view())) return answer::nothing;
    return answer::success;
}

/// A service's answers stand in the order of the moments; afterwards in that of disturbances.
service rearranged(service one, const std::vector<std::size_t>& places) {
    std::vector<std::optional<delay>> sorted(places.size());
    for (std::size_t at = 0; at < places.size(); ++at) sorted[places[at]] = one.from_moments[at];
    one.from_moments = std::move(sorted);
    return one;
}

}  // namespace

watch::watch(std::vector<disturbance> disturbances) : disturbances_(std::move(disturbances)) {
    const auto time_of = [this](std::size_t place) {
        const disturbance& of = disturbances_[place / 2];
        return place % 2 == 0 ? of.from : of.healed;
    };
    moment_places_.resize(2 * disturbances_.size());
    for (std::size_t at = 0; at < moment_places_.size(); ++at) moment_places_[at] = at;
    std::ranges::sort(moment_places_, {}, time_of);
    for (const std::size_t place : moment_places_) moments_.push_back(time_of(place));
    for (const disturbance& one : disturbances_) healed_at_ = std::max(healed_at_, one.healed);
    writes_ = &watches_.emplace_back("writes", moments_);
    all_ = &watches_.emplace_back("everything", moments_);
}

void watch::take(const operation& line) {
    now_ = std::max(now_, line.time);
    if (line.process == history::nemesis_process || has(needs_no_cluster, line.f)) return;
    if (line.type == op_type::invoke) return begin(line);
    const auto found = by_process_.find(line.process);
    if (found == by_process_.end() || !found->second.open) return;
    end(found->second, answer_of(line));
}

void watch::begin(const operation& line) {
    seat& who = by_process_[line.process];
    // A history that leaves out an end: nobody knows how it ended.
    if (who.open) end(who, answer::refusal);
    who.open = true;
    who.begun = now_;
    who.asks.assign({all_});
    if (service_watch* const kind = kind_of(line.f)) who.asks.push_back(kind);
    who.writes = has(changes, line.f);
    ask_for_partitions(line, who);
    if (who.writes) {
        who.asks.push_back(writes_);
        note_write(line.index);
    }
    for (service_watch* const each : who.asks) each->begin(now_);
}

void watch::ask_for_partitions(const operation& line, seat& who) {
    each_write(line.value.view(), [&](const std::string& key) {
        who.writes = true;
        service_watch* const partition = partition_of(key);
        if (partition == nullptr || std::ranges::find(who.asks, partition) != who.asks.end()) {
            return;
        }
        who.asks.push_back(partition);
    });
}

void watch::end(seat& who, answer how) {
    for (service_watch* const each : who.asks) each->end(who.begun, now_, how);
    who.open = false;
    if (who.writes && how == answer::success && who.begun >= healed_at_) {
        wrote_since_ = true;
        unanswered_writes_.clear();
    }
}

service_watch* watch::kind_of(const std::string& f) {
    const auto found = kinds_.find(f);
    if (found != kinds_.end()) return found->second;
    if (kinds_.size() >= kinds_max) return nullptr;
    return kinds_[f] = &watches_.emplace_back(f, moments_);
}

service_watch* watch::partition_of(const std::string& key) {
    const auto found = partitions_.find(key);
    if (found != partitions_.end()) return found->second;
    if (partitions_.size() >= partitions_max) return nullptr;
    return partitions_[key] = &watches_.emplace_back(key, moments_);
}

void watch::note_write(std::int64_t index) {
    if (wrote_since_ || now_ < healed_at_ || unanswered_writes_.size() >= proof_max) return;
    unanswered_writes_.push_back(index);
}

measured watch::finish() {
    measured made;
    for (const auto& [f, one] : kinds_) {
        made.kinds.push_back(rearranged(one->finish(now_), moment_places_));
    }
    for (const auto& [key, one] : partitions_) {
        made.partitions.push_back(rearranged(one->finish(now_), moment_places_));
    }
    made.writes = rearranged(writes_->finish(now_), moment_places_);
    made.all = rearranged(all_->finish(now_), moment_places_);
    made.disturbances = std::move(disturbances_);
    made.unanswered_writes = std::move(unanswered_writes_);
    return made;
}

std::expected<measured, history::malformed> measure(history::operation_reader& history,
                                                    std::vector<disturbance> disturbances) {
    watch watching(std::move(disturbances));
    operation line;
    while (true) {
        const auto more = history.next(line);
        if (!more) return std::unexpected(more.error());
        if (!*more) return watching.finish();
        watching.take(line);
    }
}

std::expected<bool, history::malformed> watched_reader::next(operation& into) {
    auto more = from_.next(into);
    if (more && *more) by_.take(into);
    return more;
}

}  // namespace verdikt::checker::availability

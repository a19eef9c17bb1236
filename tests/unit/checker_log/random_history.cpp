#include "tests/unit/checker_log/random_history.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <random>
#include <string>

namespace verdikt::checker::log {

namespace {

using history::op_type;
using history::operation;

struct record {
    std::int64_t offset;
    std::int64_t value;
    std::int64_t epoch;
    std::int64_t timestamp;
};

/// What may go wrong; each is drawn on or off for a whole history.
enum class trouble : std::uint8_t {
    lose,
    store_twice,
    reuse_offset,
    show_aborted,
    tear,
    skip,
    rewind,
    invent,
    read_own,
    vanish,
    fall_in_epoch,
    forget_end,
    swap_acknowledgements,
    /// A transaction's messages are there while it is still open.
    show_open,
    /// A poll returns what will be sent later only.
    foresee,
    count,
};

struct send {
    std::int64_t partition;
    std::int64_t value;
    std::int64_t offset = -1;
};

struct process {
    std::int64_t name = 0;
    bool busy = false;
    /// Its sends do not wait for all replicas, and some are lost: nothing promised them.
    bool weak = false;
    std::string f;
    std::vector<send> sends;
    /// They are in the log already, though the operation has not ended.
    bool stored = false;
    std::vector<std::int64_t> wanted;
    /// Of the assignment that is under way, and of the last one that succeeded.
    bool seeks = false;
    bool from_beginning = false;
    /// How many records of each partition were read; of those that are held.
    std::map<std::int64_t, std::size_t> positions;
};

class generator {
  public:
    explicit generator(std::uint64_t seed) : random_(seed) {
        partitions_ = 1 + pick(3);
        logs_.resize(partitions_);
        processes_.resize(2 + pick(4));
        some_are_weak_ = pick(3) == 0;
        for (process& one : processes_) renew(one);
        const bool clean = pick(4) == 0;
        for (bool& on : troubles_) on = !clean && pick(6) == 0;
        marks_ = pick(3) == 0;
        unknown_ = pick(2) == 0;
        result_.clean = std::ranges::none_of(troubles_, std::identity());
    }

    random_history run() {
        for (std::size_t steps = 10 + pick(70); steps > 0; --steps) {
            process& one = processes_[pick(processes_.size())];
            one.busy ? complete(one) : begin(one);
        }
        // Without that, what nobody happened to read would look lost.
        if (result_.clean || pick(2) == 0) read_all();
        return std::move(result_);
    }

  private:
    std::size_t pick(std::size_t below) { return random_() % below; }
    bool happens(trouble what) { return troubles_[static_cast<std::size_t>(what)] && pick(4) == 0; }

    void renew(process& one) {
        one = {};
        one.name = next_process_++;
        one.weak = some_are_weak_ && pick(2) == 0;
    }

    operation& line(const process& of, op_type type) {
        operation& one = result_.operations.emplace_back();
        one.index = static_cast<std::int64_t>(result_.operations.size() - 1);
        one.time = one.index * 1000;
        one.process = of.name;
        one.type = type;
        one.f = of.f;
        return one;
    }

    void begin(process& one) {
        constexpr std::array<std::string_view, 9> acts{
            "send", "send", "send", "poll", "poll", "txn", "assign", "subscribe", "list-offsets"};
        one.f = acts[pick(acts.size())];
        one.sends.clear();
        if (one.f == "send" || one.f == "txn") {
            for (std::size_t count = 1 + pick(3); count > 0; --count) {
                one.sends.push_back({any_partition(), next_value_++});
            }
            if (!foreseen_.empty()) {
                one.sends.back() = foreseen_.back();
                foreseen_.pop_back();
            }
        }
        one.wanted.clear();
        for (std::size_t at = 0; at < partitions_; ++at) {
            if (pick(3) > 0) one.wanted.push_back(static_cast<std::int64_t>(at));
        }
        one.seeks = pick(3) == 0;
        one.busy = true;
        operation& written = line(one, op_type::invoke);
        write_value(one, written.value, {});
        if (is_assignment(one)) write_seek(one, written);
        if (one.f == "send" && some_are_weak_) write_acks(one, written);
        one.stored = false;
        const bool early = one.f == "send" ? pick(2) == 0 : happens(trouble::show_open);
        if (early && !one.sends.empty()) store(one);
    }

    void read_all() {
        process last;
        last.name = next_process_++;
        last.f = "assign";
        last.seeks = true;
        for (std::size_t at = 0; at < partitions_; ++at) {
            last.wanted.push_back(static_cast<std::int64_t>(at));
        }
        operation& assigned = line(last, op_type::invoke);
        write_value(last, assigned.value, {});
        write_seek(last, assigned);
        take(last);
        last.f = "poll";
        for (std::size_t polls = 0; polls < 60; ++polls) {
            write_value(last, line(last, op_type::invoke).value, {});
            const std::vector<polled> records = read(last);
            operation& written = line(last, op_type::ok);
            write_value(last, written.value, records);
            write_ends(last, written);
            if (records.empty()) break;
        }
    }

    static bool is_assignment(const process& one) {
        return one.f == "assign" || one.f == "subscribe";
    }

    std::int64_t any_partition() { return static_cast<std::int64_t>(pick(partitions_)); }

    void complete(process& one) {
        one.busy = false;
        const std::size_t fate = pick(10);
        if (fate == 0 && !one.stored) return fail(one);
        if (fate == 1 && unknown_) return give_up(one);
        if (is_assignment(one)) return take(one);
        if (one.f == "list-offsets") return list_offsets(one);
        const bool own = happens(trouble::read_own);
        if (own) store(one);
        std::vector<polled> records;
        if (one.f != "send") records = read(one);
        if (!own) store(one);
        operation& written = line(one, op_type::ok);
        write_value(one, written.value, records);
        if (one.f != "send") write_ends(one, written);
    }

    void fail(process& one) {
        if (happens(trouble::show_aborted)) store(one);
        for (send& each : one.sends) each.offset = -1;
        operation& written = line(one, op_type::fail);
        write_value(one, written.value, {});
    }

    // Nobody knows whether it happened; a fresh process takes over.
    void give_up(process& one) {
        if (!one.sends.empty() && pick(2) == 0) {
            store(one);
            auto& log = logs_[static_cast<std::size_t>(one.sends.back().partition)];
            if (happens(trouble::tear) && !log.empty()) log.pop_back();
        }
        if (pick(2) == 0) {
            for (send& each : one.sends) each.offset = -1;
        }
        if (pick(4) > 0) {
            operation& written = line(one, op_type::info);
            write_value(one, written.value, {});
        }
        renew(one);
    }

    void take(process& one) {
        std::map<std::int64_t, std::size_t> held;
        for (const std::int64_t partition : one.wanted) {
            const auto before = one.positions.find(partition);
            held[partition] = before == one.positions.end() ? 0 : before->second;
            // Subscribers resume wherever the group was.
            const std::size_t size = logs_[static_cast<std::size_t>(partition)].size();
            if (one.f == "subscribe") held[partition] = pick(size + 1);
            if (one.seeks) held[partition] = 0;
        }
        one.positions = std::move(held);
        one.from_beginning = one.seeks;
        operation& written = line(one, op_type::ok);
        write_value(one, written.value, {});
        write_seek(one, written);
    }

    void list_offsets(process& one) {
        operation& written = line(one, op_type::ok);
        written.value.open_map();
        for (std::size_t at = 0; at < partitions_; ++at) {
            std::int64_t end = logs_[at].empty() ? 0 : logs_[at].back().offset + 1;
            if (happens(trouble::forget_end)) end -= 3;
            written.value.add_integer(static_cast<std::int64_t>(at));
            written.value.add_integer(end);
        }
        written.value.close();
    }

    void store(process& one) {
        if (one.stored) return;
        one.stored = true;
        for (send& each : one.sends) {
            auto& log = logs_[static_cast<std::size_t>(each.partition)];
            std::int64_t next = log.empty() ? 0 : log.back().offset + 1;
            if (pick(8) == 0) next += 2;
            each.offset = next;
            if (one.weak && one.f == "send" && pick(5) == 0) continue;
            if (happens(trouble::lose)) {
                log.push_back({next, -1, epoch_, next_value_});
                continue;
            }
            if (happens(trouble::reuse_offset) && !log.empty()) each.offset = log.back().offset;
            if (pick(5) == 0) ++epoch_;
            const bool falls = happens(trouble::fall_in_epoch);
            const std::int64_t epoch = falls ? epoch_ - 1 : epoch_;
            log.push_back({each.offset, each.value, epoch, falls ? 1 : next_value_});
            if (happens(trouble::store_twice)) {
                log.push_back({each.offset + 1, each.value, epoch, next_value_});
            }
        }
        if (one.sends.size() > 1 && happens(trouble::swap_acknowledgements)) {
            std::swap(one.sends.front().offset, one.sends.back().offset);
        }
    }

    struct polled {
        std::int64_t partition;
        record what;
    };

    std::vector<polled> read(process& one) {
        std::vector<polled> records;
        for (auto& [partition, position] : one.positions) {
            auto& log = logs_[static_cast<std::size_t>(partition)];
            if (happens(trouble::rewind) && position > 0) --position;
            // At least one if there is any: an empty poll shows that all was read.
            for (std::size_t count = 1 + pick(4); count > 0 && position < log.size(); --count) {
                if (happens(trouble::vanish)) log[position].value = -1;
                if (happens(trouble::skip)) ++position;
                while (position < log.size() && log[position].value == -1) ++position;
                if (position < log.size()) records.push_back({partition, log[position++]});
            }
            if (happens(trouble::foresee)) {
                foreseen_.push_back({partition, next_value_++});
                const std::int64_t end = log.empty() ? 0 : log.back().offset + 1;
                records.push_back({partition, {end, foreseen_.back().value, epoch_, next_value_}});
            }
            if (happens(trouble::invent)) {
                records.push_back(
                    {partition, {100 + static_cast<std::int64_t>(pick(5)), 9000, 1, 1}});
            }
        }
        return records;
    }

    void write_value(const process& one, history::datum& into, const std::vector<polled>& records) {
        into.open_vector();
        if (is_assignment(one)) {
            for (const std::int64_t partition : one.wanted) into.add_integer(partition);
        }
        for (const send& each : one.sends) {
            into.open_vector();
            into.add_keyword("send");
            into.add_integer(each.partition);
            if (each.offset >= 0) {
                into.open_vector();
                into.add_integer(each.offset);
            }
            into.add_integer(each.value);
            if (each.offset >= 0) into.close();
            into.close();
        }
        if (one.f == "poll" || one.f == "txn") write_poll(into, records);
        into.close();
    }

    void write_poll(history::datum& into, const std::vector<polled>& records) const {
        into.open_vector();
        into.add_keyword("poll");
        into.open_map();
        for (std::size_t at = 0; at < records.size();) {
            const std::int64_t partition = records[at].partition;
            into.add_integer(partition);
            into.open_vector();
            for (; at < records.size() && records[at].partition == partition; ++at) {
                into.open_vector();
                into.add_integer(records[at].what.offset);
                into.add_integer(records[at].what.value);
                if (marks_) {
                    into.add_integer(records[at].what.epoch);
                    into.add_integer(records[at].what.timestamp);
                }
                into.close();
            }
            into.close();
        }
        into.close();
        into.close();
    }

    static void write_acks(const process& one, operation& into) {
        into.more.open_map();
        into.more.add_keyword("acks");
        into.more.add_text(one.weak ? "1" : "all");
        into.more.close();
    }

    static void write_seek(const process& one, operation& into) {
        into.more.open_map();
        into.more.add_keyword("seek-to-beginning?");
        into.more.add_boolean(one.seeks);
        into.more.close();
    }

    void write_ends(const process& one, operation& into) {
        if (!one.from_beginning || pick(2) == 0) return;
        into.more.open_map();
        into.more.add_keyword("read-to-end");
        into.more.open_vector();
        for (const auto& [partition, position] : one.positions) {
            const std::size_t size = logs_[static_cast<std::size_t>(partition)].size();
            if (position >= size) into.more.add_integer(partition);
        }
        into.more.close();
        into.more.close();
    }

    std::mt19937_64 random_;
    std::size_t partitions_ = 1;
    std::vector<std::vector<record>> logs_;
    std::vector<process> processes_;
    std::array<bool, static_cast<std::size_t>(trouble::count)> troubles_{};
    bool marks_ = false;
    bool unknown_ = false;
    bool some_are_weak_ = false;
    std::int64_t next_process_ = 0;
    std::int64_t next_value_ = 1;
    std::int64_t epoch_ = 1;
    /// Polled, and not sent yet.
    std::vector<send> foreseen_;
    random_history result_;
};

}  // namespace

random_history draw_history(std::uint64_t seed) {
    return generator(seed).run();
}

}  // namespace verdikt::checker::log

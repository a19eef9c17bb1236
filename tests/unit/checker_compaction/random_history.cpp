#include "tests/unit/checker_compaction/random_history.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace verdikt::checker::compaction {

namespace {

using history::op_type;
using history::operation;

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t tombstones_kept = 3'000 * millisecond;
constexpr std::int64_t records_kept = 4'000 * millisecond;

struct stored {
    std::int64_t offset;
    std::int64_t key;
    std::int64_t number;
    bool tombstone;
    std::int64_t time;
    /// Of a tombstone that the cleaner has met: when it may go.
    std::int64_t horizon = -1;
};

enum class trouble : std::uint8_t {
    drop_newest,
    drop_tombstone_early,
    bring_back,
    delete_young,
    forget_start,
    invent,
    show_failed,
    lose,
    count,
};

struct partition {
    bool compacted = true;
    std::vector<compaction::stored> log;
    std::int64_t next = 0;
    std::int64_t start = 0;
    /// What compaction has removed.
    std::vector<compaction::stored> removed;
};

struct send {
    std::int64_t to;
    std::int64_t key;
    std::int64_t number;
    bool tombstone;
    std::int64_t offset = -1;
};

struct process {
    std::int64_t name = 0;
    bool busy = false;
    std::string f;
    std::vector<send> sends = {};
    bool stored = false;
    std::int64_t target = 0;
    std::int64_t before = 0;
    std::int64_t start = 0;
    std::int64_t end = 0;
    /// How far it has read.
    std::int64_t position = 0;
    std::vector<compaction::stored> read = {};
};

class generator {
  public:
    explicit generator(std::uint64_t seed) : random_(seed) {
        partitions_.resize(1 + pick(3));
        for (partition& one : partitions_) one.compacted = pick(3) > 0;
        keys_ = 1 + static_cast<std::int64_t>(pick(4));
        for (std::size_t count = 2 + pick(4); count > 0; --count) {
            processes_.push_back({.name = next_process_++});
        }
        const bool clean = pick(4) == 0;
        for (bool& on : troubles_) on = !clean && pick(5) == 0;
        unknown_ = pick(2) == 0;
        result_.clean = std::ranges::none_of(troubles_, std::identity());
    }

    random_history run() {
        create();
        for (std::size_t steps = 10 + pick(90); steps > 0; --steps) {
            if (pick(3) == 0) clean_somewhere();
            if (pick(6) == 0) come_late();
            process& one = processes_[pick(processes_.size())];
            one.busy ? complete(one) : begin(one);
        }
        if (result_.clean || pick(2) == 0) read_all();
        return std::move(result_);
    }

  private:
    std::size_t pick(std::size_t below) { return random_() % below; }
    bool happens(trouble what) { return troubles_[static_cast<std::size_t>(what)] && pick(4) == 0; }
    partition& of(std::int64_t number) { return partitions_[static_cast<std::size_t>(number)]; }

    operation& line(const process& by, op_type type) {
        now_ += static_cast<std::int64_t>(pick(200)) * millisecond;
        operation& one = result_.operations.emplace_back();
        one.index = static_cast<std::int64_t>(result_.operations.size() - 1);
        one.time = now_;
        one.process = by.name;
        one.type = type;
        one.f = by.f;
        return one;
    }

    void create() {
        process maker{.name = next_process_++, .f = "create"};
        for (const op_type type : {op_type::invoke, op_type::ok}) {
            history::datum& value = line(maker, type).value;
            value.open_map();
            for (std::size_t at = 0; at < partitions_.size(); ++at) {
                value.add_integer(static_cast<std::int64_t>(at));
                value.open_map();
                value.add_keyword("cleanup.policy");
                value.add_text(partitions_[at].compacted ? "compact" : "delete");
                value.add_keyword("delete.retention.ms");
                value.add_integer(tombstones_kept / millisecond);
                value.add_keyword("retention.ms");
                value.add_integer(partitions_[at].compacted ? -1 : records_kept / millisecond);
                value.close();
            }
            value.close();
        }
    }

    // ---- Processes.

    void begin(process& one) {
        constexpr std::array<std::string_view, 8> acts{
            "send", "send", "send", "send", "send", "scan", "scan", "delete-records"};
        one.f = acts[pick(acts.size())];
        one.target = static_cast<std::int64_t>(pick(partitions_.size()));
        one.busy = true;
        one.stored = false;
        operation& written = line(one, op_type::invoke);
        if (one.f == "send") {
            draw_sends(one);
            write_sends(one, written.value);
            if (pick(2) == 0) store(one);
        } else if (one.f == "scan") {
            one.start = of(one.target).start;
            if (happens(trouble::forget_start))
                one.start = std::max<std::int64_t>(0, one.start - 3);
            one.end = of(one.target).next;
            one.read.clear();
            one.position = 0;
            read_on(one, static_cast<std::int64_t>(pick(20)));
            write_scan(one, written, {});
        } else {
            one.before = static_cast<std::int64_t>(pick(8)) + of(one.target).start;
            write_pair(one, written.value, one.before);
        }
    }

    void draw_sends(process& one) {
        one.sends.clear();
        for (std::size_t count = 1 + pick(2); count > 0; --count) {
            one.sends.push_back({.to = static_cast<std::int64_t>(pick(partitions_.size())),
                                 .key = static_cast<std::int64_t>(pick(keys_)),
                                 .number = next_number_++,
                                 .tombstone = pick(3) == 0});
        }
    }

    void complete(process& one) {
        one.busy = false;
        const std::size_t fate = pick(10);
        if (fate == 0 && !one.stored) return fail(one);
        if (fate == 1 && unknown_) return give_up(one);
        if (one.f == "scan") return end_scan(one);
        if (one.f == "send") {
            store(one);
            write_sends(one, line(one, op_type::ok).value);
            return;
        }
        delete_records(one);
        write_pair(one, line(one, op_type::ok).value, of(one.target).start);
    }

    void fail(process& one) {
        if (one.f == "send" && happens(trouble::show_failed)) store(one);
        for (send& each : one.sends) each.offset = -1;
        write_intent(one, line(one, op_type::fail));
    }

    void give_up(process& one) {
        if (pick(2) == 0) {
            happen(one);
        } else if (pick(2) == 0) {
            late_.push_back(one);
        }
        if (pick(2) == 0) {
            for (send& each : one.sends) each.offset = -1;
        }
        if (pick(4) > 0) write_intent(one, line(one, op_type::info));
        one = {.name = next_process_++};
    }

    void happen(process& one) {
        if (one.f == "send") store(one);
        if (one.f == "delete-records") delete_records(one);
    }

    /// What somebody gave up on long ago.
    void come_late() {
        if (late_.empty()) return;
        happen(late_.back());
        late_.pop_back();
    }

    void write_intent(const process& one, operation& into) {
        if (one.f == "send") write_sends(one, into.value);
        if (one.f == "scan") write_scan(one, into, {});
        if (one.f == "delete-records") write_pair(one, into.value, one.before);
    }

    void store(process& one) {
        if (one.stored) return;
        one.stored = true;
        for (send& each : one.sends) {
            partition& to = of(each.to);
            each.offset = to.next++;
            if (pick(8) == 0) ++to.next;
            if (happens(trouble::lose)) continue;
            to.log.push_back({each.offset, each.key, each.number, each.tombstone, now_});
        }
    }

    // ---- Reading.

    /// Up to, not including, `until`.
    void read_on(process& one, std::int64_t until) {
        for (const stored& each : of(one.target).log) {
            if (each.offset >= one.position && each.offset < until) one.read.push_back(each);
        }
        one.position = std::max(one.position, until);
    }

    void end_scan(process& one) {
        read_on(one, one.end + static_cast<std::int64_t>(pick(3)));
        if (happens(trouble::invent)) one.read.push_back({one.end + 7, 0, 9000, false, now_});
        write_scan(one, line(one, op_type::ok), one.read);
    }

    void read_all() {
        for (std::size_t at = 0; at < partitions_.size(); ++at) {
            process last{.name = next_process_++, .f = "scan"};
            last.target = static_cast<std::int64_t>(at);
            write_scan(last, line(last, op_type::invoke), {});
            last.start = of(last.target).start;
            last.end = of(last.target).next;
            end_scan(last);
        }
    }

    // ---- The cleaner.

    void clean_somewhere() {
        partition& here = partitions_[pick(partitions_.size())];
        here.compacted ? compact(here) : delete_old(here);
    }

    void compact(partition& here) {
        if (happens(trouble::bring_back)) return bring_back(here);
        const auto clean_end = static_cast<std::int64_t>(pick(here.next + 1));
        std::vector<stored> kept;
        for (stored& each : here.log) {
            const bool cleaned = each.offset < clean_end;
            const bool displaced = std::ranges::any_of(here.log, [&](const stored& other) {
                return other.key == each.key && other.offset > each.offset &&
                       other.offset < clean_end;
            });
            bool goes = cleaned && displaced;
            if (cleaned && each.tombstone) {
                if (each.horizon < 0) each.horizon = now_ + tombstones_kept;
                goes = goes || each.horizon < now_ || happens(trouble::drop_tombstone_early);
            }
            if (cleaned && happens(trouble::drop_newest)) goes = true;
            (goes ? here.removed : kept).push_back(each);
        }
        here.log = std::move(kept);
    }

    void bring_back(partition& here) {
        if (here.removed.empty()) return;
        here.log.push_back(here.removed[pick(here.removed.size())]);
        std::ranges::sort(here.log, {}, &stored::offset);
    }

    void delete_old(partition& here) {
        const bool early = happens(trouble::delete_young);
        while (!here.log.empty() && (early || now_ - here.log.front().time > records_kept)) {
            here.start = here.log.front().offset + 1;
            here.log.erase(here.log.begin());
            if (early && pick(2) == 0) break;
        }
    }

    void delete_records(process& one) {
        partition& here = of(one.target);
        here.start = std::max(here.start, std::min(one.before, here.next));
        std::erase_if(here.log, [&](const stored& each) { return each.offset < here.start; });
    }

    // ---- Writing down.

    static void write_record(history::datum& into,
                             std::int64_t key,
                             std::int64_t number,
                             bool gone) {
        into.open_vector();
        into.add_integer(key);
        into.add_integer(number);
        if (gone) into.add_text("deleted");
        into.close();
    }

    static void write_sends(const process& one, history::datum& into) {
        into.open_vector();
        for (const send& each : one.sends) {
            into.open_vector();
            into.add_keyword("send");
            into.add_integer(each.to);
            if (each.offset >= 0) {
                into.open_vector();
                into.add_integer(each.offset);
            }
            write_record(into, each.key, each.number, each.tombstone);
            if (each.offset >= 0) into.close();
            into.close();
        }
        into.close();
    }

    static void write_scan(const process& one, operation& into, const std::vector<stored>& read) {
        into.value.open_vector();
        into.value.open_vector();
        into.value.add_keyword("poll");
        into.value.open_map();
        into.value.add_integer(one.target);
        into.value.open_vector();
        for (const stored& each : read) {
            into.value.open_vector();
            into.value.add_integer(each.offset);
            write_record(into.value, each.key, each.number, each.tombstone);
            into.value.close();
        }
        into.value.close();
        into.value.close();
        into.value.close();
        into.value.close();
        into.more.open_map();
        into.more.add_keyword("start");
        into.more.add_integer(one.start);
        into.more.add_keyword("end");
        into.more.add_integer(one.end);
        into.more.close();
    }

    static void write_pair(const process& one, history::datum& into, std::int64_t what) {
        into.open_map();
        into.add_integer(one.target);
        into.add_integer(what);
        into.close();
    }

    std::mt19937_64 random_;
    std::vector<partition> partitions_;
    std::vector<process> processes_;
    std::vector<process> late_;
    std::array<bool, static_cast<std::size_t>(trouble::count)> troubles_{};
    std::int64_t keys_ = 1;
    bool unknown_ = false;
    std::int64_t now_ = 0;
    std::int64_t next_process_ = 0;
    std::int64_t next_number_ = 1;
    random_history result_;
};

}  // namespace

random_history draw_history(std::uint64_t seed) {
    return generator(seed).run();
}

}  // namespace verdikt::checker::compaction
